import { readFileSync } from 'node:fs';
import { isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { ConfigurationError, systemErrorText } from './errors.js';
import { problemsOf } from './problems.js';

/** A parsed file and where its keys are, for messages. */
export interface YamlSource {
  /** Plain values: objects, arrays, strings, numbers, booleans, null. An empty file is an empty object. */
  readonly value: unknown;
  /** The line of the innermost key of the path that the file has, counted from 1. */
  lineOf(path: readonly PropertyKey[]): number | undefined;
}

/** No configuration of ours is nearly as large; a wrong path must not fill the memory. */
const MAX_FILE_BYTES = 1024 * 1024;

/** Reads a file of YAML 1.2. Throws a ConfigurationError if it cannot be read, is too large or is not YAML. */
export function readYaml(file: string): YamlSource {
  return parseYaml(file, readText(file));
}

/** Parses the file's text. Throws a ConfigurationError if it is not YAML. */
export function parseYaml(file: string, text: string): YamlSource {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false });
  const lineAt = (offset: number) => lineCounter.linePos(offset).line;
  if (document.errors.length > 0) {
    throw new ConfigurationError(
      file,
      document.errors.map((error) => `line ${lineAt(error.pos[0])}: not valid YAML: ${error.message}`),
    );
  }
  return {
    value: plainValue(file, () => document.toJS() ?? {}),
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

/** Reads a text file of at most 1 MiB. Throws a ConfigurationError. */
export function readText(file: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    throw new ConfigurationError(file, [`cannot be read: ${systemErrorText(error)}`]);
  }
  if (bytes.length > MAX_FILE_BYTES) {
    throw new ConfigurationError(file, [`has ${bytes.length} bytes, at most ${MAX_FILE_BYTES} are read`]);
  }
  return bytes.toString('utf8');
}

/** Aliases that would expand without end make toJS throw. */
function plainValue(file: string, toJs: () => unknown): unknown {
  try {
    return toJs();
  } catch (error) {
    throw new ConfigurationError(file, [`not valid YAML: ${error instanceof Error ? error.message : String(error)}`]);
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
