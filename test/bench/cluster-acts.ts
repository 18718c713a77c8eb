import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CHECKOUT } from '../lab/checkout.js';
import { ECHO_MAKEFILE, type Host, holders, watchingTheLoop } from '../lab/index.js';
import { msBetween, unixMsOf } from './clock.js';
import { answeredFor, clusterAct, loggedAt, outcome, phasesOf, type Scene } from './cluster-act.js';
import { atRest, type ClusterWorld, type Definitions } from './cluster-world.js';
import { command } from './command.js';
import { failover } from './failover.js';
import { loadAct } from './load-act.js';
import type { Run } from './measurement.js';
import type { Act } from './stage.js';

const ECHO = 'ECHO';
const ECHO_ADDRESS = '172.16.15.1';
const ECHO_SERVICE: Definitions = { [ECHO]: { addresses: [ECHO_ADDRESS], makefile: ECHO_MAKEFILE } };
const OVERLAP = 'OVERLAP';
const OVERLAP_ADDRESS = '172.16.15.5';
const OVERLAPPING: Definitions = {
  [OVERLAP]: { addresses: [OVERLAP_ADDRESS], makefile: ECHO_MAKEFILE, handover: 'overlap' },
};

const REAL = 'REAL';
const REAL_ADDRESS = '172.16.15.2';
const REAL_PORT = 7009;
const realService = (maxRestarts: number): Definitions => ({
  [REAL]: {
    addresses: [REAL_ADDRESS],
    makefile: join(CHECKOUT, 'test', 'lab', 'services', 'responder', 'Makefile'),
    variables: { PORT: String(REAL_PORT) },
    check: { interval: '1s', timeout: '1s', maxRestarts },
  },
});

const FEED_ADDRESS = '172.16.15.3';
const free = { makefile: ECHO_MAKEFILE, group: 'SHOP' };
const SHOP: Definitions = {
  DISK: { ...free, critical: true, takeoverDelay: '0s' },
  WEB: { ...free, critical: true, addresses: ['172.16.15.4'], dependsOn: ['DISK'] },
  FEED: { ...free, critical: true, addresses: [FEED_ADDRESS], dependsOn: ['WEB'] },
};

const UNREACHABLE = /^node .* is unreachable/;
const OWNER = /owner is/;

const echo = { definitions: ECHO_SERVICE, service: ECHO, address: ECHO_ADDRESS, value: 'outage' } as const;
const real = { service: REAL, address: REAL_ADDRESS, port: REAL_PORT, value: 'outage' } as const;

