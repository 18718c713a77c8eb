import type { Logger } from 'pino';
import { ConfigurationError, definitionPath, setEnabled } from '../config/index.js';
import type { ForeignFiles } from '../files/index.js';
import { DefinitionTexts } from './texts.js';

export interface EnabledParts {
  readonly stateDir: string;
  readonly files: ForeignFiles;
  readonly log: Pick<Logger, 'error'>;
}

/** `enable` and `disable` of an operator. What cannot be written is told in the log, and stays. */
export async function writeEnabled(
  { stateDir, files, log }: EnabledParts,
  service: string,
  enabled: boolean,
): Promise<void> {
  try {
    const file = definitionPath(stateDir, service);
    const hung = await new DefinitionTexts(stateDir, files).hung([file]);
    if (hung !== null) throw new ConfigurationError(file, [hung]);
    await setEnabled(stateDir, service, enabled);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    log.error({ service }, `${service} stays as it was: ${error.message}`);
  }
}
