import { setTimeout as sleep } from 'node:timers/promises';
import type { Host, Probe, Reply } from '../lab/index.js';
import { type Moment, msBetween, now } from './clock.js';
import { atRest, type ClusterWorld, configure, type Definitions } from './cluster-world.js';
import type { Phases, Run, Scenario } from './measurement.js';
import type { Act } from './stage.js';

/** One run as the scenario sees it: the world at rest, and the client asking. */
export interface Scene {
  readonly world: ClusterWorld;
  readonly probe: Probe;
  readonly service: string;
  readonly address: string;
  readonly owner: Host;
  /** The time just before the scenario does anything. */
  readonly begin: Moment;
}

export interface ClusterActParts extends Scenario {
  readonly definitions: Definitions;
  /** The service that the client asks. */
  readonly service: string;
  readonly address: string;
  readonly port?: number;
  run(scene: Scene): Promise<Run>;
}

/** Makes an act of a scenario about one service that a client asks 1,000 times a second. */
export function clusterAct(parts: ClusterActParts): Act<ClusterWorld> {
  let probe: Probe | undefined;
  let responders: { stop(): Promise<unknown> }[] = [];
  const { definitions, service, address, port } = parts;
  return {
    ...parts,
    prepare: async (world) => {
      if (port === undefined) responders = world.nodes.map((node) => node.answerAt(address));
      await configure(world, definitions);
      probe = await world.client.probe(address, port === undefined ? {} : { port });
    },
    run: async (world) => {
      if (probe === undefined) throw new Error(`${parts.id} was not prepared`);
      const owner = (await atRest(world)).get(service);
      if (owner === undefined) throw new Error(`${service} is not configured`);
      for (const monitor of [...world.addresses.values(), world.routes]) monitor.forget();
      await answeredFor(probe, owner, 100);
      return parts.run({ world, probe, service, address, owner, begin: now() });
    },
    finish: async () => {
      if (probe === undefined) return [];
      await probe.stop();
      const { file } = probe;
      probe = undefined;
      await Promise.all(responders.splice(0).map((responder) => responder.stop()));
      return [file];
    },
  };
}

/** Waits until this host has answered what is asked from now on, and for so long. */
export async function answeredFor(probe: Probe, host: Host, ms: number): Promise<void> {
  const since = process.hrtime.bigint() + BigInt(ms) * 1_000_000n;
  await probe.until(({ sender, sentAt }) => sender === host.name && sentAt >= since, { timeoutMs: 60_000 });
}

export interface Outcome {
  /** From the first question that was lost until the first answer of the new owner; 0: none was lost. */
  readonly outageMs: number;
  readonly firstLostAt: bigint | null;
  readonly answeredAt: bigint;
  readonly lost: number;
  /** The longest time without an answer until all was well again. */
  readonly longestMs: number;
}

/** What the client saw between a time and now, when the service is with `server`. */
export async function outcome(probe: Probe, since: bigint, server: string): Promise<Outcome> {
  // What was asked just now may still be answered.
  const end = process.hrtime.bigint();
  await sleep(100);
  const asked = probe.replies().filter(({ sentAt }) => sentAt >= since && sentAt < end);
  const served = asked.find(({ sender }) => sender === server);
  if (served?.receivedAt == null) throw new Error(`${server} has answered nothing`);
  const firstLost = asked.find((reply) => reply.receivedAt === null && reply.sequence < served.sequence);
  return {
    outageMs: firstLost === undefined ? 0 : msBetween(firstLost.sentAt, served.receivedAt),
    firstLostAt: firstLost?.sentAt ?? null,
    answeredAt: served.receivedAt,
    lost: asked.filter(({ receivedAt }) => receivedAt === null).length,
    longestMs: longestOutage(asked),
  };
}

function longestOutage(asked: readonly Reply[]): number {
  let longest = 0;
  let firstLost: bigint | null = null;
  for (const { sentAt, receivedAt } of asked) {
    if (receivedAt === null) firstLost ??= sentAt;
    else {
      if (firstLost !== null) longest = Math.max(longest, msBetween(firstLost, receivedAt));
      firstLost = null;
    }
  }
  return firstLost === null ? longest : Number.POSITIVE_INFINITY;
}

export interface Marks {
  /** Milliseconds since 1970, all of them. */
  readonly fault: number;
  readonly noticed: number | undefined;
  readonly addressUp: number | undefined;
  readonly answered: number;
  readonly starting: number | undefined;
  readonly started: number | undefined;
}

export function phasesOf({ fault, noticed, addressUp, answered, started }: Marks): Phases {
  return {
    ...phase('detection', fault, noticed),
    ...phase('decision', noticed ?? fault, addressUp),
    ...phase('route', addressUp, answered),
    ...phase('primitive', addressUp, started),
  };
}

/** Log lines count whole ms: what seems to have been before its cause was at the same time. */
function phase(name: keyof Phases, from: number | undefined, to: number | undefined): Phases {
  if (from === undefined || to === undefined) return {};
  return { [name]: Math.max(0, to - from) };
}

/** When srrd logged something like this about the service, or about no service; in milliseconds since 1970. */
export function loggedAt(node: Host, sinceMs: number, pattern: RegExp, service?: string): number | undefined {
  const line = node.srrd
    .log()
    .find((each) => each.time >= Math.floor(sinceMs) && each.service === service && pattern.test(each.msg));
  return line?.time;
}
