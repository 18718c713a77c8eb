import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { overwriteJson, readJson, systemErrorText, writeJsonAtomically, writeJsonSafely } from '../files/index.js';
import {
  isName,
  MAX_PERSISTED_HOLDERS,
  NOTHING_PERSISTED_OF_NODE,
  type PersistedNode,
  type PersistedService,
} from '../model/index.js';
import { closeToOthers } from './state-dir.js';

/** As much as a record takes, and the new names of files. */
const PROBE_BYTES = 1024;

const SUFFIX = '.json';

/** Whether it is possible at all is for the core to judge: what stands beside it is not lost with it. */
const growing = z.int().min(0);
const uint32 = z.int().min(0).max(0xffff_ffff);

const nodeSchema: z.ZodType<PersistedNode> = z.object({
  epoch: growing,
  standby: z.boolean(),
  // A record of an earlier version has none.
  issuers: z.array(z.object({ routerId: uint32, epoch: uint32, nonce: uint32 })).default([]),
});

const holder = z.object({ routerId: uint32, epoch: uint32, counter: uint32 });

/** Of a replica: what an operator has set or must be told of, and what a resource needs. Changes seldom. */
const replicaSchema = z.object({
  deactivated: z.boolean(),
  standby: z.boolean(),
  stopFailed: z.string().nullable(),
  holders: z.array(holder).max(MAX_PERSISTED_HOLDERS),
});

/** As it was written when only the last holder was remembered. */
const replicaSchemaBefore = replicaSchema
  .omit({ holders: true })
  .extend({ lastHolder: holder.nullable() })
  .transform(({ lastHolder, ...record }) => ({ ...record, holders: lastHolder === null ? [] : [lastHolder] }));

/** What changes each time the service starts or stops, here or elsewhere. */
const runSchema = z.object({ notStopped: z.boolean(), highestClaim: growing });

type ReplicaRecord = z.infer<typeof replicaSchema>;
type RunRecord = z.infer<typeof runSchema>;

const NOTHING_PERSISTED_OF_REPLICA: ReplicaRecord = {
  deactivated: false,
  standby: false,
  stopFailed: null,
  holders: [],
};
const NOTHING_PERSISTED_OF_RUN: RunRecord = { notStopped: false, highestClaim: 0 };

/** What is assumed where a record cannot be read: the service may be running, so it is stopped before anything else. */
const UNREADABLE_RUN: RunRecord = { notStopped: true, highestClaim: 0 };

export interface SaveOptions {
  /**
   * Whether the record must outlive a power failure even if that follows at once: then this takes what the disk takes.
   * Every record outlives the daemon, and what an operator has set is durable in any case.
   */
  readonly durable: boolean;
}

/**
 * What the node remembers across a restart (src/cluster/persistence.ts): `STATEDIR/node.json`, and for each service a
 * file in `STATEDIR/replicas` and one in `STATEDIR/running`. Saving is synchronous: the effects that follow may rely on it.
 *
 * The two are apart because a failover waits for the second: of a service it need not be on disk, since after a power
 * failure nothing runs any more, and other nodes know the claim.
 */
export class StateStore {
  readonly #nodeFile: string;
  readonly #replicas: string;
  readonly #running: string;
  readonly #probe: string;
  readonly #warn: (text: string) => void;
  /** What has been written, so that a record that did not change costs no write. */
  readonly #saved = new Map<string, string>();

