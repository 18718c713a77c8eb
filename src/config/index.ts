/**
 * What the operator and an earlier life of the daemon left on disk: configuration, service definitions, saved state.
 *
 * Everything is read, checked and given back as plain values with all defaults filled in; what is written is written
 * atomically. It must not know the network, the core's rules or how a primitive is run.
 */
export type { AlertBy, AlertConfiguration, Severity } from './alerts.js';
export { type ClientConfiguration, loadClientFile, parseHostAddress } from './client.js';
export { type Configuration, defaultConfiguration, loadConfiguration, type VtyEndpoint } from './configuration.js';
export { removeDefinition, writeDefinition } from './definition-files.js';
export { FILE_KEYS } from './definition-schema.js';
export {
  type DefinitionError,
  definitionPath,
  definitionsFolder,
  type LoadedDefinitions,
  loadDefinitions,
  loadDefinitionsInTurns,
  type ParsedFiles,
  type ProposedFiles,
} from './definitions.js';
export { definitionsBase } from './definitions-base.js';
export { editedDefinition } from './edited-definition.js';
export { ConfigurationError } from './errors.js';
export { inTurns } from './in-turns.js';
export { fileProblem, type Problem, type ProblemCode, problemSentence, problemWords } from './problems.js';
export { readableSecrets } from './readable-secrets.js';
export { setEnabled } from './set-enabled.js';
export { CarefulSources, carefully, DIRECTLY, type Sources } from './sources.js';
export { checkStateDir, closeToOthers } from './state-dir.js';
export { StateStore } from './state-store.js';
export { trustProblem } from './trust.js';
export { checkVariablesFile, MAX_VARIABLES_BYTES, variablesIn } from './variables-file.js';
export { type DefinitionWarning, definitionWarnings } from './warnings.js';
export type {
  AccessRule,
  SocketAddress,
  TlsConfiguration,
  WebConfiguration,
} from './web.js';
export { DEFINITION_LIMITS, tooMuchIn } from './yaml-document.js';
export { parseYaml, readText } from './yaml-file.js';
export { valuesIn } from './yaml-jobs.js';
export { inYamlThread } from './yaml-thread.js';
