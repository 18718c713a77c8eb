import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { run } from '../../lab/command.js';
import type { Host, ManagedProcess } from '../../lab/index.js';
import { type Stage, stage } from '../stage.js';
import { peerAct } from './peer-acts.js';
import { buildPeerLab, PEER_ADDRESS, type PeerWorld } from './peer-world.js';

interface KeepalivedWorld extends PeerWorld {
  readonly advertSeconds: number;
  readonly daemons: Map<Host, ManagedProcess>;
}

/** Two machines, VRRP version 3, nobody preferred (`nopreempt`): as equal as our nodes. */
export function keepalivedStage(advertSeconds: number, id: string, runs: number): Stage {
  const adverts = advertSeconds < 1 ? `${advertSeconds * 1000} ms adverts` : 'default';
  // Three adverts and a little are waited for.
  const detectionSeconds = 3.6 * advertSeconds;
  return stage<KeepalivedWorld>({
    name: `keepalived, ${adverts}`,
    seconds: 3 + detectionSeconds,
    build: async () => {
      const lab = await buildPeerLab(id.replaceAll('-', ''), ['k1', 'k2']);
      const world = { ...lab, advertSeconds, daemons: new Map<Host, ManagedProcess>() };
      for (const node of world.nodes) start(world, node);
      return world;
    },
    versions: async () => {
      // It says its version on standard error.
      const { stderr, stdout } = await run(['keepalived', '--version']);
      return { keepalived: /v(\d\S*)/.exec(`${stdout}${stderr}`)?.[1] ?? 'unknown' };
    },
    destroy: ({ lab }) => lab.destroy(),
    acts: [
      peerAct<KeepalivedWorld>({
        id: `${id}-move`,
        title: `keepalived, ${adverts}: planned move`,
        runs,
        secondsPerRun: 3 + detectionSeconds,
        // A master that ends in order says so: priority 0.
        hit: async ({ daemons }, owner) => {
          const at = process.hrtime.bigint();
          await daemons.get(owner)?.stop();
          return at;
        },
        mend: async (world, owner) => {
          start(world, owner);
          await sleep(1_000);
        },
      }),
      peerAct<KeepalivedWorld>({
        id: `${id}-cut`,
        title: `keepalived, ${adverts}: node cut off`,
        runs,
        secondsPerRun: 3 + 2 * detectionSeconds,
        hit: (_, owner) => owner.cut(),
        // Both are masters now; the one with the lower address gives in. Started anew, it does not disturb.
        mend: async (world, owner) => {
          await world.daemons.get(owner)?.stop();
          await owner.restore();
          start(world, owner);
          await sleep(1_000);
        },
      }),
    ],
  });
}

function start(world: KeepalivedWorld, node: Host): void {
  const directory = join(node.directory, 'keepalived');
  mkdirSync(directory, { recursive: true });
  const file = join(directory, 'keepalived.conf');
  writeFileSync(file, configuration(node, world.advertSeconds), { mode: 0o600 });
  const pids = ['-p', join(directory, 'pid'), '-r', join(directory, 'vrrp.pid'), '-c', join(directory, 'check.pid')];
  world.daemons.set(node, node.spawn('keepalived', ['keepalived', '-n', '-l', '-f', file, ...pids]));
}

function configuration(node: Host, advertSeconds: number): string {
  return `global_defs {
  router_id ${node.name}
  vrrp_version 3
}
vrrp_instance bench {
  state BACKUP
  nopreempt
  interface ${node.link().interface}
  virtual_router_id 51
  priority 100
  advert_int ${advertSeconds}
  virtual_ipaddress {
    ${PEER_ADDRESS}/24
  }
}
`;
}
