import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { valuesIn } from '../../config/index.js';
import { isName, NAME_EXPECTED } from '../../model/index.js';
import { SHARED_KEYS } from '../../tables/index.js';
import { UsageError } from '../exit.js';

/** The keys of a definition, or some of them. */
export type Keys = Readonly<Record<string, unknown>>;

/** A definition as it is kept beside others, for a whole cluster. */
export interface AppliedDefinition {
  readonly name: string;
  /** For messages: where it is written. */
  readonly file: string;
  /** As it is written, with its comments, and with `nodes`. */
  readonly text: string;
  /** What all nodes have. */
  readonly keys: Keys;
  /** By name or router ID of a node, what is another there; null takes a key away. false: it has no such service. */
  readonly nodes: Readonly<Record<string, Keys | false>>;
}

/** Reads files, folders of which all *.yaml, and `-`, standard input. Throws a UsageError that says what is wrong. */
export function readApplied(paths: readonly string[]): readonly AppliedDefinition[] {
  const found = new Map<string, AppliedDefinition>();
  for (const file of paths.flatMap(filesAt)) {
    for (const definition of definitionsIn(file, textOf(file))) {
      const other = found.get(definition.name);
      if (other !== undefined) {
        const where = other.file === file ? 'twice' : `in ${other.file} too`;
        throw new UsageError(`${file}: expected each service once, ${definition.name} is ${where}`);
      }
      found.set(definition.name, definition);
    }
  }
  if (found.size > 0) return [...found.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
  throw new UsageError(`expected at least one definition, got none in ${paths.join(', ')}`);
}

/** Throws a UsageError. */
export function definitionsIn(file: string, text: string): readonly AppliedDefinition[] {
  const { values, texts, problem } = valuesIn(text);
  if (problem !== null) throw new UsageError(`${file}: ${problem}`);
  return values.flatMap((value, index) => (value === null ? [] : [applied(file, value, texts[index] ?? '')]));
}

function applied(file: string, value: unknown, text: string): AppliedDefinition {
  if (!isKeys(value)) throw new UsageError(`${file}: expected YAML with a section of keys`);
  const { name, nodes = {}, ...others } = value;
  // A node may have written it, and it becomes the name of a file.
  if (typeof name !== 'string' || !isName(name)) {
    throw new UsageError(`${file}: name: expected ${NAME_EXPECTED}, got ${JSON.stringify(name ?? null)}`);
  }
  if (!isKeys(nodes)) throw new UsageError(`${file}: nodes: ${NODES_EXPECTED}`);
  for (const [node, section] of Object.entries(nodes)) checkSection(`${file}: nodes.${node}`, section);
  return { name, file, text, keys: { name, ...others }, nodes: nodes as AppliedDefinition['nodes'] };
}

const NODES_EXPECTED =
  'expected for each node what is another there, such as { beta: { preference: 50 }, gamma: false }';

/** On no node these are others, or the replicas would be in conflict. */
const SAME_EVERYWHERE: readonly string[] = ['name', 'nodes', ...SHARED_KEYS];

function checkSection(where: string, section: unknown): void {
  if (section === false) return;
  if (!isKeys(section)) throw new UsageError(`${where}: expected a section of keys, or false: no such service there`);
  const key = Object.keys(section).find((each) => SAME_EVERYWHERE.includes(each));
  if (key !== undefined) throw new UsageError(`${where}.${key}: expected only keys in which nodes may differ`);
}

export function isKeys(value: unknown): value is Keys {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Of a key that somebody else has named: what objects have of themselves is none. */
export function ownValue<T>(keys: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(keys, name) ? keys[name] : undefined;
}

function filesAt(path: string): readonly string[] {
  try {
    if (path === '-' || !statSync(path).isDirectory()) return [path];
    const names = readdirSync(path).filter((name) => name.endsWith('.yaml') && !name.startsWith('.'));
    return names.toSorted().map((name) => join(path, name));
  } catch (error) {
    throw unreadable(path, error);
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    throw unreadable(file, error);
  }
}

function unreadable(path: string, error: unknown): UsageError {
  return new UsageError(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
}
