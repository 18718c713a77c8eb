import { join } from 'node:path';
import type { Configuration } from '../../config/index.js';
import {
  type FrrDaemon,
  InterfaceConfiguration,
  type VtyAddress,
  VtySession,
  vtyCommand,
  vtyOpener,
} from '../../routing/index.js';
import { type Fact, type Facts, unknown, type VtyAccess } from '../facts.js';
import { newestReplicas } from '../parse/announcements.js';
import { NO_OSPF, readBfdPeers, readInstance, readInterfaces, readNeighbours, readVersion } from '../parse/answers.js';
import { readOspfConfiguration } from '../parse/configuration-lines.js';
import { readLsdb } from '../parse/lsdb.js';
import { from, LOOK_WITHIN_MS, within } from './within.js';

type FrrFacts = Pick<
  Facts,
  | 'vty'
  | 'version'
  | 'ospfConfiguration'
  | 'instance'
  | 'interfaces'
  | 'neighbours'
  | 'lsdb'
  | 'announcements'
  | 'bfd'
  | 'configuredAddresses'
>;

/** Types whose LSAs can get long, and those that carry announcements. */
const LSA_TYPES = ['router', 'opaque-as', 'opaque-area', 'opaque-link'] as const;

/** Asks FRR's daemons over their VTYs. Nothing is changed, and ospfd's API is not used. */
export async function askFrr(configuration: Fact<Configuration>): Promise<FrrFacts> {
  if (!configuration.known) return nothingAsked(configuration.why);
  const { vty, cluster } = configuration.value;
  const sessions = {
    ospfd: session('ospfd', vty.ospfd),
    zebra: session('zebra', vty.zebra),
    mgmtd: session('mgmtd', vty.mgmtd),
    bfdd: session('bfdd', { kind: 'unix', path: join(vty.socketDir, 'bfdd.vty') }),
  };
  try {
    const access = await Promise.all([
      accessOf(sessions.ospfd, 'ospfd', vty.ospfd.kind),
      accessOf(sessions.zebra, 'zebra', vty.zebra.kind),
    ]);
    const vtyFact = await within(null, () => access);
    return { vty: vtyFact, ...(await askDaemons(sessions, access, cluster)) };
  } finally {
    for (const one of Object.values(sessions)) one.close();
  }
}

async function askDaemons(
  sessions: Readonly<Record<FrrDaemon, VtySession>>,
  access: readonly VtyAccess[],
  cluster: string,
): Promise<Omit<FrrFacts, 'vty'>> {
  const reachable = (daemon: FrrDaemon): Fact<VtySession> => {
    const problem = access.find((one) => one.daemon === daemon)?.problem ?? null;
    return problem === null ? { known: true, value: sessions[daemon] } : unknown(problem, null);
  };
  const ospfd = reachable('ospfd');
  const show = <T>(command: string, read: (text: string) => T) =>
    from(ospfd, 'broken', async (vty) => read(await vty.show(vtyCommand('show', command, NO_OSPF))));
  const lsdb = from(ospfd, 'change', async (vty) => {
    const answers = LSA_TYPES.map((type) => vty.show(vtyCommand('show', `show ip ospf database ${type}`, NO_OSPF)));
    return (await Promise.all(answers)).flatMap(readLsdb);
  });
  const [version, ospfConfiguration, instance, interfaces, neighbours, records, bfd, configuredAddresses] =
    await Promise.all([
      show('show version', readVersion),
      show('show running-config', readOspfConfiguration),
      show('show ip ospf json', readInstance),
      show('show ip ospf interface json', readInterfaces),
      show('show ip ospf neighbor detail json', readNeighbours),
      lsdb,
      // That bfdd does not run is said by the checks of detection.
      within(null, async () => readBfdPeers(await sessions.bfdd.show(vtyCommand('show', 'show bfd peers json')))),
      from(reachable('zebra'), 'change', () => addresses(sessions)),
    ]);
  const announcements = await from(records, null, (lsas) => newestReplicas(lsas, cluster));
  return {
    ...{ version, ospfConfiguration, instance, interfaces, neighbours },
    ...{ lsdb: records, announcements, bfd, configuredAddresses },
  };
}

function session(daemon: FrrDaemon, address: VtyAddress): VtySession {
  return new VtySession({
    daemon,
    open: vtyOpener({ daemon, address }),
    timeoutMs: LOOK_WITHIN_MS - 500,
    connectWithinMs: LOOK_WITHIN_MS - 500,
    patient: false,
  });
}

async function accessOf(vty: VtySession, daemon: VtyAccess['daemon'], kind: VtyAccess['kind']): Promise<VtyAccess> {
  try {
    await vty.show(vtyCommand('show', 'show version'));
    return { daemon, kind, problem: null };
  } catch (error) {
    return { daemon, kind, problem: error instanceof Error ? error.message : String(error) };
  }
}

async function addresses({
  zebra,
  mgmtd,
}: Readonly<Record<'zebra' | 'mgmtd', VtySession>>): Promise<readonly string[]> {
  const lines = await new InterfaceConfiguration(zebra, mgmtd).list();
  return lines.map((line) => line.address);
}

function nothingAsked(why: string): FrrFacts {
  const fact = unknown<never>(why, null);
  return {
    ...{ vty: fact, version: fact, ospfConfiguration: fact, instance: fact, interfaces: fact },
    ...{ neighbours: fact, lsdb: fact, announcements: fact, bfd: fact, configuredAddresses: fact },
  };
}
