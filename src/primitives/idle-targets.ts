import type { ForeignFiles } from '../files/index.js';

/**
 * Which targets of Makefiles certainly do nothing, so that make need not be started for them. What is written now holds, as
 * it does for make.
 */
export class IdleTargets {
  readonly #files: ForeignFiles;
  readonly #understood = new WeakMap<Buffer, ReadonlySet<string>>();

  /** `files`: how Makefiles are read. */
  constructor(files: ForeignFiles) {
    this.#files = files;
  }

  /** False whenever it is not certain, also if the file cannot be read or hangs: make will say what is wrong. */
  async includes(makefile: string, target: string): Promise<boolean> {
    const known = this.#files.known(makefile);
    // Whether it has become idle since need not be known: make finds out as well, and a failover does not wait for it.
    if (known !== undefined && !this.#targets(known).has(target)) return false;
    const reading = await this.#files.read(makefile);
    return reading.kind === 'read' && this.#targets(reading.bytes).has(target);
  }

  #targets(bytes: Buffer): ReadonlySet<string> {
    const targets = this.#understood.get(bytes) ?? idleTargets(bytes.toString('utf8'));
    this.#understood.set(bytes, targets);
    return targets;
  }
}

/**
 * The targets that have neither recipe nor prerequisites and are .PHONY: these make takes neither from a file of the same
 * name nor from an implicit rule (GNU make manual, "Phony Targets"). None if the file holds a single line that is not
 * of the few plain forms known here, since it could add rules, fail, or do something while it is read.
 */
export function idleTargets(text: string): ReadonlySet<string> {
  // An escaped backslash at the end of a line continues nothing; not worth telling apart.
  if (/\r|\0|\\\\\n/.test(text)) return new Set();
  const rules: Rules = { idle: new Set(), busy: new Set(), phony: new Set(), open: null };
  const lines = text.replace(/\\\n/g, ' ').split('\n');
  if (!lines.every((line) => isUnderstood(line, rules))) return new Set();
  return new Set([...rules.idle].filter((target) => rules.phony.has(target) && !rules.busy.has(target)));
}

interface Rules {
  readonly idle: Set<string>;
  readonly busy: Set<string>;
  readonly phony: Set<string>;
  /** The targets to which a recipe line would belong. */
  open: readonly string[] | null;
}

/** Variables by which make itself is told something (MAKEFLAGS, VPATH, .EXTRA_PREREQS) are left out. */
const ASSIGNMENT = /^(?!\w*MAKE|MFLAGS|VPATH|GPATH)(?:[A-Za-z_]\w*|\.SHELLFLAGS)\s*(\?|\+|:{1,3})?=(.*)$/;

/** Plain names only: no variables, patterns, suffix rules, paths, `::` or `&:`. */
const RULE =
  /^([A-Za-z_][\w.-]*(?:\s+[A-Za-z_][\w.-]*)*\s*|\.(?:PHONY|SILENT|ONESHELL|NOTPARALLEL|DELETE_ON_ERROR)\s*):(?![:=])([^;]*)(;.*)?$/;

const PREREQUISITES = /^[\w./| \t-]*$/;

const KEYWORD =
  /^(?:include|sinclude|load|define|endef|undefine|if\w*|else|endif|override|private|export|unexport|vpath)\b/;

function isUnderstood(line: string, rules: Rules): boolean {
  if (line.startsWith('\t')) return isRecipe(line, rules);
  if (/^ *(#|$)/.test(line)) return true;
  // Other blanks, such as no-break spaces, are no blanks to make.
  if (!/^[\t\x20-\x7e]*$/.test(line)) return false;
  const statement = line.trim();
  if (KEYWORD.test(statement)) return false;
  const assignment = ASSIGNMENT.exec(statement);
  if (assignment !== null) {
    rules.open = null;
    return isHarmlessValue(assignment[1], assignment[2] ?? '');
  }
  const rule = RULE.exec(statement);
  return rule !== null && isRule(rule[1] ?? '', rule[2] ?? '', rule[3] ?? '', rules);
}

function isRecipe(line: string, rules: Rules): boolean {
  if (/^[\t ]*$/.test(line)) return true;
  for (const target of rules.open ?? []) rules.busy.add(target);
  return rules.open !== null;
}

/** A value that make expands only where it is used, or that holds nothing to expand. */
function isHarmlessValue(operator: string | undefined, value: string): boolean {
  return operator === undefined || operator === '?' || !value.includes('$');
}

function isRule(names: string, rest: string, recipe: string, rules: Rules): boolean {
  const comment = rest.indexOf('#');
  // In a comment a semicolon begins no recipe.
  const after = (comment < 0 ? rest : rest.slice(0, comment)).trim();
  const isIdle = after === '' && (comment >= 0 || /^;?\s*$/.test(recipe));
  const targets = names.trim().split(/\s+/);
  rules.open = targets;
  if (targets[0]?.startsWith('.')) {
    if (targets[0] === '.PHONY') for (const name of after.split(/\s+/)) rules.phony.add(name);
    return PREREQUISITES.test(after) && recipe === '';
  }
  for (const target of targets) (isIdle ? rules.idle : rules.busy).add(target);
  const variable = ASSIGNMENT.exec(after);
  // `join: define X` is a variable of the target, not two prerequisites.
  if (variable === null) return PREREQUISITES.test(after) && !KEYWORD.test(after);
  rules.open = null;
  return isHarmlessValue(variable[1], `${variable[2]}${recipe}`);
}
