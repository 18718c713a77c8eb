import { isUtf8 } from 'node:buffer';
import { isMap, isNode, isScalar, LineCounter } from 'yaml';
import type { z } from 'zod';
import { ConfigurationError, systemErrorText } from './errors.js';
import { problemsOf } from './problems.js';
import { type ReadFile, readRegularFile } from './read-file.js';
import { parseBounded, plainValue, UnreadableYaml, type YamlLimits } from './yaml-document.js';
import type { YamlSource } from './yaml-source.js';

/** Whoever mends the first ones may see the next. */
const MOST_ERRORS = 20;
const NEWLINE = 10;

/** Parses the file's text. Throws a ConfigurationError if it is too large or is not YAML. */
export function parseYaml(file: string, text: string, limits: YamlLimits): YamlSource {
  const lineCounter = new LineCounter();
  const document = readable(file, () => parseBounded(text, limits, { lineCounter }));
  const lineAt = (offset: number) => lineCounter.linePos(offset).line;
  if (document.errors.length > 0) {
    throw new ConfigurationError(
      file,
      document.errors
        .slice(0, MOST_ERRORS)
        .map((error) => `line ${lineAt(error.pos[0])}: not valid YAML: ${error.message}`),
    );
  }
  return {
    value: readable(file, () => plainValue(document)) ?? {},
    lineOf: (path) => {
      const offset = offsetOf(document.contents, path);
      return offset === undefined ? undefined : lineAt(offset);
    },
  };
}

/** The file's value as the schema says. Throws a ConfigurationError that lists all problems. */
export function checkYaml<T>(file: string, source: YamlSource, schema: z.ZodType<T>): T {
  const result = schema.safeParse(source.value);
  if (result.success) return result.data;
  throw new ConfigurationError(file, problemsOf(result.error, source));
}

/** Reads a regular file of text, UTF-8. Throws a ConfigurationError. */
export function readText(file: string, limits: YamlLimits, read: ReadFile = readRegularFile): string {
  const bytes = bytesOf(file, limits, read);
  if (!isUtf8(bytes)) throw new ConfigurationError(file, [notUtf8(bytes)]);
  return bytes.toString('utf8');
}

function bytesOf(file: string, { bytes }: YamlLimits, read: ReadFile): Buffer {
  try {
    return read(file, bytes);
  } catch (error) {
    throw new ConfigurationError(file, [`cannot be read: ${systemErrorText(error)}`]);
  }
}

/** Other bytes would be replaced without a word: a password, say, by another one. */
function notUtf8(bytes: Buffer): string {
  let line = 1;
  let start = 0;
  for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
    if (!isUtf8(bytes.subarray(start, end))) break;
    line += 1;
    start = end + 1;
  }
  return `line ${line}: expected UTF-8, got bytes that are none; save the file in UTF-8`;
}

function readable<Result>(file: string, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof UnreadableYaml)) throw error;
    throw new ConfigurationError(file, [error.message]);
  }
}

function offsetOf(root: unknown, path: readonly PropertyKey[]): number | undefined {
  let node = root;
  let offset = startOf(root);
  for (const key of path) {
    const step = isMap(node) ? mapStep(node.items, key) : sequenceStep(node, key);
    if (step === undefined) break;
    node = step.value;
    offset = startOf(step.place) ?? offset;
  }
  return offset;
}

function mapStep(items: readonly { key: unknown; value: unknown }[], key: PropertyKey) {
  const pair = items.find((item) => (isScalar(item.key) ? String(item.key.value) : item.key) === String(key));
  return pair && { value: pair.value, place: pair.key };
}

function sequenceStep(node: unknown, key: PropertyKey) {
  if (!isNode(node) || !('items' in node) || !Array.isArray(node.items) || typeof key !== 'number') return undefined;
  const item: unknown = node.items[key];
  return item === undefined ? undefined : { value: item, place: item };
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}