  /** Makes the folders that are missing, and closes what others must not read. Throws the system's error if it cannot. `warn` takes sentences for the log. */
  constructor(stateDir: string, warn: (text: string) => void) {
    this.#nodeFile = join(stateDir, 'node.json');
    this.#replicas = join(stateDir, 'replicas');
    this.#running = join(stateDir, 'running');
    this.#probe = join(stateDir, 'room.json');
    this.#warn = warn;
    // A node that has run had this folder: if it is gone, something is wrong that an empty one would hide.
    const folders = hasRun(stateDir) ? [] : [join(stateDir, 'services')];
    for (const folder of [...folders, this.#replicas, this.#running])
      mkdirSync(folder, { recursive: true, mode: 0o700 });
    try {
      closeToOthers(stateDir);
    } catch (error) {
      warn(`others may read the definitions or their secrets: ${systemErrorText(error)}`);
    }
  }

  /** What was saved last. A file that cannot be read is warned of, and counts as none. */
  loadNode(): PersistedNode {
    return this.#load(this.#nodeFile, nodeSchema, NOTHING_PERSISTED_OF_NODE) ?? NOTHING_PERSISTED_OF_NODE;
  }

  /** By service name. A file that cannot be read is warned of, and its service is taken to be possibly running. */
  loadServices(): ReadonlyMap<string, PersistedService> {
    const services = new Set([this.#replicas, this.#running].flatMap((folder) => this.#servicesIn(folder)));
    return new Map([...services].map((service) => [service, this.#loadService(service)]));
  }

  /** Throws the system's error if it cannot be written. */
  saveNode(record: PersistedNode): void {
    this.#save(this.#nodeFile, record, { durable: true });
  }

  /** Throws the system's error if it cannot be written. */
  saveService(service: string, record: PersistedService, options: SaveOptions): void {
    if (!isName(service)) throw new RangeError(`'${service}' is not the name of a service`);
    const { notStopped, highestClaim, ...replica } = record;
    // This order: a service of which there is no run record has never run.
    this.#save(fileOf(this.#running, service), { notStopped, highestClaim }, options);
    const file = fileOf(this.#replicas, service);
    this.#save(file, replica, { durable: !isFirstWord(file, replica) });
  }

  /**
   * Whether a record that is new could be written: null, or a sentence for who wants something that must be remembered.
   * What is there already can be overwritten even on a full disk.
   */
  noRoom(): string | null {
    try {
      writeJsonAtomically(this.#probe, 'x'.repeat(PROBE_BYTES), { durable: false });
      rmSync(this.#probe);
      return null;
    } catch (error) {
      return `the state directory cannot be written (${systemErrorText(error)}), and this would have to be remembered: make room in ${dirname(this.#probe)}, then try again`;
    }
  }

  #servicesIn(folder: string): string[] {
    try {
      const files = readdirSync(folder).filter((entry) => entry.endsWith(SUFFIX));
      return files.map((entry) => entry.slice(0, -SUFFIX.length)).filter(isName);
    } catch (error) {
      this.#warn(`${folder} cannot be read (${systemErrorText(error)}): nothing is known of an earlier life`);
      return [];
    }
  }

  #loadService(service: string): PersistedService {
    const nothing = NOTHING_PERSISTED_OF_REPLICA;
    const run = this.#load(fileOf(this.#running, service), runSchema, UNREADABLE_RUN);
    const replica = this.#load(fileOf(this.#replicas, service), z.union([replicaSchema, replicaSchemaBefore]), nothing);
    return { ...(replica ?? nothing), ...(run ?? NOTHING_PERSISTED_OF_RUN) };
  }

  #load<T>(file: string, schema: z.ZodType<T>, assumed: T): T | undefined {
    const reading = readJson(file, schema);
    switch (reading.kind) {
      case 'read':
        // What the file says already need not be written in this life: hundreds of files would be, one after the other.
        this.#saved.set(file, JSON.stringify(reading.value));
        return reading.value;
      case 'missing':
        return undefined;
      case 'corrupt':
        this.#warn(`${file} cannot be read (${reading.reason}): assuming ${JSON.stringify(assumed)}`);
        return assumed;
    }
  }

  #save(file: string, record: object, options: SaveOptions): void {
    const text = JSON.stringify(record);
    if (this.#saved.get(file) === text) return;
    this.#saved.delete(file);
    if (options.durable) writeJsonSafely(file, record);
    else overwriteJson(file, record);
    this.#saved.set(file, text);
  }
}

/** Whether srrd has ever run with this state directory. */
export function hasRun(stateDir: string): boolean {
  return existsSync(join(stateDir, 'replicas'));
}

/**
 * Nothing is to be remembered, as without the file. It is written all the same, for a disk that is full later has room to
 * overwrite it; but with hundreds of new services nobody waits for the disk that often.
 */
function isFirstWord(file: string, record: object): boolean {
  return JSON.stringify(record) === JSON.stringify(NOTHING_PERSISTED_OF_REPLICA) && !existsSync(file);
}

function fileOf(folder: string, service: string): string {
  return join(folder, `${service}${SUFFIX}`);
}
