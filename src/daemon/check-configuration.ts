import { loadConfiguration, loadDefinitions } from '../config/index.js';
import { readTlsFiles } from '../http/index.js';

export interface ConfigurationCheck {
  /** A sentence each; empty: all is well. */
  readonly problems: readonly string[];
  /** What was read, for people. */
  readonly summary: string;
}

/** Reads what the daemon would read at its start, and changes nothing. Throws a ConfigurationError. */
export function checkConfiguration(configFile: string): ConfigurationCheck {
  const { cluster, node, stateDir, servicesDir, web } = loadConfiguration(configFile);
  if (web?.tls) readTlsFiles(configFile, web.tls, Date.now());
  const { definitions, errors } = loadDefinitions(stateDir, servicesDir);
  const names = definitions.map(({ name }) => name);
  const services = names.length === 0 ? 'no services' : `services: ${names.join(', ')}`;
  return {
    problems: errors.map(({ file, message }) => `${file}: ${message}`),
    summary: `${configFile} is right: node ${node.name} of cluster ${cluster}, ${services}`,
  };
}
