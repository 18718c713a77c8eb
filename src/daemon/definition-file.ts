import { basename } from 'node:path';
import {
  DEFINITION_LIMITS,
  type ParsedFiles,
  parseBounded,
  plainValue,
  readRegularFile,
  tooMuchIn,
  UnreadableYaml,
} from '../config/index.js';
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

/** Throws UnreadableYaml. undefined: it is no YAML, or no section of keys. */
export function keysOf(written: WrittenDefinition): Keys | undefined {
  if (typeof written === 'string') return keysIn(parseBounded(written, DEFINITION_LIMITS));
  const problem = tooMuchIn(written, DEFINITION_LIMITS);
  if (problem !== undefined) throw new UnreadableYaml(problem);
  return written;
}

/** undefined: it is no YAML, or no section of keys. */
export function keysIn(document: ReturnType<typeof parseBounded>): Keys | undefined {
  if (document.errors.length > 0) return undefined;
  const value: unknown = plainValue(document);
  return isKeys(value) ? value : undefined;
}

export function isKeys(value: unknown): value is Keys {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