export const CLUSTER_ACTS: readonly Act<ClusterWorld>[] = [
  clusterAct({
    ...echo,
    id: 'move',
    title: 'planned move',
    runs: 10,
    secondsPerRun: 1.5,
    targets: [{ limit: 60, of: 'median' }],
    run: move,
  }),
  clusterAct({
    ...echo,
    id: 'move-overlap',
    title: 'planned move, handover: overlap',
    definitions: OVERLAPPING,
    service: OVERLAP,
    address: OVERLAP_ADDRESS,
    runs: 20,
    secondsPerRun: 1.5,
    targets: [{ limit: 0, of: 'worst', measure: 'lost' }],
    run: move,
  }),
  clusterAct({
    ...echo,
    id: 'cut',
    title: 'node cut off',
    runs: 10,
    secondsPerRun: 6,
    targets: [{ limit: 220, of: 'median' }],
    run: cutOff,
  }),
  clusterAct({
    ...echo,
    id: 'ospfd-killed',
    title: 'ospfd killed',
    runs: 10,
    secondsPerRun: 6,
    targets: [{ limit: 100, of: 'median' }],
    run: (scene) =>
      failover(scene, {
        noticed: UNREACHABLE,
        fault: (s) => killDaemon(s.owner, 'ospfd'),
        mend: async ({ owner, world }) => {
          await owner.frr.start('ospfd');
          await world.lab.converged();
        },
      }),
  }),
  clusterAct({
    ...echo,
    id: 'zebra-killed',
    title: 'zebra killed, and started again',
    runs: 3,
    secondsPerRun: 7,
    targets: [],
    run: zebraKilled,
  }),
  clusterAct({
    ...echo,
    id: 'srrd-killed',
    title: 'srrd killed',
    runs: 10,
    secondsPerRun: 10,
    targets: [
      { limit: 100, of: 'worst', measure: 'longestOutageMs' },
      { limit: 1, of: 'worst', measure: 'ownersAfter4s' },
    ],
    run: (scene) =>
      failover(scene, {
        noticed: OWNER,
        fault: async ({ owner }) => {
          const at = process.hrtime.bigint();
          await owner.srrd.kill();
          return at;
        },
        look: ownersAfter4s,
        mend: async ({ owner, world }) => {
          await owner.startSrrd({ environment: watchingTheLoop(world.loopDelayFile(owner)) });
        },
      }),
  }),
  clusterAct({
    ...echo,
    id: 'srrd-frozen',
    title: 'srrd frozen (time until moved)',
    value: 'time until moved',
    runs: 10,
    secondsPerRun: 10,
    targets: [{ limit: 5_000, of: 'worst' }],
    run: (scene) =>
      failover(scene, {
        noticed: OWNER,
        fault: async ({ owner }) => {
          const at = process.hrtime.bigint();
          owner.srrd.freeze();
          return at;
        },
        measure: ({ answeredAt }, faultAt) => msBetween(faultAt, answeredAt),
        look: async ({ owner }) => {
          owner.srrd.thaw();
          return {};
        },
      }),
  }),
  clusterAct({
    ...real,
    id: 'process-dies',
    title: 'service process dies, check each 1 s',
    definitions: realService(1_000),
    runs: 5,
    secondsPerRun: 2.5,
    targets: [],
    run: processDies,
  }),
  clusterAct({
    ...real,
    id: 'hangs',
    title: 'service hangs, check each 1 s',
    definitions: realService(0),
    runs: 5,
    secondsPerRun: 3,
    targets: [],
    run: hangs,
  }),
  clusterAct({
    id: 'group-moves',
    title: 'group of three, planned move',
    value: 'outage',
    definitions: SHOP,
    service: 'FEED',
    address: FEED_ADDRESS,
    runs: 10,
    secondsPerRun: 2,
    targets: [],
    run: move,
  }),
  clusterAct({
    id: 'group-cut',
    title: 'group of three, node cut off',
    value: 'outage',
    definitions: SHOP,
    service: 'FEED',
    address: FEED_ADDRESS,
    runs: 3,
    secondsPerRun: 12,
    targets: [],
    run: cutOff,
  }),
];

export const LOAD_ACTS: readonly Act<ClusterWorld>[] = [
  loadAct({ ...echo, id: 'load-rest', title: 'load at rest', afterOthers: true, event: async () => {} }),
  loadAct({
    ...echo,
    id: 'load-move',
    title: 'load of a planned move',
    event: async ({ world, owner, service }) => {
      const target = world.nodes.find((node) => node !== owner);
      await command(owner, `services/${service}/move`, { target: target?.name });
    },
  }),
  loadAct({
    ...echo,
    id: 'load-cut',
    title: 'load of a node cut off for 2 s',
    event: async ({ world, owner }) => {
      await owner.cut();
      await sleep(2_000);
      await owner.restore();
      await world.lab.converged();
    },
  }),
];

function cutOff(scene: Scene): Promise<Run> {
  return failover(scene, {
    noticed: UNREACHABLE,
    fault: ({ owner }) => owner.cut(),
    mend: async ({ owner, world }) => {
      await owner.restore();
      await world.lab.converged();
    },
  });
}

