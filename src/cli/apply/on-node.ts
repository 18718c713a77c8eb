import type { DefinitionEntry } from '../../http/index.js';
import { API_PREFIX } from '../../tables/index.js';
import { askDaemon, askForText } from '../client.js';
import type { DaemonAddress } from '../daemon-address.js';
import { UsageError } from '../exit.js';
import { type AppliedDefinition, definitionsIn } from './applied-file.js';

/** A node reads, checks and writes many files, one after the other. */
export const ANSWER_WITHIN_MS = 120_000;

/** What a node says of its definitions: one entry for each file. */
export async function listedDefinitions(address: DaemonAddress): Promise<readonly DefinitionEntry[]> {
  const path = `${API_PREFIX}/definitions`;
  return (await askDaemon({ address, method: 'GET', path, timeoutMs: ANSWER_WITHIN_MS })) as readonly DefinitionEntry[];
}

/**
 * The texts of these, by name. Throws a UsageError unless each file holds the one definition whose name the file has: of
 * a copy with a forgotten name, or a file that cannot be read, nobody can tell which service it is for.
 */
export async function exportedDefinitions(
  address: DaemonAddress,
  entries: readonly DefinitionEntry[],
): Promise<ReadonlyMap<string, AppliedDefinition>> {
  const path = `${API_PREFIX}/definitions/export`;
  const text = await askForText({ address, method: 'GET', path, timeoutMs: ANSWER_WITHIN_MS });
  const all = definitionsIn('its definitions', text);
  const names = all.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    const file = entries.find(({ name, definition }) => definition.name === twice && name !== twice)?.file;
    const which = file === undefined ? 'Give each its own name' : `Give ${file} its own name, or delete it`;
    throw new UsageError(`its definitions: expected each service in one file, ${twice} is in two. ${which}`);
  }
  const listed = new Set(entries.map(({ name }) => name));
  const lost = entries.find(({ name }) => !names.includes(name));
  if (lost !== undefined) {
    throw new UsageError(`${lost.file}: expected the definition of ${lost.name}. Correct the file there, or delete it`);
  }
  const strange = names.find((name) => !listed.has(name));
  if (strange !== undefined)
    throw new UsageError(`its definitions: expected a file of its own for ${strange}, got none`);
  return new Map(all.map((definition) => [definition.name, definition]));
}
