import { join } from 'node:path';
import { z } from 'zod';
import { readJson, systemErrorText, writeJsonAtomically } from '../files/index.js';
import { formatRouterId, MAX_EPOCH, parseRouterId } from '../model/index.js';
import type { Mark } from './lives.js';

const VERSION = 1;
const DELAY_MS = 200;

const schema = z.strictObject({
  version: z.literal(VERSION),
  nodes: z.array(
    z.strictObject({
      routerId: z.string(),
      epoch: z.int().min(0).max(MAX_EPOCH),
      counter: z
        .int()
        .min(0)
        .max(2 ** 32 - 1),
      highest: z.int().min(0).max(MAX_EPOCH),
    }),
  ),
});

/** Keeps in the state directory which life of each node counts. Without it each node is asked anew. */
export class MarksFile {
  readonly #file: string;
  readonly #problem: (text: string) => void;
  #marks: (() => readonly Mark[]) | null = null;
  #timer: NodeJS.Timeout | null = null;

  constructor(stateDir: string, problem: (text: string) => void) {
    this.#file = join(stateDir, 'lives.json');
    this.#problem = problem;
  }

  load(): Mark[] {
    const read = readJson(this.#file, schema);
    if (read.kind === 'corrupt') {
      this.#problem(
        `${this.#file} is not used: ${read.reason}. Every node is asked whether it is the one that lives now`,
      );
    }
    if (read.kind !== 'read') return [];
    return read.value.nodes.flatMap(({ routerId: quad, ...mark }) => {
      const routerId = parseRouterId(quad);
      return routerId === undefined ? [] : [{ routerId, ...mark }];
    });
  }

  /** A little later, so that a burst of changes is one write. */
  soon(marks: () => readonly Mark[]): void {
    this.#marks = marks;
    this.#timer ??= setTimeout(() => this.flush(), DELAY_MS).unref();
  }

  /** What is still to be written is. */
  flush(): void {
    clearTimeout(this.#timer ?? undefined);
    this.#timer = null;
    const marks = this.#marks?.() ?? null;
    this.#marks = null;
    if (marks !== null) this.#save(marks);
  }

  #save(marks: readonly Mark[]): void {
    const nodes = marks.map(({ routerId, ...mark }) => ({ routerId: formatRouterId(routerId), ...mark }));
    try {
      // A record that a power failure takes only makes this node ask: no failover waits for the disk.
      writeJsonAtomically(this.#file, { version: VERSION, nodes }, { durable: false });
    } catch (error) {
      this.#problem(`${this.#file} cannot be written: ${systemErrorText(error)}`);
    }
  }
}
