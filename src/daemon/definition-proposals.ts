import type { ServiceDefinition } from '../cluster/index.js';
import {
  DEFINITION_LIMITS,
  definitionPath,
  definitionWarnings,
  documentsIn,
  editedDefinition,
  plainValue,
  UnreadableYaml,
} from '../config/index.js';
import type { DefinitionProblem, WrittenDefinition } from '../http/index.js';
import { isName } from '../lsa/limits.js';
import { isKeys, type Keys, keysOf } from './definition-file.js';

/** A file that would be saved. */
export interface Proposal {
  readonly name: string;
  readonly file: string;
  readonly text: string;
}

/** Each is a file on disk, and is judged together with all others. */
const MOST_IMPORTED = 2_000;

/** What a file says now; null: it is not there, or cannot be read. */
export type TextOf = (file: string) => string | null;

/** The file that would be saved for one definition. */
export function proposal(
  stateDir: string,
  written: WrittenDefinition,
  textOf: TextOf,
): Proposal | { readonly problem: DefinitionProblem } {
  let keys: Keys | undefined;
  try {
    keys = keysOf(written);
  } catch (error) {
    if (!(error instanceof UnreadableYaml)) throw error;
    return { problem: { key: '', message: `it ${error.message}` } };
  }
  if (keys === undefined) return { problem: { key: '', message: 'expected YAML with a section of keys' } };
  const { name } = keys;
  if (typeof name !== 'string' || !isName(name)) {
    return { problem: { key: 'name', message: 'expected 1 to 64 of A-Z a-z 0-9 . _ -' } };
  }
  const file = definitionPath(stateDir, name);
  return { name, file, text: typeof written === 'string' ? written : editedDefinition(textOf(file), keys) };
}

/** The files that would be saved for a text of several definitions. A step a document; a sentence if one is wrong. */
export function* proposalsIn(
  stateDir: string,
  yaml: string,
  textOf: TextOf,
): Generator<void, readonly Proposal[] | string> {
  const proposals = new Map<string, Proposal>();
  try {
    for (const document of documentsIn(yaml, DEFINITION_LIMITS)) {
      yield;
      const [problem] = document.errors;
      if (problem !== undefined) return `expected YAML: ${problem.message}`;
      const keys = plainValue(document);
      if (keys === null) continue;
      const one = proposal(stateDir, isKeys(keys) ? keys : '', textOf);
      if ('problem' in one) return sentence(one.problem);
      if (proposals.has(one.name)) return `name: expected each service once, got ${one.name} again`;
      if (proposals.size === MOST_IMPORTED) return `expected at most ${MOST_IMPORTED} definitions, got more`;
      proposals.set(one.name, one);
    }
  } catch (error) {
    if (error instanceof UnreadableYaml) return `definition ${proposals.size + 1}: it ${error.message}`;
    throw error;
  }
  return proposals.size === 0 ? 'expected at least one definition, got none' : [...proposals.values()];
}

export function sentence({ key, message }: DefinitionProblem): string {
  return key === '' ? message : `${key}: ${message}`;
}

/** From the words of src/config: `line 4: check.interval: expected …`. */
export function problemOf(message: string): DefinitionProblem {
  const [, key = '', text = message] = /^(?:line \d+: )?([\w.-]+): (.*)$/s.exec(message) ?? [];
  return { key, message: text };
}

/** Of services by these names, and of others in their groups: what is saved may be what makes theirs questionable. */
export function warningsAbout(
  names: ReadonlySet<string>,
  definitions: readonly ServiceDefinition[],
): DefinitionProblem[] {
  const groups = new Set(definitions.filter(({ name }) => names.has(name)).map(({ group }) => group));
  return definitionWarnings(definitions)
    .filter(({ group }) => groups.has(group))
    .map(({ service, key, message }) =>
      names.has(service) ? { key, message } : { key: '', message: `${service}: ${key}: ${message}` },
    );
}
