import { basename, join } from 'node:path';
import { ForeignFiles, systemErrorText } from '../files/index.js';
import type { ServiceDefinition } from '../model/index.js';
import { type Candidate, candidateOf, definitionOf, type Surroundings } from './candidate.js';
import { checkTogether } from './cross-checks.js';
import { type DefinitionFile, definitionSchema } from './definition-schema.js';
import { ConfigurationError } from './errors.js';
import { atOnce, inTurns } from './in-turns.js';
import { type Makefile, readMakefile } from './makefile.js';
import { ownAddresses } from './own-addresses.js';
import { fileProblem, type Problem, problemAt, problemSentence } from './problems.js';
import { CarefulSources, carefully, DIRECTLY, isMissing, type Sources } from './sources.js';

import { hasRun } from './state-store.js';
import { type KnownFolders, trustProblem } from './trust.js';
import { DEFINITION_LIMITS } from './yaml-document.js';
import { checkYaml, readText } from './yaml-file.js';
import type { YamlSource } from './yaml-source.js';

export interface DefinitionError extends Problem {
  /** Absolute path. */
  readonly file: string;
  /** It in a sentence, without the file's name. */
  readonly message: string;
}

export interface LoadedDefinitions {
  /** In alphabetical order. */
  readonly definitions: readonly ServiceDefinition[];
  readonly errors: readonly DefinitionError[];
  /** All definition files there are, right or wrong. */
  readonly files: readonly string[];
}

/** By absolute path: the text that a file would have; null: it would be gone. */
export type ProposedFiles = ReadonlyMap<string, string | null>;

/** What was parsed before, by path, to be used again: YAML takes far longer to parse than a file to read. */
export type ParsedFiles = Map<string, ParsedFile>;

export interface ParsedFile {
  readonly text: string;
  readonly source: YamlSource;
  /** Throws a ConfigurationError if a key is wrong. */
  readonly written: () => DefinitionFile;
}

/**
 * Reads all service definitions, `STATEDIR/services/NAME.yaml`, and their Makefiles. Never throws: a file that is wrong
 * is left out and its problems are listed; so is one that cannot work without a file that is left out.
 * Of two services with the same address the alphabetically first is kept. Makefiles are relative to `servicesDir`.
 * `proposed` is taken instead of what is on disk: what would be, if it were saved. No service may have an address of `own`.
 */
export function loadDefinitions(
  stateDir: string,
  servicesDir: string,
  proposed: ProposedFiles = new Map(),
  parsed: ParsedFiles = new Map(),
  own = ownAddresses(),
): LoadedDefinitions {
  return atOnce(loading(stateDir, servicesDir, proposed, parsed, DIRECTLY, own));
}

/**
 * The same, a few ms at a time: a thousand files must not keep the daemon from its work. And none that hangs: what is not
 * on the disk of the state directory is read through `files`.
 */
export async function loadDefinitionsInTurns(
  stateDir: string,
  servicesDir: string,
  proposed: ProposedFiles = new Map(),
  parsed: ParsedFiles = new Map(),
  files = new ForeignFiles(),
): Promise<LoadedDefinitions> {
  const sources = new CarefulSources(stateDir, files);
  // The Makefiles are known when the definitions are, and what they include when they are.
  return carefully(sources, () => inTurns(loading(stateDir, servicesDir, proposed, parsed, sources)));
}

/** A step a file. */
function* loading(
  stateDir: string,
  servicesDir: string,
  proposed: ProposedFiles,
  parsed: ParsedFiles,
  sources: Sources,
  own: ReadonlyMap<string, string> = ownAddresses(),
): Generator<void, LoadedDefinitions> {
  const errors: DefinitionError[] = [];
  const collect = (file: string, problems: readonly Problem[]) => {
    errors.push(...problems.map((problem) => ({ ...problem, file, message: problemSentence(problem) })));
  };
  const groups: string[] = [];
  const candidates: Candidate[] = [];
  const known: KnownFolders = new Map();
  const secretsDir = join(stateDir, 'secrets');
  const makefileAt = readEachOnce(known, sources);
  const surroundings = { servicesDir, secretsDir, makefileAt, look: sources.look, ownAddresses: own };
  const files = new Set(definitionFiles(stateDir, sources, collect));
  for (const [file, text] of proposed) if (text !== null) files.add(file);
  const all = [...files].filter((file) => proposed.get(file) !== null).sort();
  for (const file of all) {
    const wanted = proposed.get(file);
    const read = () =>
      wanted == null
        ? parsedFile(file, trustedText(file, known, sources), parsed, sources)
        : newFile(file, wanted, sources);
    const candidate = readCandidate(file, read, surroundings, groups, collect);
    if (candidate !== undefined) candidates.push(candidate);
    yield;
  }
  const { accepted, problems } = checkTogether(candidates, sizes(groups));
  for (const [candidate, found] of problems) collect(candidate.path, found);
  const definitions: ServiceDefinition[] = [];
  for (const candidate of accepted) {
    yield;
    definitions.push(definitionOf(candidate));
  }
  return { definitions, errors, files: all };
}

