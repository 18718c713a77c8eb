import { FileWatch, type ForeignFiles } from '../files/index.js';
import { type Authority, type RevocationList, readRevocationList } from '../pki/index.js';
import { MAX_FILE_BYTES } from './lists.js';

export interface ForeignListsOptions {
  readonly paths: readonly string[];
  readonly authorities: readonly Authority[];
  readonly files: ForeignFiles;
  readonly found: (list: RevocationList) => void;
  /** A file cannot be used, in words. One that is not there is no problem. */
  readonly problem: (text: string) => void;
}

/** Lists in files that are not on the daemon's own disk: read, and watched, by child processes. */
export class ForeignLists {
  readonly #options: ForeignListsOptions;
  readonly #watches: readonly FileWatch[];
  #closed = false;

  constructor(options: ForeignListsOptions) {
    this.#options = options;
    this.#watches = options.paths.map((path) => new FileWatch(path, () => void this.#read(path)));
  }

  close(): void {
    this.#closed = true;
    for (const watch of this.#watches) watch.close();
  }

  async #read(path: string): Promise<void> {
    const { files, authorities, found, problem } = this.#options;
    const reading = await files.read(path, MAX_FILE_BYTES);
    if (this.#closed) return;
    if (reading.kind === 'failed') {
      if (!/^No such file/.test(reading.problem)) problem(`${path}: ${reading.problem}`);
      return;
    }
    try {
      found(readRevocationList(reading.bytes, authorities));
    } catch (error) {
      problem(`${path}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}
