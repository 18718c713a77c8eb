import type { Configuration } from '../../config/index.js';
import type { Facts, FrrVersion, Listener } from '../facts.js';
import {
  broken,
  change,
  type Finding,
  FRR_CONF,
  FRR_DAEMONS,
  fine,
  inRouterOspf,
  type Remedy,
  remedy,
} from '../finding.js';

/** Whether ospfd runs, and srrd can reach its API. */
export function checkApi({ configuration, listening, vty, version }: Facts): Finding[] {
  if (!configuration.known || !listening.known || !isLocal(configuration.value)) return [];
  const { host, port } = configuration.value.ospf;
  const candidates = listening.value.filter((listener) => listener.port === port);
  if (candidates.some(({ address }) => address === host || address === '0.0.0.0')) {
    return [fine('ospf-api', `ospfd listens for srrd on port ${port}.`)];
  }
  const [elsewhere] = candidates;
  if (elsewhere !== undefined) {
    const text = `The OSPF API listens on ${elsewhere.address} only, but srrd connects to ${host}.`;
    return [broken('ospf-api', text, remedy('srrd.yaml', `ospf: { host: ${elsewhere.address}, port: ${port} }`))];
  }
  const answers = vty.known && vty.value.some(({ daemon, problem }) => daemon === 'ospfd' && problem === null);
  return answers
    ? [broken('ospf-api', 'ospfd runs without its API: srrd cannot announce anything.', apiOption(version))]
    : [broken('ospf-api', 'ospfd does not run: nothing is announced, and no route leads here.', switchOn(version))];
}

/** 8.4.4 crashes when srrd synchronises with an ospfd that has no instance. */
export function checkInstance({ ospfConfiguration, interfaces }: Facts): Finding[] {
  if (!ospfConfiguration.known) return [];
  if (!ospfConfiguration.value.hasRouterOspf) {
    const text =
      'ospfd runs without `router ospf`: there is nothing srrd could announce in, and ospfd 8.4 crashes when a client of its API synchronises.';
    return [broken('router-ospf', text, FIRST_INSTANCE)];
  }
  if (interfaces.known && interfaces.value.every(({ passive }) => passive)) {
    const text = 'No interface takes part in OSPF: expected the network of at least one interface below `router ospf`.';
    return [broken('router-ospf', text, FIRST_INSTANCE)];
  }
  return [fine('router-ospf', 'ospfd has an OSPF instance with interfaces.')];
}

const FIRST_INSTANCE = remedy(
  `${FRR_CONF}, with the router ID and the network of this node`,
  'router ospf',
  ' ospf router-id 10.0.0.1',
  ' capability opaque',
  ' network 10.1.1.0/24 area 0.0.0.0',
  'exit',
);

export function checkOpaque({ instance }: Facts): Finding[] {
  if (!instance.known || instance.value === null) return [];
  if (instance.value.opaqueCapable) return [fine('opaque', 'ospfd carries opaque LSAs.')];
  const text = 'ospfd carries no opaque LSAs, and announcements travel in them.';
  return [broken('opaque', text, inRouterOspf('capability opaque'))];
}

export function checkVersion({ version }: Facts): Finding[] {
  if (!version.known) return [];
  const { text } = version.value;
  if (isBefore(version.value, 8, 4)) {
    return [
      change('frr-version', `FRR ${text} is older than 8.4, the oldest version that srrd is tested with. Upgrade FRR.`),
    ];
  }
  if (isBefore(version.value, 10, 3)) {
    const refresh =
      'it may hold an update of an LSA that is out back for up to 5 s. srrd announces changes under new link state IDs, which are not held back; only refreshed check stamps can be late.';
    return [fine('frr-version', `FRR ${text}: ${refresh}`)];
  }
  return [
    fine('frr-version', `FRR ${text}: updates of opaque LSAs go out as fast as \`timers throttle lsa all\` lets them.`),
  ];
}

function isLocal({ ospf }: Configuration): boolean {
  return ospf.host.startsWith('127.');
}

function isBefore({ major, minor }: FrrVersion, thanMajor: number, thanMinor: number): boolean {
  return major < thanMajor || (major === thanMajor && minor < thanMinor);
}

/** The API can be bound to one address from FRR 10 on. */
function optionLine(version: Facts['version']): string {
  const isNew = version.known && version.value.major >= 10;
  return `ospfd_options="  -A 127.0.0.1 -a${isNew ? ' -l 127.0.0.1' : ''}"`;
}

function apiOption(version: Facts['version']): Remedy {
  return remedy(FRR_DAEMONS, optionLine(version));
}

function switchOn(version: Facts['version']): Remedy {
  return remedy(FRR_DAEMONS, 'ospfd=yes', optionLine(version));
}

export function listensToOthers(listeners: readonly Listener[], port: number): boolean {
  return listeners.some((one) => one.port === port && !one.address.startsWith('127.'));
}