/** Commanded on a third node, so that the command travels too. */
async function move(scene: Scene): Promise<Run> {
  const { world, probe, service, address, owner, begin } = scene;
  const [target, third] = world.nodes.filter((node) => node !== owner);
  if (target === undefined || third === undefined) throw new Error('a move needs three nodes');
  const commandedAt = process.hrtime.bigint();
  await command(third, `services/${service}/move`, { target: target.name });
  await probe.until(({ sender }) => sender === target.name, { since: commandedAt });
  await atRest(world);
  await answeredFor(probe, target, 300);
  const seen = await outcome(probe, commandedAt, target.name);
  const fault = unixMsOf(seen.firstLostAt ?? seen.answeredAt, begin);
  const commandedMs = unixMsOf(commandedAt, begin);
  const addressUp = world.addresses.get(target)?.cameUp(address, commandedMs);
  const routeUp = addressUp === undefined ? undefined : world.routes.cameUp(address, addressUp);
  return {
    value: seen.outageMs,
    phases: phasesOf({
      fault,
      noticed: undefined,
      addressUp,
      answered: unixMsOf(seen.answeredAt, begin),
      starting: undefined,
      started: loggedAt(target, commandedMs, /-> active\/started/, service),
    }),
    lost: seen.lost,
    more: {
      longestOutageMs: seen.longestMs,
      commandToAnswerMs: msBetween(commandedAt, seen.answeredAt),
      ...(addressUp === undefined || routeUp === undefined ? {} : { clientsRouterMs: routeUp - addressUp }),
    },
  };
}

/**
 * zebra dies, and what watchfrr does then happens: it stops the other daemons, and starts them all anew. The half second
 * before that is longer than it takes watchfrr to notice, so that a consequence of the death alone would be seen.
 */
function zebraKilled(scene: Scene): Promise<Run> {
  return failover(scene, {
    noticed: UNREACHABLE,
    fault: async ({ owner, probe }) => {
      const killedAt = await killDaemon(owner, 'zebra');
      await answeredFor(probe, owner, 500);
      await Promise.all([owner.frr.kill('ospfd', 'SIGTERM'), owner.frr.kill('bfdd', 'SIGTERM')]);
      return killedAt;
    },
    mend: async ({ owner, world }) => {
      await owner.frr.startAll();
      await world.lab.converged();
    },
  });
}

async function processDies(scene: Scene): Promise<Run> {
  const { probe, owner, world, service, begin } = scene;
  const faultAt = signalService(scene, 'SIGKILL');
  await probe.until(({ sender, sentAt }) => sender !== null && sentAt > faultAt, {
    since: faultAt + 20_000_000n,
    timeoutMs: 30_000,
  });
  const server = (await atRest(world)).get(service) ?? owner;
  await answeredFor(probe, server, 200);
  const seen = await outcome(probe, faultAt, server.name);
  const faultMs = unixMsOf(faultAt, begin);
  const noticed = loggedAt(owner, faultMs, /^check \d+ of \d+ failed/, service);
  const answered = unixMsOf(seen.answeredAt, begin);
  return {
    value: seen.outageMs,
    phases: noticed === undefined ? {} : { detection: noticed - faultMs, primitive: answered - noticed },
    lost: seen.lost,
    more: { moved: server === owner ? 0 : 1 },
  };
}

function hangs(scene: Scene): Promise<Run> {
  return failover(scene, {
    noticed: OWNER,
    fault: async () => signalService(scene, 'SIGSTOP'),
    mend: async ({ owner, service }) => {
      await command(owner, `services/${service}/clear`, {});
    },
  });
}

function signalService({ owner, service }: Scene, signal: NodeJS.Signals): bigint {
  const file = join(owner.srrd.stateDirectory, 'run', service, 'responder.pid');
  const pid = Number(readFileSync(file, 'utf8'));
  const at = process.hrtime.bigint();
  process.kill(pid, signal);
  return at;
}

async function killDaemon(owner: Host, daemon: 'ospfd' | 'zebra'): Promise<bigint> {
  const at = process.hrtime.bigint();
  await owner.frr.kill(daemon);
  return at;
}

async function ownersAfter4s({ world, address }: Scene, faultAt: bigint): Promise<Record<string, number>> {
  const sinceMs = msBetween(faultAt, process.hrtime.bigint());
  await sleep(Math.max(0, 4_000 - sinceMs));
  return { ownersAfter4s: (await holders(world.nodes, address)).length };
}
