import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { run } from '../../lab/command.js';
import { type Host, type ManagedProcess, until } from '../../lab/index.js';
import { type Stage, stage } from '../stage.js';
import { peerAct } from './peer-acts.js';
import { buildPeerLab, PEER_ADDRESS, type PeerWorld } from './peer-world.js';

/** The shell of each machine's own mounts: what runs inside it sees a Pacemaker of its own. */
interface PacemakerWorld extends PeerWorld {
  readonly machines: Map<Host, ManagedProcess>;
}

const RESOURCE = 'vip';

/** Three machines, default timing, no fencing, the address stays where it is. */
export function pacemakerStage(): Stage {
  return stage<PacemakerWorld>({
    name: 'Pacemaker',
    seconds: 40,
    build,
    versions: async () => {
      const [pacemaker, corosync] = await Promise.all([run(['pacemakerd', '--version']), run(['corosync', '-v'])]);
      return {
        Pacemaker: /Pacemaker (\S+)/.exec(pacemaker.stdout)?.[1] ?? 'unknown',
        corosync: /version '([^']+)'/.exec(corosync.stdout)?.[1] ?? 'unknown',
      };
    },
    destroy: ({ lab }) => lab.destroy(),
    acts: [
      peerAct<PacemakerWorld>({
        id: 'pacemaker-move',
        title: 'Pacemaker: planned move',
        runs: 3,
        secondsPerRun: 6,
        hit: async (world, owner) => {
          const target = world.nodes.find((node) => node !== owner);
          const at = process.hrtime.bigint();
          await inside(world, owner, ['crm_resource', '--move', '-r', RESOURCE, '-N', target?.name ?? '']);
          return at;
        },
        mend: async (world, owner) => {
          await inside(world, owner, ['crm_resource', '--clear', '-r', RESOURCE]);
          await sleep(3_000);
        },
      }),
      peerAct<PacemakerWorld>({
        id: 'pacemaker-cut',
        title: 'Pacemaker: node cut off',
        runs: 3,
        secondsPerRun: 18,
        hit: (_, owner) => owner.cut(),
        mend: async (world, owner) => {
          await owner.restore();
          await quorate(world);
          await sleep(3_000);
        },
      }),
    ],
  });
}

async function build(): Promise<PacemakerWorld> {
  const lab = await buildPeerLab('pacemaker', ['p1', 'p2', 'p3']);
  const world = { ...lab, machines: new Map<Host, ManagedProcess>() };
  try {
    await Promise.all(world.nodes.map((node) => boot(world, node)));
    await quorate(world);
    await configure(world);
    await sleep(5_000);
    return world;
  } catch (error) {
    await lab.lab.destroy();
    throw error;
  }
}

/**
 * Pacemaker's daemons find each other by files and abstract sockets. Mounts, host name and IPC of its own are what
 * makes a machine of a namespace; all of it ends with the processes in it.
 */
async function boot(world: PacemakerWorld, node: Host): Promise<void> {
  const root = join(node.directory, 'root');
  for (const folder of Object.keys(MOUNTS)) mkdirSync(join(root, folder), { recursive: true });
  cpSync('/var/lib/pacemaker', join(root, 'var-lib-pacemaker'), { recursive: true });
  writeFileSync(join(root, 'etc-corosync', 'corosync.conf'), corosyncConfiguration(world.nodes));
  const script = join(root, 'boot.sh');
  writeFileSync(script, bootScript(root, node.name), { mode: 0o700 });
  world.machines.set(
    node,
    node.spawn('pacemaker', ['unshare', '-m', '-u', '-i', '--propagation', 'private', 'bash', script]),
  );
}

/** Folder of a machine's own, and over which one of the system's it is mounted. The others first: /run holds nothing then. */
const MOUNTS: Readonly<Record<string, string>> = {
  'var-lib-pacemaker': '/var/lib/pacemaker',
  'var-lib-corosync': '/var/lib/corosync',
  'dev-shm': '/dev/shm',
  'var-log': '/var/log',
  'etc-corosync': '/etc/corosync',
  run: '/run',
};

function bootScript(root: string, name: string): string {
  return `set -e
hostname ${name}
cd ${root}
mkdir -p run/crm run/resource-agents var-log/pacemaker var-log/corosync var-log/crmsh
chown -R hacluster:haclient var-lib-pacemaker
chown hacluster:haclient run/crm var-log/pacemaker
chmod 0750 run/crm
chmod 1777 dev-shm
${Object.entries(MOUNTS)
  .map(([folder, target]) => `mount --bind ${folder} ${target}`)
  .join('\n')}
corosync -f &
sleep 2
exec pacemakerd
`;
}

/** Nothing may follow an opening brace on its line. */
function corosyncConfiguration(nodes: readonly Host[]): string {
  const list = nodes.map(
    (node, index) => `  node {
    ring0_addr: ${node.link().address}
    name: ${node.name}
    nodeid: ${index + 1}
  }
`,
  );
  return `totem {
  version: 2
  cluster_name: bench
  transport: udpu
  crypto_cipher: none
  crypto_hash: none
}
nodelist {
${list.join('')}}
quorum {
  provider: corosync_votequorum
}
logging {
  to_logfile: yes
  logfile: /var/log/corosync/corosync.log
  to_syslog: no
}
`;
}

async function configure(world: PacemakerWorld): Promise<void> {
  const [node] = world.nodes;
  if (node === undefined) return;
  const lines = [
    'property stonith-enabled=false no-quorum-policy=ignore',
    'rsc_defaults resource-stickiness=100',
    `primitive ${RESOURCE} ocf:heartbeat:IPaddr2 params ip=${PEER_ADDRESS} cidr_netmask=24 op monitor interval=1s`,
    'commit',
  ];
  await inside(world, node, ['crm', 'configure'], `${lines.join('\n')}\n`);
}

/** All machines are members, online, and one of them has been elected. */
function quorate(world: PacemakerWorld): Promise<boolean> {
  return until(
    async () => {
      const online = new RegExp(`Online: \\[ ${world.nodes.map(({ name }) => name).join(' ')} \\]`);
      for (const node of world.nodes) {
        const { stdout } = await inside(world, node, ['crm_mon', '-1']);
        if (!online.test(stdout)) throw new Error(stdout);
      }
      return true;
    },
    { what: 'Pacemaker is quorate', timeoutMs: 120_000, intervalMs: 500 },
  );
}

function inside(world: PacemakerWorld, node: Host, argv: readonly string[], input?: string) {
  const machine = world.machines.get(node);
  const enter = ['nsenter', '-t', String(machine?.pid), '-m', '-u', '-i', '-n'];
  // crm keeps folders at home, which is the machine's own then.
  const home = ['env', '-u', 'XDG_CONFIG_HOME', '-u', 'XDG_CACHE_HOME', '-u', 'XDG_DATA_HOME', 'HOME=/run'];
  return run([...enter, ...home, ...argv], { timeoutMs: 60_000, ...(input === undefined ? {} : { input }) });
}
