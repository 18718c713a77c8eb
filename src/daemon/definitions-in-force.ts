import { basename } from 'node:path';
import type { ServiceDefinition } from '../cluster/index.js';
import type { LoadedDefinitions } from '../config/index.js';

/** What reading the definitions came to. */
export interface Reading {
  readonly definitions: readonly ServiceDefinition[];
  /** A sentence each: what is wrong in which file, and what happens instead. */
  readonly problems: readonly string[];
}

/**
 * The definitions in force: what the files say, and of a file that has become wrong what it said before. A slip in an
 * editor must not stop a service that runs.
 */
export class DefinitionsInForce {
  #inForce: readonly ServiceDefinition[] = [];

  get current(): readonly ServiceDefinition[] {
    return this.#inForce;
  }

  /** What the files say now. */
  take({ definitions, errors }: Pick<LoadedDefinitions, 'definitions' | 'errors'>): Reading {
    const wrong = new Map(errors.map(({ file }) => [file, serviceOf(file)]));
    // The folder itself could not be read: nothing is known of any file in it.
    const isBlind = [...wrong.values()].includes(null);
    const isKept = ({ name }: ServiceDefinition) => isBlind || [...wrong.values()].includes(name);
    const read = new Set(definitions.map(({ name }) => name));
    const kept = this.#inForce.filter((old) => !read.has(old.name) && isKept(old));
    this.#inForce = [...definitions, ...kept];
    const keptNames = kept.map(({ name }) => name).join(', ');
    const problems = errors.map(({ file, message }) => `${file}: ${message}`);
    if (kept.length > 0) problems.push(`until that is put right, the old definition stays in force: ${keptNames}`);
    return { definitions: this.#inForce, problems };
  }
}

/** null: the file is no definition. */
function serviceOf(file: string): string | null {
  return file.endsWith('.yaml') ? basename(file, '.yaml') : null;
}