/** A definition names what is run, and with which variables: nobody else may write it. */
function trustedText(file: string, known: KnownFolders, sources: Sources): string {
  const text = readText(file, DEFINITION_LIMITS, sources.bytes);
  const problem = trustProblem(file, known, undefined, sources.look);
  if (problem !== null) throw new ConfigurationError(file, [problem]);
  return text;
}

function parsedFile(file: string, text: string, parsed: ParsedFiles, sources: Sources): ParsedFile {
  const known = parsed.get(file);
  if (known?.text === text) return known;
  const fresh = newFile(file, text, sources);
  parsed.set(file, fresh);
  return fresh;
}

function newFile(file: string, text: string, sources: Sources): ParsedFile {
  const source = sources.parse(file, text, DEFINITION_LIMITS);
  let written: DefinitionFile | undefined;
  return {
    text,
    source,
    written: () => {
      written ??= checkYaml(file, source, definitionSchema);
      return written;
    },
  };
}

/** A thousand services may have one Makefile. */
function readEachOnce(folders: KnownFolders, sources: Sources): (path: string) => Makefile {
  const known = new Map<string, Makefile>();
  return (path) => {
    const makefile = known.get(path) ?? readMakefile(path, folders, sources);
    known.set(path, makefile);
    return makefile;
  };
}

type Collect = (file: string, problems: readonly Problem[]) => void;

/** Hidden files are editors' and our own temporary ones, unless they look meant. A node that has never run has no folder yet. */
function definitionFiles(stateDir: string, sources: Sources, collect: Collect): string[] {
  const folder = definitionsFolder(stateDir);
  let entries: readonly string[];
  try {
    entries = sources.names(folder).toSorted();
  } catch (error) {
    const isNew = isMissing(error) && !hasRun(stateDir);
    const why = `cannot be read: ${systemErrorText(error)}; no service counts as deleted by that`;
    if (!isNew) collect(folder, [fileProblem(why)]);
    return [];
  }
  const names = entries.filter((entry) => /^[^.].*\.yaml$/.test(entry));
  for (const entry of entries) {
    const problem = names.includes(entry) ? null : misnamed(entry);
    if (problem !== null) collect(join(folder, entry), [fileProblem(problem)]);
  }
  return names.map((entry) => join(folder, entry));
}

/** What somebody may take for a definition, and is none. */
function misnamed(entry: string): string | null {
  if (/^\.[A-Za-z0-9_-].*\.yaml$/.test(entry)) {
    return `is not read, because its name begins with a dot; expected ${entry.slice(1)}, or another ending`;
  }
  const [ending] = /(?<=^[^.].*)\.ya?ml$/i.exec(entry) ?? [];
  return ending === undefined ? null : `expected the file to be named NAME.yaml, not NAME${ending}`;
}

function readCandidate(
  path: string,
  read: () => ParsedFile,
  surroundings: Surroundings,
  groups: string[],
  collect: Collect,
): Candidate | undefined {
  try {
    const { source, written: check } = read();
    // Before anything else is checked: a mistake in one member must not make its group look smaller.
    groups.push(statedGroup(source.value) ?? basename(path, '.yaml'));
    const written = check();
    const candidate = candidateOf(path, source, written, surroundings);
    const stem = basename(path, '.yaml');
    if (written.name === stem) return candidate;
    throw new ConfigurationError(path, [
      problemAt(source, ['name'], `expected the name of the file, ${stem}, got ${written.name}`),
    ]);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    collect(path, error.problems);
    return undefined;
  }
}

function statedGroup(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || !('group' in value)) return undefined;
  return typeof value.group === 'string' ? value.group : undefined;
}

function sizes(groups: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const group of groups) counts.set(group, (counts.get(group) ?? 0) + 1);
  return counts;
}

export function definitionsFolder(stateDir: string): string {
  return join(stateDir, 'services');
}

/** Where the definition of a service is. The name must be one (isName). */
export function definitionPath(stateDir: string, name: string): string {
  return join(definitionsFolder(stateDir), `${name}.yaml`);
}
