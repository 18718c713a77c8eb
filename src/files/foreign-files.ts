import { setTimeout as sleep } from 'node:timers/promises';
import { type Look, look } from './look.js';
import { mountPointOf } from './mounts.js';
import type { Step } from './step.js';

export type FileReading =
  /** `mode`: as in stat(2). */
  | { readonly kind: 'read'; readonly bytes: Buffer; readonly mode: number }
  /** `problem`: why it cannot be read. */
  | { readonly kind: 'failed'; readonly problem: string };

/** An entry without its content, path and version. */
const ENTRY_BYTES = 200;

interface Known {
  readonly version: string;
  readonly bytes: Buffer;
}

interface Wanted {
  readonly most: number;
  readonly answer: (reading: FileReading) => void;
}

type Waiting = Map<string, Wanted>;

interface Batch {
  readonly answers: Map<string, Promise<FileReading>>;
  /** Without an answer yet. */
  readonly waiting: Waiting;
}

/** How long one file may take, in ms: a disk that answers does so within a few. */
const LIMIT_MS = 5_000;

/** So many bytes of a file are read, unless more are asked for. */
const MOST_BYTES = 1024 * 1024;

/** What is remembered of all files together: those that were asked for longest ago are forgotten first. */
const MOST_KEPT_BYTES = 32 * 1024 * 1024;

/** Before a file is read again while there is no end of it, in ms: so much for each time in a row. */
const PAUSE_MS = 10;
const LONGEST_PAUSE_MS = 100;

/** What has hung is not asked again for so long. */
const SHUN_MS = 30_000;

/** Reads files by child processes with a limit, and remembers what it has read. */
export class ForeignFiles {
  readonly #limitMs: number;
  readonly #mostKeptBytes: number;
  /** In the order in which they were last asked for. */
  readonly #known = new Map<string, Known>();
  #keptBytes = 0;
  /** Files and mount points that have hung, with the time until when they are not asked again. */
  readonly #shunned = new Map<string, number>();
  /** What is asked for in this turn of the event loop, to be asked at once. */
  #batch: Batch | null = null;
  /** What a process reads at present, by path; whoever asks meanwhile needs what the file holds after that. */
  readonly #reading = new Map<string, Promise<FileReading>>();
  /** Asked for meanwhile. */
  readonly #next = new Map<string, Promise<FileReading>>();
  /** How many have followed each other without a break. */
  readonly #inRow = new Map<string, number>();

  constructor(options: { readonly limitMs?: number; readonly mostKeptBytes?: number } = {}) {
    this.#limitMs = options.limitMs ?? LIMIT_MS;
    this.#mostKeptBytes = options.mostKeptBytes ?? MOST_KEPT_BYTES;
  }

  /** What the file held when it was last read; nothing is asked of the disk. */
  known(path: string): Buffer | undefined {
    return this.#known.get(path)?.bytes;
  }

  /**
   * What the file holds now, by its absolute path, if it has no more than so many bytes. Never rejects. Of one file there is
   * one process at a time, and each that follows in a row comes later: to start one holds this process up, and hundreds of
   * services that change at once may have one Makefile.
   */
  read(path: string, most = MOST_BYTES): Promise<FileReading> {
    const next = this.#next.get(path);
    if (next !== undefined) return next;
    const reading = this.#reading.get(path);
    if (reading === undefined) {
      this.#inRow.delete(path);
      return this.#ask(path, most);
    }
    const inRow = this.#inRow.get(path) ?? 0;
    this.#inRow.set(path, inRow + 1);
    const answer = reading
      .then(() => sleep(Math.min(inRow * PAUSE_MS, LONGEST_PAUSE_MS)))
      .then(() => {
        this.#next.delete(path);
        return this.#ask(path, most);
      });
    this.#next.set(path, answer);
    return answer;
  }

