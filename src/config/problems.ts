import type { z } from 'zod';
import type { Primitive } from '../model/index.js';
import type { YamlSource } from './yaml-source.js';

/**
 * `file`: it cannot be read, is no YAML, or not for srrd to trust. `conflict`: right by itself, but not beside what else this node
 * or the same file has. `missing-targets`: the Makefile lacks some.
 */
export type ProblemCode = 'file' | 'unknown-key' | 'wrong-value' | 'conflict' | 'missing-targets';

/** What is wrong in a file. Sentences are made of it here alone. */
export interface Problem {
  /** Counted from 1; null: it is at no line. */
  readonly line: number | null;
  /** `check.interval`; empty: the file as a whole. */
  readonly key: string;
  readonly code: ProblemCode;
  /** "expected …", with the reason. */
  readonly expected: string;
  /** null: it goes without saying, or is not to be repeated. */
  readonly found: string | null;
  readonly missing?: { readonly makefile: string; readonly targets: readonly Primitive[] } | undefined;
}

/** Line, key, what was expected, what was found. */
export function problemSentence(problem: Problem): string {
  const where = problem.line === null ? '' : `line ${problem.line}: `;
  const key = problem.key === '' && problem.code !== 'file' ? 'the file' : problem.key;
  return `${where}${key === '' ? '' : `${key}: `}${problemWords(problem)}`;
}

/** The same for those who see the key and the line. */
export function problemWords({ expected, found }: Pick<Problem, 'expected' | 'found'>): string {
  return found === null ? expected : `${expected}, got ${found}`;
}

/** Of the file as a whole. */
export function fileProblem(expected: string, line: number | null = null): Problem {
  return { line, key: '', code: 'file', expected, found: null };
}

/** Of one key that is there, or should be. */
export function problemAt(
  source: YamlSource,
  path: readonly PropertyKey[],
  expected: string,
  code: ProblemCode = 'conflict',
): Problem {
  return { line: source.lineOf(path) ?? null, key: path.map(String).join('.'), code, expected, found: null };
}

type Issue = z.core.$ZodIssue;

/** What a schema finds wrong, in the order of the lines; of very many the first 50, and how many more. */
export function problemsOf(error: z.ZodError, source: YamlSource): Problem[] {
  const problems = error.issues.flatMap(expand).map((issue) => ofIssue(issue, source));
  const first = problems.sort((a, b) => (a.line ?? 0) - (b.line ?? 0)).slice(0, MOST_PROBLEMS);
  const more = problems.length - first.length;
  return more === 0 ? first : [...first, fileProblem(`and ${more} problems more`)];
}

/** Whoever mends the first ones may see the next. */
const MOST_PROBLEMS = 50;

interface OneIssue {
  readonly path: readonly PropertyKey[];
  readonly text: string;
  readonly isUnknownKey: boolean;
}

/** Several unknown keys of one section are one issue for zod; each is a problem of its own. */
function expand(issue: Issue): OneIssue[] {
  const text = issue.code === 'invalid_key' ? (issue.issues[0]?.message ?? issue.message) : issue.message;
  if (issue.code !== 'unrecognized_keys') return [{ path: issue.path, text, isUnknownKey: false }];
  return issue.keys.map((key) => ({ path: [...issue.path, key], text, isUnknownKey: true }));
}

function ofIssue({ path, text, isUnknownKey }: OneIssue, source: YamlSource): Problem {
  if (isUnknownKey) return problemAt(source, path, `unknown key, ${text}`, 'unknown-key');
  const value = path.reduce(step, source.value);
  return { ...problemAt(source, path, text, 'wrong-value'), found: isSecret(path) ? kindOf(value) : found(value) };
}

function step(value: unknown, key: PropertyKey): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}

/** Messages end in the log: what may be a password is not repeated in them. The URL of a webhook often has one. */
function isSecret(path: readonly PropertyKey[]): boolean {
  return path[0] === 'variables' || /password|^url$/i.test(String(path.at(-1)));
}

function kindOf(value: unknown): string {
  if (typeof value === 'string') return 'other text';
  return typeof value === 'number' || typeof value === 'boolean' ? `a ${typeof value}` : found(value);
}

function found(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a section';
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}..."` : text;
}
