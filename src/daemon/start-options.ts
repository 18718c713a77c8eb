import type { Logger } from 'pino';
import type { Configuration } from '../config/index.js';

export interface StartOptions {
  readonly configuration: Configuration;
  readonly configFile: string;
  readonly softwareVersion: string;
  readonly log: Logger;
}
