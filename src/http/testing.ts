import type { ReplicaStatus } from '../cluster/index.js';
import type { ClusterEvent } from '../events/index.js';
import type { LsdbView } from '../lsdb/index.js';
import type { Role } from '../tables/index.js';
import type { AuditLog } from './audit.js';
import type { Control } from './control.js';
import { LOCAL } from './identity.js';
import type { DefinitionsPort } from './routes/definitions.js';
import type { EventsPort } from './routes/events.js';
import type { NodePort } from './routes/node.js';
import type { PkiPort } from './routes/pki.js';
import type { RoutersPort } from './routes/routers.js';
import type { ApiPorts } from './server.js';
import { buildServer } from './server.js';
import type { StatusDocument } from './status-document.js';
import type { LivePort } from './stream/hub.js';
import { StatusWatch } from './stream/status-watch.js';

/** On alpha. */
export const STOPPED_REPLICA: ReplicaStatus = {
  routerId: '10.0.0.1',
  config: 'active',
  state: 'stopped',
  preference: 100,
  claim: 0,
  pinned: false,
  standby: false,
  joining: false,
  failure: null,
  lsaId: null,
  checkStamp: 0,
  reachable: true,
  waitsFor: null,
  notCounted: null,
  impossible: {},
};

/** A cluster of one node and one service. */
export const TEST_STATUS: StatusDocument = {
  node: { routerId: '10.0.0.1', name: 'alpha', phase: 'member', standby: false },
  ospf: { connected: true, ready: true, fullNeighbours: 1 },
  nodes: [],
  services: [
    {
      name: 'WEB',
      kind: 'service',
      group: 'WEB',
      addresses: [],
      owner: null,
      elected: null,
      waitsForHolders: [],
      replicas: [],
    },
  ],
  process: {
    version: '0',
    pid: 1,
    uptimeSeconds: 1,
    eventLoopDelayMs: 0,
    floodsLimited: { held: [], mergedLastMinute: 0 },
    lsdbComparisons: { done: 0, differed: 0 },
    trust: { mode: 'off', keyId: null, refused: 0, nodes: [] },
    duplicateRouterIds: [],
    ending: null,
    problems: [],
  },
};

/** Control of a cluster that is like this. */
export function testControl(status: () => StatusDocument = () => TEST_STATUS, change: Partial<Control> = {}): Control {
  return {
    status: () => JSON.stringify(status()),
    service: (wanted) => status().services.find(({ name }) => name === wanted),
    command: () => Promise.resolve({ outcome: 'done', text: 'done' }),
    simulate: () => [],
    ...change,
  };
}

const NO_EVENTS: EventsPort = { query: async () => [], lines: async function* () {} };
const HEAD = { generatedAt: '2026-01-01T00:00:00.000Z', routerId: '10.0.0.1' };

const EMPTY_LSDB: LsdbView = {
  list: async function* () {
    yield { head: { ...HEAD, notes: [] }, lsas: [] };
  },
  find: () => undefined,
  topology: () => Promise.resolve({ ...HEAD, areas: [], routers: [], networks: [], links: [], addresses: [] }),
  subscribe: () => () => {},
};

const NO_ROUTERS: RoutersPort = {
  run: () => Promise.resolve({ outcome: 'done', result: { answers: [], cut: false } }),
  complete: () => Promise.resolve({ outcome: 'done', result: [] }),
};

const NO_PKI: PkiPort = {
  describe: () => ({ own: null, cas: [], revocations: 0, lists: [], warnings: [] }),
  revocationList: () => undefined,
};

const NO_DEFINITIONS: DefinitionsPort = {
  list: async function* () {
    yield [];
  },
  find: async () => undefined,
  validate: async () => ({ problems: [], warnings: [] }),
  save: async () => ({ outcome: 'done', text: 'saved' }),
  remove: async () => ({ outcome: 'done', text: 'deleted' }),
  exported: async () => '',
  import: async () => ({ outcome: 'done', text: 'imported' }),
  apply: async () => ({ outcome: 'done', text: 'applied' }),
};

/** Tells what changes in this status; `changed` is to be called then. */
export class TestLive {
  readonly #watch: StatusWatch;
  readonly #tellEvent = new Set<(event: ClusterEvent) => void>();

  constructor(status: () => StatusDocument) {
    this.#watch = testWatch(status);
  }

  readonly live: LivePort = {
    watchStatus: (tell) => this.#watch.watch(tell),
    watchEvents: (tell) => {
      this.#tellEvent.add(tell);
      return () => this.#tellEvent.delete(tell);
    },
  };

  /** How many want to be told events: one for each server with open streams. */
  get watchers(): number {
    return this.#tellEvent.size;
  }

  changed(): void {
    this.#watch.changed();
  }

  publish(event: ClusterEvent): void {
    for (const tell of this.#tellEvent) tell(event);
  }
}

function testWatch(status: () => StatusDocument): StatusWatch {
  const source = {
    head: () => {
      const { services: _services, process, ...head } = status();
      const { ending, problems, duplicateRouterIds } = process;
      return { ...head, ending, problems, duplicateRouterIds };
    },
    serviceNames: () => status().services.map(({ name }) => name),
    service: (wanted: string) => status().services.find(({ name }) => name === wanted),
  };
  const onError = (error: unknown) => {
    throw error;
  };
  return new StatusWatch(source, { onError });
}

/** Ports that answer with something, for tests that are about some of them. */
export function testPorts(change: Partial<ApiPorts> = {}): ApiPorts {
  const control = testControl();
  const { live } = new TestLive(() => TEST_STATUS);
  const session = { version: '1.2.3', node: () => TEST_STATUS.node };
  const node: NodePort = { shutDown: () => true, doctor: () => Promise.resolve({ level: 'fine', findings: [] }) };
  return {
    control,
    configurations: { configurations: () => [] },
    live,
    session,
    node,
    pki: NO_PKI,
    metrics: { readings: () => ({ counts: {}, counted: {}, histograms: {} }) },
    events: NO_EVENTS,
    definitions: NO_DEFINITIONS,
    lsdb: EMPTY_LSDB,
    routers: NO_ROUTERS,
    ...change,
  };
}

export const SILENT: AuditLog = { info: () => {}, warn: () => {} };

/** As the daemon answers on its UNIX socket. */
export function testSocketServer(change: Partial<ApiPorts> = {}, role: Role = 'admin') {
  return socketServer(testPorts(change), role);
}

export function socketServer(ports: ApiPorts, role: Role = 'admin') {
  return buildServer(ports, {
    identify: () => ({ ...LOCAL, role }),
    kind: 'socket',
    tls: null,
    pages: null,
    log: SILENT,
  });
}
