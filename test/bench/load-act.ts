import { setTimeout as sleep } from 'node:timers/promises';
import type { Host } from '../lab/index.js';
import { type ClusterActParts, clusterAct, outcome, type Scene } from './cluster-act.js';
import { atRest, type ClusterWorld } from './cluster-world.js';
import type { Run } from './measurement.js';
import type { Act } from './stage.js';

/**
 * The old generations of announcements are deleted 11 s after their successors went out: an event's load is over then
 * (docs/flooding.md).
 */
const OVER_MS = 14_000;

export interface LoadParts extends Pick<ClusterActParts, 'definitions' | 'service' | 'address'> {
  readonly id: string;
  readonly title: string;
  /** Something else was done just before. */
  readonly afterOthers?: boolean;
  /** What is done, and mended at once. */
  readonly event: (scene: Scene) => Promise<void>;
}

/**
 * What the whole network carries while something happens, and in the same time at rest: all FRRs together. Measured from
 * just before the event until the last trace of it is gone.
 */
export function loadAct(parts: LoadParts): Act<ClusterWorld> {
  return clusterAct({
    ...parts,
    value: 'LS Updates',
    unit: 'bytes',
    runs: 1,
    secondsPerRun: (OVER_MS / 1000 + 2) * (parts.afterOthers ? 2 : 1),
    targets: [],
    run: (scene) => measureLoad(scene, parts),
  });
}

async function measureLoad(scene: Scene, { event, afterOthers }: LoadParts): Promise<Run> {
  const { world, probe, owner, service } = scene;
  // The loads are measured one after the other: only what was done before the first may still be going on.
  if (afterOthers) await sleep(OVER_MS);
  const hosts = world.lab.hosts.filter((host) => host.hasFrr);
  await Promise.all(hosts.map(countPackets));
  const since = process.hrtime.bigint();
  const before = await countersOf(hosts);
  const lsas = new LsaCounter(await databaseOf(world.r1));
  const begin = performance.now();
  let happening = true;
  const happened = event(scene).finally(() => {
    happening = false;
  });
  while (happening || performance.now() - begin < OVER_MS) {
    lsas.look(await databaseOf(world.r1));
    await sleep(250);
  }
  await happened;
  const after = await countersOf(hosts);
  const seconds = (performance.now() - begin) / 1000;
  const server = (await atRest(world)).get(service) ?? owner;
  const seen = await outcome(probe, since, server.name);
  const more = Object.fromEntries(Object.keys(after).map((name) => [name, (after[name] ?? 0) - (before[name] ?? 0)]));
  return {
    value: more.lsUpdateBytes ?? Number.NaN,
    phases: {},
    lost: seen.lost,
    more: { seconds, ...more, ...lsas.result() },
  };
}

const KINDS = ['hello', 'dbDescription', 'lsRequest', 'lsUpdate', 'lsAck'] as const;

/** Every OSPF and BFD packet once, where it is sent. The type is the second byte of an OSPF packet (RFC 2328 A.3.1). */
async function countPackets(host: Host): Promise<void> {
  const counters = [...KINDS, 'bfd'].map((name) => `counter ${name} {}`);
  const rules = KINDS.map((name, index) => `meta l4proto 89 @th,8,8 ${index + 1} counter name ${name}`);
  const text = `table inet bench
delete table inet bench
table inet bench {
  ${counters.join('\n  ')}
  chain output {
    type filter hook output priority 0; policy accept;
    ${rules.join('\n    ')}
    udp dport 3784 counter name bfd
  }
}
`;
  await host.exec(['nft', '-f', '-'], { input: text });
}

/** Sums of all hosts. */
async function countersOf(hosts: readonly Host[]): Promise<Record<string, number>> {
  const sums: Record<string, number> = {};
  const add = (name: string, count: number): void => {
    sums[name] = (sums[name] ?? 0) + count;
  };
  for (const host of hosts) {
    const { stdout } = await host.exec(['nft', '-j', 'list', 'counters', 'table', 'inet', 'bench']);
    const { nftables }: { nftables: { counter?: { name: string; packets: number; bytes: number } }[] } =
      JSON.parse(stdout);
    for (const { counter } of nftables) {
      if (counter === undefined) continue;
      add(`${counter.name}Packets`, counter.packets);
      add(`${counter.name}Bytes`, counter.bytes);
    }
    const { areas }: { areas: Record<string, { spfExecutedCounter: number }> } = JSON.parse(
      await host.vtysh('show ip ospf json'),
    );
    for (const area of Object.values(areas)) add('spfRuns', area.spfExecutedCounter);
  }
  return sums;
}

/** By "SECTION|link state ID|advertising router". */
type Database = ReadonlyMap<string, { readonly sequence: number; readonly ageSeconds: number }>;

const MAX_AGE_SECONDS = 3600;

async function databaseOf(router: Host): Promise<Database> {
  const found = new Map<string, { sequence: number; ageSeconds: number }>();
  let section = '';
  for (const line of (await router.vtysh('show ip ospf database')).split('\n')) {
    const lsa = /^(\S+)\s+(\d+\.\d+\.\d+\.\d+)\s+(\d+)\s+0x([0-9a-f]{8})\s/.exec(line);
    if (lsa === null) section = /^\s+(.*)$/.exec(line)?.[1] ?? section;
    else
      found.set(`${section}|${lsa[1]}|${lsa[2]}`, {
        sequence: Number.parseInt(lsa[4] ?? '0', 16) | 0,
        ageSeconds: Number(lsa[3]),
      });
  }
  return found;
}

/** Counts originations, by what one router's database has in short intervals. */
class LsaCounter {
  #opaque = 0;
  #other = 0;
  #flushed = 0;

  constructor(private last: Database) {}

  look(present: Database): void {
    for (const [key, { sequence, ageSeconds }] of present) {
      const before = this.last.get(key);
      const instances = before === undefined ? 1 : Math.max(0, sequence - before.sequence);
      if (key.includes('Opaque')) this.#opaque += instances;
      else this.#other += instances;
      if (ageSeconds >= MAX_AGE_SECONDS && before !== undefined && before.ageSeconds < MAX_AGE_SECONDS)
        this.#flushed += 1;
    }
    for (const [key, { ageSeconds }] of this.last) {
      if (!present.has(key) && ageSeconds < MAX_AGE_SECONDS) this.#flushed += 1;
    }
    this.last = present;
  }

  result(): Record<string, number> {
    return { opaqueLsas: this.#opaque, otherLsas: this.#other, deletedLsas: this.#flushed };
  }
}
