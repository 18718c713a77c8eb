import { isUtf8 } from 'node:buffer';
import { LineCounter } from 'yaml';
import type { z } from 'zod';
import { type ReadFile, readRegularFile, systemErrorText } from '../files/index.js';
import { ConfigurationError } from './errors.js';
import { fileProblem, type Problem, problemsOf } from './problems.js';
import { parseBounded, plainValue, UnreadableYaml, type YamlLimits } from './yaml-document.js';
import { lineIn, linesOf, type YamlLines } from './yaml-lines.js';
import type { YamlSource } from './yaml-source.js';

/** Whoever mends the first ones may see the next. */
const MOST_ERRORS = 20;
const NEWLINE = 10;

/** Plain data: what a text says, and where; or what is wrong with it. */
export type ParsedYaml =
  | { readonly value: unknown; readonly lines: YamlLines }
  | { readonly problems: readonly Problem[] };

export function parsedYaml(text: string, limits: YamlLimits): ParsedYaml {
  const lineCounter = new LineCounter();
  const lineAt = (offset: number) => lineCounter.linePos(offset).line;
  try {
    const document = parseBounded(text, limits, { lineCounter });
    if (document.errors.length === 0) {
      return { value: plainValue(document) ?? {}, lines: linesOf(document.contents, lineAt) };
    }
    const errors = document.errors.slice(0, MOST_ERRORS);
    return { problems: errors.map((error) => fileProblem(`not valid YAML: ${error.message}`, lineAt(error.pos[0]))) };
  } catch (error) {
    if (!(error instanceof UnreadableYaml)) throw error;
    return { problems: [fileProblem(error.message)] };
  }
}

/** Parses the file's text. Throws a ConfigurationError if it is too large or is not YAML. */
export function parseYaml(file: string, text: string, limits: YamlLimits): YamlSource {
  return sourceOf(file, parsedYaml(text, limits));
}

/** Throws a ConfigurationError if the file was not YAML. */
export function sourceOf(file: string, parsed: ParsedYaml): YamlSource {
  if ('problems' in parsed) throw new ConfigurationError(file, parsed.problems);
  const { value, lines } = parsed;
  return { value, lineOf: (path) => lineIn(lines, path) };
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
function notUtf8(bytes: Buffer): Problem {
  let line = 1;
  let start = 0;
  for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
    if (!isUtf8(bytes.subarray(start, end))) break;
    line += 1;
    start = end + 1;
  }
  return fileProblem('expected UTF-8, got bytes that are none; save the file in UTF-8', line);
}
