import type { Host, Probe } from '../../lab/index.js';
import { answeredFor, outcome } from '../cluster-act.js';
import type { Run } from '../measurement.js';
import type { Act } from '../stage.js';
import { PEER_ADDRESS, type PeerWorld, serverNow } from './peer-world.js';

export interface PeerParts<World extends PeerWorld> {
  readonly id: string;
  readonly title: string;
  readonly runs: number;
  readonly secondsPerRun: number;
  /** Takes the address away from its owner; returns the time just before. */
  hit(world: World, owner: Host): Promise<bigint>;
  /** Makes the machine whole again, and waits until it is ready to take over. */
  mend(world: World, owner: Host): Promise<void>;
}

/** An owner is hit, and the client waits for another one. */
export function peerAct<World extends PeerWorld>(parts: PeerParts<World>): Act<World> {
  let probe: Probe | undefined;
  return {
    ...parts,
    peer: true,
    value: 'outage',
    targets: [],
    prepare: async ({ client }) => {
      probe = await client.probe(PEER_ADDRESS);
    },
    run: async (world) => {
      if (probe === undefined) throw new Error('not prepared');
      return oneRun(world, probe, parts);
    },
    finish: async () => {
      if (probe === undefined) return [];
      await probe.stop();
      return [probe.file];
    },
  };
}

async function oneRun<World extends PeerWorld>(world: World, probe: Probe, parts: PeerParts<World>): Promise<Run> {
  const owner = await serverNow(world, probe);
  await answeredFor(probe, owner, 200);
  const hitAt = await parts.hit(world, owner);
  const { sender } = await probe.until((reply) => reply.sender !== owner.name, { since: hitAt, timeoutMs: 60_000 });
  const next = world.nodes.find(({ name }) => name === sender) ?? owner;
  await answeredFor(probe, next, 300);
  const seen = await outcome(probe, hitAt, next.name);
  await parts.mend(world, owner);
  await answeredFor(probe, await serverNow(world, probe), 100);
  const all = await outcome(probe, hitAt, next.name);
  return { value: seen.outageMs, phases: {}, lost: all.lost, more: { longestOutageMs: all.longestMs } };
}
