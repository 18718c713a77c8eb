import {
  DEFINITION_LIMITS,
  definitionPath,
  documentsIn,
  editedDefinition,
  plainValue,
  UnreadableYaml,
} from '../config/index.js';
import type { DefinitionProblem, WrittenDefinition } from '../http/index.js';
import { isName } from '../lsa/limits.js';
import { isKeys, type Keys, keysOf, textOf } from './definition-file.js';

/** A file that would be saved. */
export interface Proposal {
  readonly name: string;
  readonly file: string;
  readonly text: string;
}

/** Each is a file on disk, and is judged together with all others. */
const MOST_IMPORTED = 2_000;

/** The file that would be saved for one definition. */
export function proposal(
  stateDir: string,
  written: WrittenDefinition,
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
export function* proposalsIn(stateDir: string, yaml: string): Generator<void, readonly Proposal[] | string> {
  const proposals = new Map<string, Proposal>();
  try {
    for (const document of documentsIn(yaml, DEFINITION_LIMITS)) {
      yield;
      const [problem] = document.errors;
      if (problem !== undefined) return `expected YAML: ${problem.message}`;
      const keys = plainValue(document);
      if (keys === null) continue;
      const one = proposal(stateDir, isKeys(keys) ? keys : '');
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
