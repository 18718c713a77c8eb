import type { DaemonAnnouncement, ServiceAnnouncement } from '../../model/announcement.js';
import { routerId } from '../../model/router-id.js';
import { PLAIN_DAEMON, PLAIN_SHARED } from '../../model/testing.js';

export const serviceAnnouncement: ServiceAnnouncement = {
  kind: 'service',
  sequence: { epoch: 1_750_000_000, counter: 7 },
  definition: {
    ...PLAIN_SHARED,
    group: 'SHOP',
    dependsOn: ['DISK'],
    addresses: ['172.16.15.1', '172.16.15.2'],
    area: '0.0.0.0',
  },
  preference: 100,
  runState: 'started',
  standby: false,
  joining: false,
  pinned: true,
  claim: 5,
  knownClaim: 7,
  assent: { owner: routerId(0x0a000001), claim: 5 },
  failure: { code: 'check-failed', reason: 'exit 1' },
  checkIntervalMs: 10_000,
  checkStamp: 1_750_000_100,
  definitionHash: '0123456789abcdef',
};

export const daemonAnnouncement: DaemonAnnouncement = {
  ...PLAIN_DAEMON,
  sequence: { epoch: 1_750_000_000, counter: 8 },
  managementAddresses: ['10.0.0.1'],
  managementPort: 8443,
  standby: true,
  ask: [routerId(0x0a000002)],
  outcomes: [{ issuer: routerId(0x0a000002), epoch: 1, nonce: 9, ok: true, text: 'moved' }],
  revocations: [{ authority: '0123456789abcdef', number: 2 ** 33 + 7 }],
  digest: { services: 3, counters: 17 },
};
