import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { parseDocument } from 'yaml';
import type { ParsedFiles } from '../config/index.js';

/** The keys of a definition, as they are written. */
export type Keys = Readonly<Record<string, unknown>>;

/** A definition file, right or wrong. */
export interface ReadFile {
  readonly name: string;
  readonly file: string;
  readonly text: string;
  readonly definition: Keys;
}

export function readFile(file: string, parsed: ParsedFiles): ReadFile {
  const name = basename(file, '.yaml');
  const known = parsed.get(file);
  const text = known?.text ?? textOf(file) ?? '';
  return { name, file, text, definition: isKeys(known?.source.value) ? known.source.value : { name } };
}

/** null: there is no such file, or it cannot be read. */
export function textOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

/** undefined: it is no YAML, or no section of keys. */
export function keysOf(yaml: string): Keys | undefined {
  const document = parseDocument(yaml);
  if (document.errors.length > 0) return undefined;
  const value: unknown = document.toJS();
  return isKeys(value) ? value : undefined;
}

export function isKeys(value: unknown): value is Keys {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
