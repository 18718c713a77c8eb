import {
  checkStateDir,
  definitionPath,
  definitionWarnings,
  loadConfiguration,
  loadDefinitions,
} from '../config/index.js';
import { readTlsFiles } from '../http/index.js';
import { readTrustKeys } from '../trust/index.js';

export interface ConfigurationCheck {
  /** A sentence each; empty: all is well. */
  readonly problems: readonly string[];
  /** The same of what works, and hardly does what was meant. */
  readonly warnings: readonly string[];
  /** What was read, for people. */
  readonly summary: string;
}

/** Reads what the daemon would read at its start, and changes nothing. Throws a ConfigurationError. */
export function checkConfiguration(configFile: string): ConfigurationCheck {
  const { cluster, node, stateDir, servicesDir, web, trust, trustDir } = loadConfiguration(configFile);
  checkStateDir(configFile, stateDir);
  if (web?.tls) readTlsFiles(configFile, web.tls, Date.now());
  if (trust !== 'off') readTrustKeys(trustDir);
  const { definitions, errors } = loadDefinitions(stateDir, servicesDir);
  const names = definitions.map(({ name }) => name);
  const services = names.length === 0 ? 'no services' : `services: ${names.join(', ')}`;
  return {
    problems: errors.map(({ file, message }) => `${file}: ${message}`),
    warnings: definitionWarnings(definitions).map(
      ({ service, key, message }) => `${definitionPath(stateDir, service)}: ${key}: ${message}`,
    ),
    summary: `${configFile} is right: node ${node.name} of cluster ${cluster}, ${services}`,
  };
}