  #ask(path: string, most: number): Promise<FileReading> {
    this.#batch ??= this.#newBatch();
    const { answers, waiting } = this.#batch;
    const answer = answers.get(path) ?? new Promise((resolve) => waiting.set(path, { most, answer: resolve }));
    answers.set(path, answer);
    return answer;
  }

  /** The names in a folder; why not, if it cannot be read. */
  async list(folder: string): Promise<readonly string[] | string> {
    if (this.#isShunned(folder)) return hung(folder).problem;
    const { lines, isHung, error } = await look(['list', folder], () => {}, this.#limitMs);
    if (isHung) this.#shun(folder);
    if (isHung) return hung(folder).problem;
    return error ?? lines;
  }

  /** What is at these absolute paths, in their order. Never rejects. */
  async look(paths: readonly string[]): Promise<readonly Step[]> {
    const steps: Step[] = [];
    for (let path = paths[0]; path !== undefined; path = paths[steps.length]) {
      if (this.#isShunned(path)) {
        steps.push(hung(path));
        continue;
      }
      const asked = paths.slice(steps.length, steps.length + AT_ONCE);
      const { lines, isHung, error } = await look(['steps', ...asked], () => {}, this.#limitMs);
      steps.push(...lines.map(understandStep));
      const stuck = asked[lines.length];
      if (stuck === undefined) continue;
      if (isHung) this.#shun(stuck);
      steps.push(isHung ? hung(stuck) : { kind: 'failed', problem: error ?? 'the process that looks at it has ended' });
    }
    return steps;
  }

  /** Whether a file system of these files does not answer; what is in the files is not kept. */
  async isHung(paths: readonly string[]): Promise<boolean> {
    if (paths.length === 0) return false;
    return (await look(['try', ...paths], () => {}, this.#limitMs)).isHung;
  }

  #newBatch(): Batch {
    const batch: Batch = { answers: new Map(), waiting: new Map() };
    setImmediate(() => {
      this.#batch = null;
      for (const [path, answer] of batch.answers) this.#begin(path, answer);
      void this.#readAll(batch.waiting);
    });
    return batch;
  }

  #begin(path: string, answer: Promise<FileReading>): void {
    this.#reading.set(path, answer);
    void answer.then(() => {
      if (this.#reading.get(path) === answer) this.#reading.delete(path);
    });
  }

  async #readAll(waiting: Waiting): Promise<void> {
    while (waiting.size > 0) {
      for (const [path, { answer }] of waiting) {
        if (!this.#isShunned(path)) continue;
        answer(hung(path));
        waiting.delete(path);
      }
      const wanted = [...waiting].slice(0, AT_ONCE).map(([path, { most }]) => ({ path, most }));
      const paths = wanted.map(({ path }) => path);
      const [first] = paths;
      if (first === undefined) return;
      let done = 0;
      const { isHung, error } = await this.#lookAt(wanted, (path, reading) => {
        done += 1;
        waiting.get(path)?.answer(reading);
        waiting.delete(path);
      });
      if (done === paths.length) continue;
      const stuck = paths[done] ?? first;
      if (isHung) this.#shun(stuck);
      else this.#fail(waiting, stuck, error ?? 'the process that reads it has ended');
    }
  }

  #fail(waiting: Waiting, path: string, why: string): void {
    waiting.get(path)?.answer({ kind: 'failed', problem: why });
    waiting.delete(path);
  }

  #lookAt(
    files: readonly { readonly path: string; readonly most: number }[],
    tell: (path: string, reading: FileReading) => void,
  ): Promise<Look> {
    // Until it has answered they may be forgotten.
    const wanted = files.map(({ path }) => ({ path, known: this.#known.get(path) }));
    const asked = files.flatMap(({ path, most }) => [path, this.#known.get(path)?.version ?? '', String(most)]);
    return look(
      ['read', ...asked],
      (answer) => {
        const next = wanted.shift();
        if (next !== undefined) tell(next.path, this.#understand(next.path, answer, next.known));
      },
      this.#limitMs,
    );
  }

  #understand(path: string, answer: string, before: Known | undefined): FileReading {
    const [kind, version = '', text = ''] = answer.split('\t');
    this.#forget(path);
    const known = kind === 'new' ? { version, bytes: Buffer.from(text, 'base64') } : before;
    if (known === undefined || (kind !== 'new' && kind !== 'same')) return { kind: 'failed', problem: version };
    this.#keep(path, known);
    return { kind: 'read', bytes: known.bytes, mode: modeIn(known.version) };
  }

  #keep(path: string, known: Known): void {
    this.#known.set(path, known);
    this.#keptBytes += bytesOf(path, known);
    for (const oldest of this.#known.keys()) {
      if (this.#keptBytes <= this.#mostKeptBytes) return;
      this.#forget(oldest);
    }
  }

  #forget(path: string): void {
    const known = this.#known.get(path);
    if (known === undefined) return;
    this.#keptBytes -= bytesOf(path, known);
    this.#known.delete(path);
  }

  #shun(path: string): void {
    const until = performance.now() + SHUN_MS;
    this.#shunned.set(path, until);
    const mount = mountPointOf(path);
    if (mount !== '/') this.#shunned.set(mount, until);
  }

  #isShunned(path: string): boolean {
    if (this.#shunned.size === 0) return false;
    const now = performance.now();
    for (const [shunned, until] of this.#shunned) if (until < now) this.#shunned.delete(shunned);
    return this.#shunned.has(path) || this.#shunned.has(mountPointOf(path));
  }
}

/** The system limits how many arguments a program takes. */
const AT_ONCE = 500;

/** What remembering a file costs, about. */
function bytesOf(path: string, { bytes, version }: Known): number {
  return bytes.length + path.length + version.length + ENTRY_BYTES;
}

/** stat(1) gives it first, in hexadecimal. */
function modeIn(text: string): number {
  return Number.parseInt(text, 16);
}

function understandStep(line: string): Step {
  const [kind, mode = '', uid, gid, target = ''] = line.split(' ');
  if (kind === 'absent') return { kind };
  if (kind !== 'there') return { kind: 'failed', problem: line.slice('failed '.length) };
  const link = target === '' ? null : Buffer.from(target, 'base64').toString('utf8');
  return { kind, mode: modeIn(mode), uid: Number(uid), gid: Number(gid), target: link };
}

function hung(path: string): FileReading & { readonly kind: 'failed' } {
  const mount = mountPointOf(path);
  // Of a link it is another file system than the one it lies on, and to find out which could hang.
  const where = mount === '/' ? '' : ` (mounted at ${mount})`;
  return { kind: 'failed', problem: `its file system does not answer${where}` };
}
