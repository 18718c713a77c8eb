import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bootId, isDead, killProcessGroup, processGroupGone, processStat } from './process-group.js';

/** A primitive that was running when an earlier daemon died. */
export interface Leftover {
  readonly service: string;
  readonly primitive: string;
  readonly processGroup: number;
  /** False: some process of it is in uninterruptible sleep and still there. */
  readonly gone: boolean;
}

/** How long to wait for killed processes to be gone, in ms. */
const GONE_LIMIT_MS = 2_000;

/** A record while it is written: one at a time, since nothing is awaited. */
const UNNAMED = 'new';

/**
 * Remembers which process groups are running, one small file each, named by the process group. They need not reach the
 * disk: they are for a daemon that dies, and after a machine that dies the boot ID makes them void.
 *
 * A daemon killed between the start of make and the record (some 0.1 ms) leaves no record.
 */
export class RunningRecords {
  readonly #boot = bootId();
  readonly #own = new Set<number>();
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Throws if the record cannot be written. */
  add(processGroup: number, service: string, primitive: string): void {
    const startTime = processStat(processGroup)?.startTime;
    if (startTime === undefined) return;
    this.#own.add(processGroup);
    const record = JSON.stringify({ boot: this.#boot, startTime, service, primitive });
    const unnamed = join(this.#folder, UNNAMED);
    try {
      writeFileSync(unnamed, record, { mode: 0o600 });
    } catch {
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
      writeFileSync(unnamed, record, { mode: 0o600 });
    }
    // A daemon killed between creating a file and filling it would leave a record that says nothing.
    renameSync(unnamed, join(this.#folder, String(processGroup)));
  }

  remove(processGroup: number): void {
    this.#own.delete(processGroup);
    rmSync(join(this.#folder, String(processGroup)), { force: true });
  }

  /**
   * Kills what an earlier life left running and forgets the records. Only a group whose leader is still the recorded
   * process is touched: where make has ended, the primitive has, and what it left in the background is the service.
   */
  async killAll(): Promise<readonly Leftover[]> {
    const found = this.#read();
    for (const leftover of found) killProcessGroup(leftover.processGroup);
    const leftovers = await Promise.all(
      found.map(async (one) => ({ ...one, gone: await processGroupGone(one.processGroup, GONE_LIMIT_MS) })),
    );
    for (const processGroup of this.#foreign()) this.remove(processGroup);
    return leftovers;
  }

  #foreign(): number[] {
    return entries(this.#folder).filter((processGroup) => !this.#own.has(processGroup));
  }

  #read(): Omit<Leftover, 'gone'>[] {
    return this.#foreign().flatMap((processGroup) => {
      const record = parse(join(this.#folder, String(processGroup)));
      if (record === undefined || record.boot !== this.#boot || !isLeader(processGroup, record.startTime)) return [];
      return [{ service: record.service, primitive: record.primitive, processGroup }];
    });
  }
}

function isLeader(pid: number, startTime: number): boolean {
  const stat = processStat(pid);
  return stat !== undefined && stat.startTime === startTime && stat.processGroup === pid && !isDead(stat);
}

function entries(folder: string): number[] {
  try {
    return readdirSync(folder)
      .filter((name) => /^[1-9]\d*$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}

interface RunningRecord {
  readonly boot: string;
  readonly startTime: number;
  readonly service: string;
  readonly primitive: string;
}

/** undefined: not one of ours, or cut short by the death of the machine. */
function parse(path: string): RunningRecord | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is RunningRecord {
  if (typeof value !== 'object' || value === null) return false;
  if (!('boot' in value && 'startTime' in value && 'service' in value && 'primitive' in value)) return false;
  return (
    typeof value.boot === 'string' &&
    typeof value.startTime === 'number' &&
    typeof value.service === 'string' &&
    typeof value.primitive === 'string'
  );
}
