import { existsSync, linkSync, realpathSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { type Document, isMap, stringify } from 'yaml';
import { ConfigurationError, systemErrorText } from './errors.js';
import { syncFolder, writeAtomically } from './json-file.js';
import { DEFINITION_LIMITS, parseBounded, plainValue } from './yaml-document.js';

/**
 * The text of a definition file that says this, and nothing else. What the file had already keeps its place and its
 * comments. `text`: what the file has now; null: there is none.
 */
export function editedDefinition(text: string | null, wanted: Readonly<Record<string, unknown>>): string {
  const fresh = stringify(wanted, { lineWidth: 0 });
  if (text === null) return fresh;
  const document = parseBounded(text, DEFINITION_LIMITS);
  if (document.errors.length > 0 || !isMap(document.contents)) return fresh;
  change(document, [], plainValue(document) as Readonly<Record<string, unknown>>, wanted);
  const edited = document.toString({ lineWidth: 0 });
  const read = parseBounded(edited, DEFINITION_LIMITS);
  return read.errors.length === 0 && isDeepStrictEqual(plainValue(read), wanted) ? edited : fresh;
}

type Section = Readonly<Record<string, unknown>>;

function change(document: Document, path: readonly string[], now: Section, wanted: Section): void {
  for (const key of Object.keys(now)) if (!(key in wanted)) document.deleteIn([...path, key]);
  for (const [key, value] of Object.entries(wanted)) {
    const before = now[key];
    if (isDeepStrictEqual(before, value)) continue;
    if (isSection(before) && isSection(value)) change(document, [...path, key], before, value);
    else document.setIn([...path, key], document.createNode(value, { flow: Array.isArray(value) }));
  }
}

function isSection(value: unknown): value is Section {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Replaces or makes a definition file, atomically, on disk when this returns. What the file said before is kept beside
 * it as `.NAME.yaml.old`. A new file has mode 0600, an old one keeps its mode and owner; a link stays one.
 * Throws a ConfigurationError.
 */
export function writeDefinition(path: string, text: string): void {
  try {
    const isNew = !existsSync(path);
    const target = isNew ? path : realpathSync(path);
    if (!isNew) keepOld(target);
    writeAtomically(target, text, { keepOwner: !isNew });
  } catch (error) {
    throw new ConfigurationError(path, [`cannot be written: ${systemErrorText(error)}`]);
  }
}

/** Takes a definition file away; it is kept as `.NAME.yaml.old`. Throws a ConfigurationError. */
export function removeDefinition(path: string): void {
  try {
    renameSync(path, oldPath(path));
    syncFolder(dirname(path));
  } catch (error) {
    throw new ConfigurationError(path, [`cannot be removed: ${systemErrorText(error)}`]);
  }
}

/** A second name for what is there: the atomic replacement that follows leaves it alone. */
function keepOld(path: string): void {
  rmSync(oldPath(path), { force: true });
  linkSync(path, oldPath(path));
}

function oldPath(path: string): string {
  return join(dirname(path), `.${basename(path)}.old`);
}
