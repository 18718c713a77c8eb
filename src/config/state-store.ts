import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { PersistedNode, PersistedService } from '../cluster/persistence.js';
import { isName } from '../lsa/limits.js';
import { systemErrorText } from './errors.js';
import { readJson, writeJsonAtomically } from './json-file.js';

const uint32 = z.int().min(0).max(0xffff_ffff);

const nodeSchema: z.ZodType<PersistedNode> = z.object({ epoch: uint32, standby: z.boolean() });

const serviceSchema = z.object({
  deactivated: z.boolean(),
  standby: z.boolean(),
  notStopped: z.boolean(),
  stopFailed: z.string().nullable(),
  highestClaim: uint32,
  lastHolder: z.object({ routerId: uint32, epoch: uint32, counter: uint32 }).nullable().default(null),
});

const NOTHING_PERSISTED_OF_NODE: PersistedNode = { epoch: 0, standby: false };

/**
 * What is assumed of a replica whose record cannot be read: it may be running, so it is stopped before anything else.
 * What an operator had set is lost, and the warning says so.
 */
const UNREADABLE: PersistedService = {
  deactivated: false,
  standby: false,
  notStopped: true,
  stopFailed: null,
  highestClaim: 0,
  lastHolder: null,
};

/**
 * What the node remembers across a restart (src/cluster/persistence.ts): `STATEDIR/node.json` and a file for each
 * service in `STATEDIR/replicas`. Saving is synchronous and durable: the effects that follow may rely on it.
 */
export class StateStore {
  readonly #nodeFile: string;
  readonly #replicas: string;
  readonly #warn: (text: string) => void;
  /** What is on disk, so that a record that did not change costs no write. */
  readonly #saved = new Map<string, string>();

  /** Makes the folders that are missing. Throws the system's error if it cannot. `warn` takes sentences for the log. */
  constructor(stateDir: string, warn: (text: string) => void) {
    this.#nodeFile = join(stateDir, 'node.json');
    this.#replicas = join(stateDir, 'replicas');
    this.#warn = warn;
    for (const folder of [this.#replicas, join(stateDir, 'services')]) {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
    }
  }

  /** What was saved last. A file that cannot be read is warned of, and counts as none. */
  loadNode(): PersistedNode {
    return this.#load(this.#nodeFile, nodeSchema, NOTHING_PERSISTED_OF_NODE) ?? NOTHING_PERSISTED_OF_NODE;
  }

  /** By service name. A file that cannot be read is warned of, and its service is taken to be possibly running. */
  loadServices(): ReadonlyMap<string, PersistedService> {
    const records = new Map<string, PersistedService>();
    for (const entry of this.#entries()) {
      const service = entry.slice(0, -'.json'.length);
      if (!entry.endsWith('.json') || !isName(service)) continue;
      const record = this.#load(join(this.#replicas, entry), serviceSchema, UNREADABLE);
      if (record !== undefined) records.set(service, record);
    }
    return records;
  }

  /** Throws the system's error if it cannot be written. */
  saveNode(record: PersistedNode): void {
    this.#save(this.#nodeFile, record);
  }

  /** Throws the system's error if it cannot be written. */
  saveService(service: string, record: PersistedService): void {
    if (!isName(service)) throw new RangeError(`'${service}' is not the name of a service`);
    this.#save(join(this.#replicas, `${service}.json`), record);
  }

  #entries(): string[] {
    try {
      return readdirSync(this.#replicas);
    } catch (error) {
      this.#warn(`${this.#replicas} cannot be read (${systemErrorText(error)}): nothing is known of an earlier life`);
      return [];
    }
  }

  #load<T>(file: string, schema: z.ZodType<T>, assumed: T): T | undefined {
    const reading = readJson(file, schema);
    switch (reading.kind) {
      case 'read':
        return reading.value;
      case 'missing':
        return undefined;
      case 'corrupt':
        this.#warn(`${file} cannot be read (${reading.reason}): assuming ${JSON.stringify(assumed)}`);
        return assumed;
    }
  }

  #save(file: string, record: object): void {
    const text = JSON.stringify(record);
    if (this.#saved.get(file) === text) return;
    this.#saved.delete(file);
    writeJsonAtomically(file, record);
    this.#saved.set(file, text);
  }
}
