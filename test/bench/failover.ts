import type { Host } from '../lab/index.js';
import { unixMsOf } from './clock.js';
import { answeredFor, loggedAt, type Outcome, outcome, phasesOf, type Scene } from './cluster-act.js';
import { atRest } from './cluster-world.js';
import type { Run } from './measurement.js';

export interface Failover {
  /** Does it, and returns the time just before. */
  fault(scene: Scene): Promise<bigint>;
  /** What the next owner logs when it knows. */
  readonly noticed: RegExp;
  /** Mends what was broken; absent: nothing was. */
  mend?(scene: Scene): Promise<void>;
  /** What the run is about; default the outage. */
  measure?(outcome: Outcome, faultAt: bigint): number;
  /** After the failover, before mending. */
  look?(scene: Scene, faultAt: bigint): Promise<Record<string, number>>;
}

/** The owner is hit, another node takes over, and what was broken is mended. */
export async function failover(scene: Scene, plan: Failover): Promise<Run> {
  const { world, probe, owner, service, address, begin } = scene;
  const faultAt = await plan.fault(scene);
  const { sender } = await probe.until((reply) => reply.sender !== owner.name, { since: faultAt, timeoutMs: 60_000 });
  const next = hostNamed(world.nodes, sender);
  await answeredFor(probe, next, 100);
  const looked = (await plan.look?.(scene, faultAt)) ?? {};
  const faultMs = unixMsOf(faultAt, begin);
  const seen = await outcome(probe, faultAt, next.name);
  const addressUp = world.addresses.get(next)?.cameUp(address, faultMs);
  const routeUp = addressUp === undefined ? undefined : world.routes.cameUp(address, addressUp);
  const marks = {
    fault: faultMs,
    noticed: loggedAt(next, faultMs, plan.noticed),
    addressUp,
    answered: unixMsOf(seen.answeredAt, begin),
    starting: loggedAt(next, faultMs, /-> active\/starting/, service),
    started: loggedAt(next, faultMs, /-> active\/started/, service),
  };
  await plan.mend?.(scene);
  await atRest(world);
  await answeredFor(probe, next, 200);
  const all = await outcome(probe, faultAt, next.name);
  return {
    value: plan.measure?.(seen, faultAt) ?? seen.outageMs,
    phases: phasesOf(marks),
    lost: all.lost,
    more: {
      longestOutageMs: all.longestMs,
      ...(addressUp === undefined || routeUp === undefined ? {} : { clientsRouterMs: routeUp - addressUp }),
      ...looked,
    },
  };
}

export function hostNamed(hosts: readonly Host[], name: string | null): Host {
  const host = hosts.find((each) => each.name === name);
  if (host === undefined) throw new Error(`${name} answered, which is no node`);
  return host;
}
