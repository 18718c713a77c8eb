import type { Announcement, DaemonAnnouncement, ServiceAnnouncement, SharedDefinition } from '../model/announcement.js';
import type { ServiceDefinition } from '../model/definition.js';
import { routerId } from '../model/router-id.js';
import { PLAIN_DAEMON, PLAIN_DEFINITION } from '../model/testing.js';
import { Engine } from './engine.js';
import type { Event } from './state/event.js';
import type { Settings } from './state/settings.js';

/** A definition for tests: defaults, and what the test is about. */
export function testDefinition(name: string, change: Partial<ServiceDefinition> = {}): ServiceDefinition {
  const makefile = `/services/${name}/Makefile`;
  return { ...PLAIN_DEFINITION, name, group: name, addresses: ['192.0.2.1'], makefile, ...change };
}

export const TEST_SETTINGS: Settings = {
  nodeName: 'alpha',
  softwareVersion: '0.0.0',
  joinHoldMs: 2_000,
  stampRefreshMs: 30_000,
  recallDelayMs: 1_000,
  onIsolation: 'stop',
  remoteCommands: true,
  announce: 'auto',
  managementAddresses: [],
  managementPort: 0,
};

/** The engine of node 0.0.0.2, a member of a cluster, which reaches 0.0.0.1. The time is 5 s. */
export function testMember(definitions: readonly ServiceDefinition[]): Engine {
  const engine = new Engine(TEST_SETTINGS);
  const persistedNode = { epoch: 1, standby: false, issuers: [] };
  engine.handle({ type: 'begin', definitions, persistedNode, persistedServices: new Map(), unixSeconds: 1_000 }, 0);
  engine.handle({ type: 'connected', routerId: routerId(2) }, 0);
  engine.handle({ type: 'reachability', added: [routerId(1)], removed: [] }, 0);
  engine.handle({ type: 'neighbours', full: 1 }, 0);
  engine.handle({ type: 'synced' }, 0);
  engine.handle({ type: 'timer', timer: { kind: 'join' } }, 5_000);
  return engine;
}

/** 0.0.0.1 announces this. */
export function heardFromOther(announcement: Announcement, lsaId = '222.0.3.1'): Event {
  return { type: 'announcement', origin: routerId(1), lsaId, ageSeconds: 1, announcement };
}

/** A service that is stopped there, unless `change` says otherwise. */
export function serviceSaid(definition: SharedDefinition, change: Partial<ServiceAnnouncement> = {}): Announcement {
  return {
    kind: 'service',
    sequence: { epoch: 1, counter: 1 },
    definition,
    preference: 100,
    runState: 'stopped',
    standby: false,
    joining: false,
    pinned: false,
    claim: 0,
    knownClaim: null,
    assent: null,
    failure: null,
    checkIntervalMs: 10_000,
    checkStamp: 0,
    definitionHash: '00112233445566aa',
    ...change,
  };
}

/** A daemon that wants nothing. */
export function daemonSaid(change: Partial<DaemonAnnouncement> = {}): Announcement {
  return { ...PLAIN_DAEMON, sequence: { epoch: 1, counter: 2 }, hostName: 'beta', ...change };
}
