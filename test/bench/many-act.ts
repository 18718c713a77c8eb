import { setTimeout as sleep } from 'node:timers/promises';
import { ECHO_MAKEFILE, type Host, type Probe, type Reply, until, worstLoopDelay } from '../lab/index.js';
import { msBetween, now, unixMsOf } from './clock.js';
import { loggedAt } from './cluster-act.js';
import { atRest, type ClusterWorld, configure, EVERYWHERE_PORT } from './cluster-world.js';
import { command } from './command.js';
import type { Run } from './measurement.js';
import type { Act } from './stage.js';
import { median } from './statistics.js';

const SERVICES = 100;
/** Datagrams a second to all together: each service is asked every 40 ms. */
const HZ = 2_500;

/** A node that owns 100 services is cut off. The run's value is the outage of the service that is back last. */
export function manyServices(): Act<ClusterWorld> {
  const names = Array.from({ length: SERVICES }, (_, index) => `S${index}`);
  const addresses = names.map((_, index) => `172.16.16.${index + 1}`);
  const definitions = Object.fromEntries(
    names.map((name, index) => [name, { addresses: [addresses[index]], makefile: ECHO_MAKEFILE }]),
  );
  let probe: Probe | undefined;
  return {
    id: 'many-cut',
    title: '100 services, node cut off',
    value: 'outage of the last one',
    runs: 3,
    secondsPerRun: 13,
    targets: [
      { limit: 2_500, of: 'worst' },
      { limit: 50, of: 'worst', measure: 'eventLoopBlockedMs' },
    ],
    prepare: async (world) => {
      await configure(world, definitions);
      await gather(world);
      probe = await world.client.probe(addresses.join(','), { port: EVERYWHERE_PORT, hz: HZ });
    },
    run: async (world) => {
      if (probe === undefined) throw new Error('not prepared');
      return cutOffWithAll(world, probe, addresses);
    },
    finish: async () => {
      if (probe === undefined) return [];
      await probe.stop();
      return [probe.file];
    },
  };
}

/** They were taken by whoever was ready first. */
async function gather(world: ClusterWorld): Promise<void> {
  const owners = await atRest(world);
  const place = owners.get('S0');
  for (const [name, owner] of owners) {
    if (place !== undefined && owner !== place) await command(owner, `services/${name}/move`, { target: place.name });
  }
  await atRest(world);
}

async function cutOffWithAll(world: ClusterWorld, probe: Probe, addresses: readonly string[]): Promise<Run> {
  const owners = [...(await atRest(world)).values()];
  const owner = owners[0];
  if (owner === undefined || owners.some((other) => other !== owner)) throw new Error('the services are not together');
  await until(() => addresses.every((_, index) => answeredBy(probe, index, addresses.length, owner)), {
    what: `${owner.name} answers for all services`,
  });
  const begin = now();
  const cutAt = await owner.cut();
  const outages = await until(() => outagesSince(probe, addresses.length, cutAt, owner), {
    what: 'all services are answered again',
    timeoutMs: 60_000,
    intervalMs: 100,
  });
  const next = world.nodes.find((node) => node !== owner && node.name === lastSender(probe));
  const cutMs = unixMsOf(cutAt, begin);
  const noticed = next === undefined ? undefined : loggedAt(next, cutMs, /^node .* is unreachable/);
  const delay = next === undefined ? undefined : worstLoopDelay(world.loopDelayFile(next), begin.unixMs);
  await owner.restore();
  await world.lab.converged();
  await atRest(world);
  // For what the return of the owner costs its client.
  await sleep(200);
  return {
    value: Math.max(...outages),
    phases: noticed === undefined ? {} : { detection: noticed - cutMs },
    lost: probe.replies().filter(({ sentAt, receivedAt }) => sentAt >= cutAt && receivedAt === null).length,
    more: {
      firstServiceMs: Math.min(...outages),
      medianServiceMs: median(outages),
      ...(delay === undefined ? {} : { eventLoopBlockedMs: delay.blockedMs, eventLoopLateMs: delay.lateMs }),
    },
  };
}

/** Each service's time without an answer; undefined as long as one has none from another node. */
function outagesSince(probe: Probe, count: number, cutAt: bigint, owner: Host): number[] | undefined {
  const asked = probe.replies().filter(({ sentAt }) => sentAt >= cutAt);
  const outages: number[] = [];
  for (let index = 0; index < count; index++) {
    const ofService = asked.filter(({ sequence }) => sequence % count === index);
    const served = ofService.find(({ sender }) => sender !== null && sender !== owner.name);
    const lost = ofService[0];
    if (served?.receivedAt == null || lost === undefined) return undefined;
    outages.push(msBetween(cutAt, served.receivedAt));
  }
  return outages;
}

function answeredBy(probe: Probe, index: number, count: number, host: Host): boolean {
  const isOurs = ({ sequence, receivedAt }: Reply) => sequence % count === index && receivedAt !== null;
  return probe.replies().findLast(isOurs)?.sender === host.name;
}

function lastSender(probe: Probe): string | null {
  return probe.latest?.sender ?? null;
}
