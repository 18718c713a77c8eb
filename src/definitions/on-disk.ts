import { type LoadedDefinitions, loadDefinitionsInTurns, type ParsedFiles } from '../config/index.js';
import type { ForeignFiles } from '../files/index.js';
import type { ServiceDefinition } from '../model/index.js';
import type { ReadFile } from './file.js';
import type { DefinitionTexts } from './texts.js';

export interface OnDisk {
  readonly files: readonly ReadFile[];
  readonly loaded: LoadedDefinitions;
  readonly byName: ReadonlyMap<string, ServiceDefinition>;
  /** By file. */
  readonly problems: ReadonlyMap<string, readonly string[]>;
}

export interface DiskParts {
  readonly stateDir: string;
  readonly servicesDir: string;
  /** Shared with whoever else reads the files. */
  readonly parsed: ParsedFiles;
  readonly files: ForeignFiles;
  /** How often the daemon was told to read the files again. */
  readonly rereads: () => number;
}

/** What is read stays good for so long, in ms: reading a thousand files at every request would keep all else waiting. */
const FRESH_MS = 1000;

/** The definition files as they are on disk, right or wrong. */
export class DefinitionsOnDisk {
  readonly #parts: DiskParts;
  readonly #texts: DefinitionTexts;
  #last: { readonly atMs: number; readonly rereads: number; readonly made: Promise<OnDisk> } | undefined;

  constructor(parts: DiskParts, texts: DefinitionTexts) {
    this.#parts = parts;
    this.#texts = texts;
  }

  /** Those who ask while it is being read, and for a while after it, get the same; not if it is known to have changed. */
  read(): Promise<OnDisk> {
    const [now, rereads] = [performance.now(), this.#parts.rereads()];
    const last = this.#last;
    if (last !== undefined && last.rereads === rereads && now - last.atMs < FRESH_MS) return last.made;
    const made = this.#readInTurns();
    this.#last = { atMs: now, rereads, made };
    return made;
  }

  /** Something has been written. */
  forget(): void {
    this.#last = undefined;
  }

  async #readInTurns(): Promise<OnDisk> {
    const { stateDir, servicesDir, parsed, files } = this.#parts;
    const loaded = await loadDefinitionsInTurns(stateDir, servicesDir, new Map(), parsed, files);
    const byName = new Map(loaded.definitions.map((definition) => [definition.name, definition]));
    const problems = new Map<string, string[]>();
    for (const { file, message } of loaded.errors) problems.set(file, [...(problems.get(file) ?? []), message]);
    return { loaded, byName, files: await this.#texts.readEach(loaded.files, parsed), problems };
  }
}
