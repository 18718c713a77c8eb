import type {
  CommandAnnouncement,
  DaemonAnnouncement,
  ServiceAnnouncement,
  SharedDefinition,
} from '../../model/announcement.js';
import { routerId } from '../../model/router-id.js';
import { PLAIN_DAEMON, PLAIN_SHARED } from '../../model/testing.js';

/** Announcements for tests: complete, and dull but for what is asked. */
export function serviceAnnouncement(
  counter: number,
  name = 'WEB',
  definition: Partial<SharedDefinition> = {},
): ServiceAnnouncement {
  return {
    kind: 'service',
    sequence: { epoch: 1, counter },
    definition: {
      ...PLAIN_SHARED,
      name,
      ...definition,
    },
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
    definitionHash: '0123456789abcdef',
  };
}

export function daemonAnnouncement(counter: number): DaemonAnnouncement {
  return { ...PLAIN_DAEMON, sequence: { epoch: 1, counter }, digest: { services: 0, counters: 0 } };
}

export function commandAnnouncement(nonce: number): CommandAnnouncement {
  return {
    kind: 'command',
    sequence: { epoch: 1, counter: nonce },
    nonce,
    operator: 'root',
    role: 'operator',
    target: routerId(0x0a000002),
    order: { of: 'service', service: 'WEB', command: 'move' },
    pin: false,
    holder: null,
  };
}
