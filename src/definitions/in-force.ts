import { basename } from 'node:path';
import type { LoadedDefinitions } from '../config/index.js';
import type { ServiceDefinition } from '../model/index.js';

/** What reading the definitions came to. */
export interface Reading {
  readonly definitions: readonly ServiceDefinition[];
  /** A sentence each: what is wrong in which file, and what happens instead. */
  readonly problems: readonly string[];
}

/**
 * The definitions in force: what the files say, and of a file that has become wrong what it said before. A slip in an
 * editor must not stop a service that runs, and nothing that cannot be read counts as deleted. Nor does a folder that has
 * turned empty as a whole, or holds nothing that is right: it may have been unmounted, or a deployment may have replaced it.
 */
export class DefinitionsInForce {
  readonly #folder: string;
  #inForce: readonly ServiceDefinition[] = [];

  /** `folder`: where the files are, for what is said. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  get current(): readonly ServiceDefinition[] {
    return this.#inForce;
  }

  /** What the files say now. */
  take({ definitions, errors, files }: LoadedDefinitions): Reading {
    const read = new Set(definitions.map(({ name }) => name));
    const missing = this.#inForce.filter(({ name }) => !read.has(name));
    const problems = errors.map(({ file, message }) => `${file}: ${message}`);
    if (errors.some(({ file }) => file === this.#folder)) return this.#keep(definitions, missing, problems);
    const wrong = new Set(errors.map(({ file }) => basename(file).replace(/\.ya?ml$/, '')));
    // One wrong file that was not there before, in place of all others, is no definition either.
    if (read.size === 0 && missing.some(({ name }) => !wrong.has(name))) {
      const what = files.length === 0 ? 'no definition' : 'no definition that is right';
      const text = `${this.#folder} holds ${what} any more, and a signal is not enough to mean that all shall go: bring them back, or delete each by name (srrctl definition delete NAME)`;
      return this.#keep(definitions, missing, [...problems, text]);
    }
    const kept = missing.filter(({ name }) => wrong.has(name));
    return this.#keep(definitions, kept, problems);
  }

  /** It has been deleted by name. */
  forget(service: string): void {
    this.#inForce = this.#inForce.filter(({ name }) => name !== service);
  }

  #keep(
    definitions: readonly ServiceDefinition[],
    kept: readonly ServiceDefinition[],
    problems: readonly string[],
  ): Reading {
    this.#inForce = [...definitions, ...kept];
    if (kept.length === 0) return { definitions: this.#inForce, problems };
    const names = kept.map(({ name }) => name).join(', ');
    const text = `until that is put right, the old definition stays in force: ${names}`;
    return { definitions: this.#inForce, problems: [...problems, text] };
  }
}
