import { basename } from 'node:path';
import {
  DEFINITION_LIMITS,
  fileProblem,
  inYamlThread,
  type ParsedFiles,
  type Problem,
  problemSentence,
  tooMuchIn,
} from '../config/index.js';
import { readRegularFile } from '../files/index.js';
import type { WrittenDefinition } from '../http/index.js';

/** The keys of a definition, as they are written. */
export type Keys = Readonly<Record<string, unknown>>;

/** A definition file, right or wrong. */
export interface ReadFile {
  readonly name: string;
  readonly file: string;
  readonly text: string;
  readonly definition: Keys;
}

/** `other`: what is in a file that is not among the parsed ones, since something is wrong with it. */
export async function readFile(
  file: string,
  parsed: ParsedFiles,
  other: (file: string) => Promise<string | null>,
): Promise<ReadFile> {
  const name = basename(file, '.yaml');
  const known = parsed.get(file);
  const text = known?.text ?? (await other(file)) ?? '';
  return { name, file, text, definition: isKeys(known?.source.value) ? known.source.value : { name } };
}

/** null: there is no such file, or it cannot be read. Waits for the disk: only for files that are on the daemon's own. */
export function textOf(file: string): string | null {
  try {
    return readRegularFile(file, DEFINITION_LIMITS.bytes).toString('utf8');
  } catch {
    return null;
  }
}

/** The keys that are written; what is wrong with them, in a sentence. */
export async function keysOf(written: WrittenDefinition): Promise<Keys | string> {
  if (typeof written !== 'string') {
    const tooMuch = tooMuchIn(written, DEFINITION_LIMITS);
    return tooMuch === undefined ? written : `it ${tooMuch}`;
  }
  const parsed = await inYamlThread({ kind: 'parse', text: written, limits: DEFINITION_LIMITS });
  if ('problems' in parsed) return inWords(parsed.problems[0] ?? fileProblem('is not YAML'));
  return isKeys(parsed.value) ? parsed.value : NO_KEYS;
}

/** What is wrong with a line says where; what is wrong with the whole goes on after `it`. */
function inWords(problem: Problem): string {
  return problem.line === null ? `it ${problem.expected}` : problemSentence(problem);
}

export const NO_KEYS = 'expected YAML with a section of keys';

export function isKeys(value: unknown): value is Keys {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
