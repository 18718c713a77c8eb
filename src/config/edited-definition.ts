import { isDeepStrictEqual } from 'node:util';
import { type Document, isMap, stringify } from 'yaml';
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
