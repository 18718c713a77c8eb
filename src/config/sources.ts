import { readdirSync } from 'node:fs';
import { type FileReading, type ForeignFiles, onDiskOf } from '../files/index.js';
import { systemErrorText } from './errors.js';
import { type ReadFile, readRegularFile } from './read-file.js';

/** Where definitions and Makefiles are read from. Both calls throw what keeps them from it. */
export interface Sources {
  names(folder: string): readonly string[];
  readonly bytes: ReadFile;
}

/** Straight from the disk, whatever disk it is: for programs that may hang with it. */
export const DIRECTLY: Sources = { names: (folder) => readdirSync(folder), bytes: readRegularFile };

/** A file that has not been read yet: it will be, and then everything is read again. */
class NotYet extends Error {}

/**
 * Straight from the disk of the state directory, and through child processes from anywhere else, since that may hang. What
 * was not foreseen is noted: after `next` it is there.
 */
export class CarefulSources implements Sources {
  readonly #files: ForeignFiles;
  readonly #isOurs: (path: string) => boolean;
  readonly #read = new Map<string, FileReading>();
  readonly #listed = new Map<string, readonly string[] | string>();
  readonly #wanted = new Set<string>();
  #wantedFolder: string | null = null;

  constructor(stateDir: string, files: ForeignFiles) {
    this.#files = files;
    this.#isOurs = onDiskOf(stateDir);
  }

  names(folder: string): readonly string[] {
    if (this.#isOurs(folder)) return readdirSync(folder);
    const listed = this.#listed.get(folder);
    if (typeof listed === 'string') throw new Error(listed);
    if (listed === undefined) this.#wantedFolder = folder;
    return listed ?? [];
  }

  readonly bytes = (file: string, maxBytes: number): Buffer => {
    if (this.#isOurs(file)) return readRegularFile(file, maxBytes);
    const reading = this.#read.get(file);
    if (reading === undefined) {
      this.#wanted.add(file);
      throw new NotYet('it is being read');
    }
    if (reading.kind === 'failed') throw new Error(reading.problem);
    if (reading.bytes.length <= maxBytes) return reading.bytes;
    throw new Error(`it has ${reading.bytes.length} bytes, at most ${maxBytes} are read`);
  };

  /** Reads what was asked for and not there. False: there was nothing. */
  async next(): Promise<boolean> {
    const folder = this.#wantedFolder;
    if (folder === null && this.#wanted.size === 0) return false;
    if (folder !== null) this.#listed.set(folder, await this.#files.list(folder));
    this.#wantedFolder = null;
    const files = [...this.#wanted];
    this.#wanted.clear();
    await Promise.all(files.map(async (file) => this.#read.set(file, await this.#files.read(file))));
    return true;
  }
}

/** Whether the folder is not there. */
export function isMissing(error: unknown): boolean {
  return /^ENOENT|^No such file/.test(systemErrorText(error));
}
