import { randomBytes } from 'node:crypto';
import { closeSync, constants, openSync, unlinkSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';

export interface PipeEnds {
  readonly readFd: number;
  readonly writeFd: number;
}

/** Pipes made at once: making them costs one process. */
const BATCH = 64;

/** When so few are left, new ones are made before they are needed. */
const LOW = 16;

/**
 * A stock of real pipes. Node gives a child UNIX sockets for stdout and stderr, and on a socket `echo x >/dev/stderr`
 * fails (ENXIO) in a recipe; and one pipe for both keeps the lines in the order in which they were printed. Node cannot
 * make an anonymous pipe, so named ones are made in advance and lose their name when they are taken.
 */
export class Pipes {
  readonly #stock: string[] = [];
  #filling: Promise<void> | null = null;
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Throws if no pipe can be made (mkfifo missing, file system full). The caller closes both ends. */
  async take(): Promise<PipeEnds> {
    for (;;) {
      const path = this.#stock.pop();
      if (path === undefined) {
        await this.#refill();
        continue;
      }
      // If this fails, the call that finds the stock empty says why.
      if (this.#stock.length < LOW) this.#refill().catch(() => undefined);
      const ends = open(path);
      if (ends !== undefined) return ends;
    }
  }

  /** Removes the pipes that nobody took. */
  async clear(): Promise<void> {
    await this.#filling?.catch(() => undefined);
    this.#stock.length = 0;
    await rm(this.#folder, { recursive: true, force: true });
  }

  #refill(): Promise<void> {
    this.#filling ??= this.#fill().finally(() => {
      this.#filling = null;
    });
    return this.#filling;
  }

  async #fill(): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const series = randomBytes(6).toString('hex');
    const paths = Array.from({ length: BATCH }, (_, index) => join(this.#folder, `${series}-${index}`));
    await execa('mkfifo', ['-m', '600', '--', ...paths], { stdin: 'ignore', timeout: 10_000 });
    this.#stock.push(...paths);
  }
}

/** undefined: somebody removed it; the next one may still be there. */
function open(path: string): PipeEnds | undefined {
  let readFd: number | undefined;
  try {
    readFd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const writeFd = openSync(path, constants.O_WRONLY);
    return { readFd, writeFd };
  } catch (error) {
    if (readFd !== undefined) closeSync(readFd);
    if (isMissing(error)) return undefined;
    throw error;
  } finally {
    remove(path);
  }
}

function remove(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
