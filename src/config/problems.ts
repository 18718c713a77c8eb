import type { z } from 'zod';
import type { YamlSource } from './yaml-source.js';

type Issue = z.core.$ZodIssue;

/** One sentence for each problem, or for the first 50: line, key, what was expected, what was found. */
export function problemsOf(error: z.ZodError, source: YamlSource): string[] {
  const problems = error.issues.flatMap(expand).map((problem) => ({ ...problem, line: source.lineOf(problem.path) }));
  const first = problems.sort((a, b) => (a.line ?? 0) - (b.line ?? 0)).slice(0, MOST_PROBLEMS);
  const rest = problems.length > MOST_PROBLEMS ? [`and ${problems.length - MOST_PROBLEMS} problems more`] : [];
  return [...first.map((problem) => describe(problem, source.value)), ...rest];
}

/** Whoever mends the first ones may see the next. */
const MOST_PROBLEMS = 50;

interface Problem {
  readonly path: readonly PropertyKey[];
  readonly line: number | undefined;
  readonly text: string;
  readonly isUnknownKey: boolean;
}

/** Several unknown keys of one section are one issue for zod; each gets a line of its own. */
function expand(issue: Issue): Omit<Problem, 'line'>[] {
  const text = issue.code === 'invalid_key' ? (issue.issues[0]?.message ?? issue.message) : issue.message;
  if (issue.code !== 'unrecognized_keys') return [{ path: issue.path, text, isUnknownKey: false }];
  return issue.keys.map((key) => ({ path: [...issue.path, key], text, isUnknownKey: true }));
}

function describe({ path, line, text, isUnknownKey }: Problem, file: unknown): string {
  const where = line === undefined ? '' : `line ${line}: `;
  const key = path.length === 0 ? 'the file' : path.map(String).join('.');
  if (isUnknownKey) return `${where}${key}: unknown key, ${text}`;
  const value = path.reduce(step, file);
  return `${where}${key}: ${text}, got ${isSecret(path) ? kindOf(value) : found(value)}`;
}

function step(value: unknown, key: PropertyKey): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}

/** Messages end in the log: what may be a password is not repeated in them. */
function isSecret(path: readonly PropertyKey[]): boolean {
  return path[0] === 'variables' || /password/i.test(String(path.at(-1)));
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
