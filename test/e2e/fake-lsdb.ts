import type { LsaInstance, OspfApiEvent } from 'ospfapi-shim';
import { lsaIdentity } from 'ospfapi-shim';
import type { ServiceStatus } from '../../src/cluster/status/status.js';
import { LOCAL } from '../../src/http/identity.js';
import type { RoutersPort } from '../../src/http/routes/routers.js';
import { buildServer } from '../../src/http/server.js';
import { SILENT, TEST_STATUS, TestLive, testControl, testPorts } from '../../src/http/testing.js';
import { encodeBody } from '../../src/lsa/index.js';
import { lsaId } from '../../src/lsdb/identity.js';
import { LookingGlass } from '../../src/lsdb/index.js';
import { daemonAnnouncement, serviceAnnouncement } from '../../src/lsdb/testing/announcements.js';
import { address, externalLsa, networkLsa, opaqueLsa, routerLsa } from '../../src/lsdb/testing/lsas.js';

const ROUTERS = 40;

/** The real server and looking glass with a fake LSDB, and routing daemons that say what they were asked. */
export interface FakeServer {
  readonly url: string;
  /** What was given to the routing daemons. */
  readonly given: string[];
  /** Makes it the newest instance, and tells of it. */
  put(lsa: LsaInstance): void;
  withdraw(id: string): void;
  stop(): Promise<void>;
}

export interface FakeOptions {
  readonly lsas: readonly LsaInstance[];
  readonly services?: readonly ServiceStatus[];
  readonly role?: 'viewer' | 'admin';
  /** Router IDs that SPF reaches, as ospfd says. */
  readonly reachable?: readonly string[];
  readonly pages: string;
}

export async function startFakeServer({
  lsas,
  services,
  role = 'admin',
  reachable = [],
  pages,
}: FakeOptions): Promise<FakeServer> {
  const held = new Map(lsas.map((lsa) => [lsaId(lsaIdentity(lsa)), lsa]));
  const glass = new LookingGlass({
    ospf: {
      lsdb: {
        get: (identity) => held.get(lsaId(identity)),
        list: (filter = {}) =>
          [...held.values()].filter(
            ({ header, area }) =>
              (filter.type === undefined || header.type === filter.type) &&
              (filter.area === undefined || area === filter.area) &&
              (filter.linkStateId === undefined || header.linkStateId === filter.linkStateId) &&
              (filter.advertisingRouter === undefined || header.advertisingRouter === filter.advertisingRouter),
          ),
      },
      routerId: address('10.0.0.1'),
      reachable: new Set(reachable.map(address)),
    },
    cluster: 'default',
    nowMs: () => performance.now(),
    date: () => new Date(),
    database: () => Promise.resolve(''),
    onError: (error) => {
      throw error;
    },
  });
  const given: string[] = [];
  const status = { ...TEST_STATUS, ...(services === undefined ? {} : { services }) };
  const control = testControl(() => status);
  const { live } = new TestLive(() => status);
  const ports = testPorts({ control, live, lsdb: glass, routers: routersThatTell(given) });
  const identity = { ...LOCAL, user: role === 'admin' ? 'anna' : 'vera', role };
  const api = buildServer(ports, { identify: () => identity, kind: 'loopback', tls: null, pages, log: SILENT });
  const url = await api.listen({ port: 0, host: '127.0.0.1' });
  return {
    url,
    given,
    put: (lsa) => {
      const event: OspfApiEvent = { type: 'lsa', lsa, previous: null };
      held.set(lsaId(lsaIdentity(lsa)), lsa);
      glass.heard(event);
    },
    withdraw: (id) => {
      const lsa = held.get(id);
      held.delete(id);
      if (lsa !== undefined) glass.heard({ type: 'lsa-withdrawn', lsa });
    },
    stop: async () => {
      glass.close();
      await api.close();
    },
  };
}

function routersThatTell(given: string[]): RoutersPort {
  return {
    run: (daemon, commands) => {
      given.push(`${daemon}: ${commands.join('; ')}`);
      const answers = commands.map((command) => ({
        command,
        output: `${daemon} was asked: ${command}\n`,
        refused: false,
      }));
      return Promise.resolve({ outcome: 'done', result: { answers, cut: false } });
    },
    complete: (_daemon, { line }) => {
      const words = line === 'show ip os' ? ['ospf'] : ['ip', 'version'];
      return Promise.resolve({
        outcome: 'done',
        result: words.map((word) => ({ word, help: `Help for ${word}`, placeholder: false })),
      });
    },
  };
}

/** A, B and C: A and B on one Ethernet, C behind B, where the service WEB runs. */
export function smallNetwork(): LsaInstance[] {
  return [
    routerLsa('10.0.0.1', ['transit 10.1.1.1 10', 'stub 10.0.0.1/32 0']),
    routerLsa('10.0.0.2', ['transit 10.1.1.1 10', 'point-to-point 10.0.0.3 5']),
    routerLsa('10.0.0.3', ['point-to-point 10.0.0.2 7', 'stub 172.16.15.1/32 1']),
    networkLsa('10.1.1.1', '10.0.0.1', 24, ['10.0.0.1', '10.0.0.2']),
    webAnnouncement('started'),
    ...(['10.0.0.1', '10.0.0.2', '10.0.0.3'] as const).map((id, index) =>
      opaqueLsa(
        11,
        '222.0.1.0',
        id,
        encodeBody({ ...daemonAnnouncement, hostName: ['alpha', 'beta', 'gamma'][index]! }, 'default'),
      ),
    ),
  ].map(fresh);
}

/** What C says of WEB. */
export function webAnnouncement(runState: 'started' | 'stopped'): LsaInstance {
  const { definition } = serviceAnnouncement;
  const announcement = {
    ...serviceAnnouncement,
    runState,
    failure: null,
    definition: { ...definition, addresses: ['172.16.15.1'], area: null },
  };
  return fresh(opaqueLsa(11, '222.7.0.3', '10.0.0.3', encodeBody(announcement, 'default')));
}

/** `count` LSAs of which `services` are Service LSAs, of 40 routers on one network. */
export function largeNetwork(count: number, services: number): LsaInstance[] {
  const ids = Array.from({ length: ROUTERS }, (_, index) => `10.0.0.${index + 1}`);
  const lsas = ids.map((id) => routerLsa(id, ['transit 10.1.1.1 10']));
  lsas.push(networkLsa('10.1.1.1', '10.0.0.1', 24, ids));
  for (let index = 0; index < services; index++) {
    const { definition } = serviceAnnouncement;
    const name = `S${String(index).padStart(4, '0')}`;
    const addresses = [`172.16.${index >> 8}.${index & 255}`];
    const announcement = { ...serviceAnnouncement, definition: { ...definition, name, addresses } };
    const series = 512 + index;
    const body = encodeBody(announcement, 'default');
    lsas.push(opaqueLsa(11, `222.0.${series >> 8}.${series & 255}`, ids[index % ROUTERS] ?? '', body));
  }
  for (let index = 0; lsas.length < count; index++) {
    lsas.push(externalLsa(`198.${index >> 12}.${(index >> 4) & 255}.${(index & 15) << 4}/28`, '10.0.0.2', 2, 20));
  }
  return lsas.map(fresh);
}

function fresh(lsa: LsaInstance): LsaInstance {
  return { ...lsa, receivedAt: performance.now() };
}
