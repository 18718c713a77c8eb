import { isUtf8 } from 'node:buffer';
import { dirname, isAbsolute } from 'node:path';
import { systemErrorText } from '../files/index.js';
import { PRIMITIVES, type Primitive } from '../model/index.js';
import { DIRECTLY, type Sources } from './sources.js';
import { absenceProblem, type KnownFolders, trustProblem } from './trust.js';

export interface Makefile {
  /** Targets of PRIMITIVES without a rule. Empty when the file builds rules or includes in a way that only make can follow. */
  readonly missing: readonly Primitive[];
  /** There is a rule for the optional twelfth target, `watch`, that does something. */
  readonly hasWatch: boolean;
  /** The file and all it includes, for the definition's hash. */
  readonly content: string;
}

/** Of a Makefile and all it includes together. */
const MAX_BYTES = 256 * 1024;
const MAX_FILES = 50;
const MAX_INCLUDE_DEPTH = 8;

/** What may still be read for one Makefile. */
interface Allowance {
  readonly sources: Pick<Sources, 'bytes' | 'look'>;
  bytes: number;
  files: number;
  readonly known: KnownFolders;
}

/**
 * Which of the eleven targets the Makefile lacks, found by reading it, because asking make would execute parts of it.
 * Included files are read too; paths are relative to the Makefile's folder, from where make is run.
 * Throws an Error whose message says which file could not be read, or which one others may change.
 */
export function readMakefile(
  file: string,
  known: KnownFolders = new Map(),
  sources: Pick<Sources, 'bytes' | 'look'> = DIRECTLY,
): Makefile {
  const found = readRules(file, dirname(file), 0, { bytes: MAX_BYTES, files: MAX_FILES, known, sources });
  const missing = found.isComplete ? PRIMITIVES.filter((primitive) => !found.targets.has(primitive)) : [];
  return { missing, hasWatch: found.hasWatch, content: found.content };
}

interface Rules {
  readonly targets: Set<string>;
  /** Nothing that only make could expand defines targets. */
  isComplete: boolean;
  hasWatch: boolean;
  content: string;
}

function readRules(file: string, folder: string, depth: number, allowance: Allowance): Rules {
  const text = readSource(file, allowance);
  const rules: Rules = { targets: new Set(), isComplete: true, hasWatch: doesSomething(text, 'watch'), content: text };
  for (const line of statements(text)) {
    const included = /^(-?include|sinclude)\s+(.*)$/s.exec(line);
    if (included === null) addTargets(rules, line);
    else
      addIncluded(rules, { paths: included[2] ?? '', isOptional: included[1] !== 'include' }, folder, depth, allowance);
  }
  return rules;
}

function readSource(file: string, allowance: Allowance): string {
  if (allowance.files === 0)
    throw new Refused(`${file}: a Makefile and what it includes are at most ${MAX_FILES} files`);
  // Also if it is not there: to look for a hundred thousand takes its time.
  allowance.files -= 1;
  const bytes = bytesOf(file, allowance);
  const problem = trustProblem(file, allowance.known, undefined, allowance.sources.look);
  if (problem !== null) throw new Refused(problem);
  return bytes.toString(isUtf8(bytes) ? 'utf8' : 'latin1');
}

function bytesOf(file: string, allowance: Allowance): Buffer {
  try {
    const bytes = allowance.sources.bytes(file, allowance.bytes);
    allowance.bytes -= bytes.length;
    return bytes;
  } catch (error) {
    throw new Error(`${file} cannot be read: ${systemErrorText(error)}`);
  }
}

/** The file is there, and the whole Makefile is refused for it, also if its inclusion is optional. */
class Refused extends Error {}

/** Lines outside recipes and `define`, continued lines joined, without comments. */
function statements(text: string): string[] {
  return logicalLines(text)
    .filter((line) => !line.startsWith('\t'))
    .map((line) => withoutComment(line).trim());
}

/** Whether a rule for the target has a recipe or prerequisites. */
function doesSomething(text: string, target: string): boolean {
  let isOurs = false;
  return logicalLines(text).some((line) => {
    if (line.startsWith('\t')) return isOurs && line.trim() !== '';
    const rule = RULE.exec(withoutComment(line));
    if (rule === null) return false;
    isOurs = (rule[1] ?? '').trim().split(/\s+/).includes(target);
    return isOurs && /[^;:|\s]/.test(rule[2] ?? '') && !/^[^;]*=/.test(rule[2] ?? '');
  });
}

/** Without what stands between `define` and `endef`; a `define` that never ends goes to the end of the file. */
function logicalLines(text: string): string[] {
  let isDefining = false;
  return text
    .replace(/\\\r?\n/g, ' ')
    .split(/\r?\n/)
    .filter((line) => {
      const wasDefining = isDefining;
      if (wasDefining) isDefining = !/^endef\b/.test(line);
      else isDefining = /^define\b/.test(line);
      return !wasDefining && !isDefining;
    });
}

/**
 * Without `s` a dot stops at a lone carriage return, and a line of many `#`, or blanks, before one takes the square of its length: so do
 * the other patterns for the rest of a line.
 */
function withoutComment(line: string): string {
  return line.replace(/#.*$/s, '');
}

/** `targets : ...` or `targets :: ...`; `:=`, `::=` and `:::=` are assignments. */
const RULE = /^([^:=]+):(?!:{0,2}=)(.*)$/s;

function addTargets(rules: Rules, statement: string): void {
  const rule = RULE.exec(statement);
  if (rule === null) {
    // `$(eval ...)` or a variable alone on a line may expand to a rule.
    if (statement.startsWith('$')) rules.isComplete = false;
    return;
  }
  for (const target of (rule[1] ?? '').trim().split(/\s+/)) {
    if (/[$%]/.test(target)) rules.isComplete = false;
    rules.targets.add(target);
  }
}

interface Include {
  readonly paths: string;
  /** `-include` and `sinclude`: a missing file is no error. */
  readonly isOptional: boolean;
}

function addIncluded(
  rules: Rules,
  { paths, isOptional }: Include,
  folder: string,
  depth: number,
  allowance: Allowance,
): void {
  if (/[$*?[~]/.test(paths) || depth === MAX_INCLUDE_DEPTH) {
    rules.isComplete = false;
    return;
  }
  for (const path of paths.split(/\s+/).filter((part) => part !== '')) {
    // Not shortened: what `..` leads to depends on links, for make as for us.
    const file = isAbsolute(path) ? path : `${folder}/${path}`;
    let included: Rules;
    try {
      included = readRules(file, folder, depth + 1, allowance);
    } catch (error) {
      if (error instanceof Refused) throw error;
      // make also looks in folders of its own, therefore a missing file is not yet an error.
      if (!isOptional && isAbsolute(path)) throw error;
      refusePlanted(file, allowance, error);
      if (!isOptional) rules.isComplete = false;
      continue;
    }
    for (const target of included.targets) rules.targets.add(target);
    rules.isComplete &&= included.isComplete;
    rules.hasWatch ||= included.hasWatch;
    rules.content += included.content;
  }
}

/** What is not there when the Makefile is read may be there when make runs. */
function refusePlanted(file: string, { known, sources }: Allowance, error: unknown): void {
  if (!/no such file or directory$/i.test(systemErrorText(error))) return;
  const problem = absenceProblem(file, known, undefined, sources.look);
  if (problem !== null) throw new Refused(problem);
}
