import { definitionPath, definitionWarnings, inYamlThread } from '../config/index.js';
import type { DefinitionProblem, WrittenDefinition } from '../http/index.js';
import { isName } from '../lsa/limits.js';
import type { ServiceDefinition } from '../model/index.js';
import { isKeys, type Keys, keysOf, NO_KEYS } from './definition-file.js';

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
export async function proposal(
  stateDir: string,
  written: WrittenDefinition,
  textOf: TextOf,
): Promise<Proposal | { readonly problem: DefinitionProblem }> {
  const keys = await keysOf(written);
  if (typeof keys === 'string') return { problem: { key: '', message: keys } };
  const place = placeOf(stateDir, keys);
  if ('problem' in place) return place;
  if (typeof written === 'string') return { ...place, text: written };
  const edits = [{ text: textOf(place.file), wanted: keys }];
  const [text = ''] = await inYamlThread({ kind: 'edit', edits });
  return { ...place, text };
}

/** The files that would be saved for a text of several definitions; a sentence if one is wrong. */
export async function proposalsIn(
  stateDir: string,
  yaml: string,
  textOf: TextOf,
): Promise<readonly Proposal[] | string> {
  const { values, problem } = await inYamlThread({ kind: 'documents', text: yaml });
  const places = new Map<string, { readonly name: string; readonly file: string; readonly wanted: Keys }>();
  for (const value of values) {
    if (value === null) continue;
    if (!isKeys(value)) return NO_KEYS;
    const place = placeOf(stateDir, value);
    if ('problem' in place) return sentence(place.problem);
    if (places.has(place.name)) return `name: expected each service once, got ${place.name} again`;
    if (places.size === MOST_IMPORTED) return `expected at most ${MOST_IMPORTED} definitions, got more`;
    places.set(place.name, { ...place, wanted: value });
  }
  if (problem !== null) return problem.startsWith('it ') ? `definition ${places.size + 1}: ${problem}` : problem;
  if (places.size === 0) return 'expected at least one definition, got none';
  const edits = [...places.values()].map(({ file, wanted }) => ({ text: textOf(file), wanted }));
  const texts = await inYamlThread({ kind: 'edit', edits });
  return [...places.values()].map(({ name, file }, index) => ({ name, file, text: texts[index] ?? '' }));
}

function placeOf(
  stateDir: string,
  { name }: Keys,
): { readonly name: string; readonly file: string } | { readonly problem: DefinitionProblem } {
  if (typeof name === 'string' && isName(name)) return { name, file: definitionPath(stateDir, name) };
  return { problem: { key: 'name', message: 'expected 1 to 64 of A-Z a-z 0-9 . _ -' } };
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
