import {
  definitionPath,
  definitionWarnings,
  fileProblem,
  inYamlThread,
  type Problem,
  problemSentence,
  problemWords,
} from '../config/index.js';
import type { DefinitionProblem, EditReply, WrittenDefinition } from '../http/index.js';
import type { ServiceDefinition } from '../model/index.js';
import { isName, NAME_EXPECTED } from '../model/index.js';
import { isKeys, type Keys, keysOf, NO_KEYS } from './file.js';

/** A file that would be saved. */
export interface Proposal {
  readonly name: string;
  readonly file: string;
  readonly text: string;
  /** What the file said when this was made of it. */
  readonly before: string | null;
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
  if (typeof keys === 'string') return { problem: shown(fileProblem(keys), null) };
  const place = placeOf(stateDir, keys);
  if ('problem' in place) return place;
  const before = textOf(place.file);
  if (typeof written === 'string') return { ...place, text: written, before };
  const [text = ''] = await inYamlThread({ kind: 'edit', edits: [{ text: before, wanted: keys }] });
  return { ...place, text, before };
}

/** The files that would be saved for a text of several definitions; a sentence if one is wrong. */
export async function proposalsIn(
  stateDir: string,
  yaml: string,
  textOf: TextOf,
): Promise<readonly Proposal[] | string> {
  const { values, texts: written, problem } = await inYamlThread({ kind: 'documents', text: yaml });
  const places = new Map<string, Place & { readonly wanted: Keys; readonly written: string }>();
  for (const [index, value] of values.entries()) {
    if (value === null) continue;
    if (!isKeys(value)) return NO_KEYS;
    const place = placeOf(stateDir, value);
    if ('problem' in place) return sentence(place.problem);
    if (places.has(place.name)) return `name: expected each service once, got ${place.name} again`;
    if (places.size === MOST_IMPORTED) return `expected at most ${MOST_IMPORTED} definitions, got more`;
    places.set(place.name, { ...place, wanted: value, written: written[index] ?? '' });
  }
  if (problem !== null) return problem;
  const found = [...places.values()].map((place) => ({ ...place, before: textOf(place.file) }));
  const edits = found.map(({ before, wanted, written }) => ({ text: before ?? written, wanted }));
  const texts = await inYamlThread({ kind: 'edit', edits });
  return found.map(({ name, file, before }, index) => ({ name, file, before, text: texts[index] ?? '' }));
}

type Place = Pick<Proposal, 'name' | 'file'>;

function placeOf(stateDir: string, { name }: Keys): Place | { readonly problem: DefinitionProblem } {
  if (typeof name === 'string' && isName(name)) return { name, file: definitionPath(stateDir, name) };
  return { problem: conflict('name', `expected ${NAME_EXPECTED}`) };
}

/** Whoever edits sees no lines; of another file they are worth knowing. */
export function sentence(problem: DefinitionProblem): string {
  const { file, key, message } = problem;
  if (file !== null) return `${file}: ${problemSentence(problem)}`;
  return key === '' ? message : `${key}: ${message}`;
}

/** What was done in one step, or would be. */
export function told(saved: readonly Named[], removed: readonly Named[], wouldBe: boolean): string {
  const namesOf = (list: readonly Named[]) => list.map(({ name }) => name).join(', ');
  const [save, remove] = wouldBe ? ['would be saved', 'would be deleted'] : ['saved', 'deleted'];
  return [
    ...(saved.length === 0 ? [] : [`${namesOf(saved)}: ${save}`]),
    ...(removed.length === 0 ? [] : [`${namesOf(removed)}: ${remove}`]),
  ].join('; ');
}

type Named = Pick<Proposal, 'name'>;

/** Of several files some may have been changed when one cannot be. */
export function halfDone(done: number, all: number): string {
  if (done === 0) return '';
  return `; ${done} of ${all} files were changed before that. Once it is mended, do the same again: what is done already stays`;
}

export function wrong(problems: readonly DefinitionProblem[]): EditReply {
  return { outcome: 'wrong-definition', text: problems.map(sentence).join('; '), problems };
}

/** As the API tells it. `file`: another one than that which is edited. */
export function shown({ line, key, code, expected, found, missing }: Problem, file: string | null): DefinitionProblem {
  const lack = missing === undefined ? {} : { missing };
  return { file, line, key, code, expected, found, ...lack, message: problemWords({ expected, found }) };
}

/** Of a key, by rules beyond those of a file. */
export function conflict(key: string, expected: string): DefinitionProblem {
  return shown({ line: null, key, code: 'conflict', expected, found: null }, null);
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
      names.has(service) ? conflict(key, message) : conflict('', `${service}: ${key}: ${message}`),
    );
}
