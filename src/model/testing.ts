import fc from 'fast-check';
import { DEFINITION_KEYS, type KeyRow, SHARED_KEYS, type SharedValues, TIMEOUTS_MS } from '../tables/index.js';
import type { DaemonAnnouncement, SharedDefinition } from './announcement.js';
import type { ServiceDefinition } from './definition.js';
import { MAX_EPOCH } from './limits.js';
import { formatRouterId, routerId } from './router-id.js';

export const PLAIN_SHARED: SharedDefinition = {
  ...(Object.fromEntries(SHARED_KEYS.map((key) => [key, defaultOf(DEFINITION_KEYS[key])])) as SharedValues),
  name: 'WEB',
  group: 'WEB',
  kind: 'service',
  critical: true,
  addresses: ['172.16.15.128'],
};

function defaultOf(row: KeyRow): unknown {
  return row.default ?? null;
}

export const PLAIN_DEFINITION: ServiceDefinition = {
  ...PLAIN_SHARED,
  interface: 'lo',
  link: null,
  preference: 100,
  preemptDelayMs: 0,
  takeoverDelayMs: 0,
  enabled: true,
  autoActivate: true,
  makefile: '/services/WEB/Makefile',
  watched: false,
  variables: {},
  check: { intervalMs: 10_000, timeoutMs: 10_000, fall: 1, maxRestarts: 1 },
  timeoutsMs: TIMEOUTS_MS,
  failureTimeoutMs: null,
  hash: '0123456789abcdef',
};

/** A node that wants nothing. */
export const PLAIN_DAEMON: DaemonAnnouncement = {
  kind: 'daemon',
  sequence: { epoch: 1, counter: 1 },
  hostName: 'alpha',
  softwareVersion: '0.1.0',
  rulesVersion: 1,
  capabilities: 0,
  managementAddresses: [],
  managementPort: 0,
  standby: false,
  ask: [],
  outcomes: [],
  revocations: [],
  digest: null,
};

export const uint32 = fc.integer({ min: 0, max: 0xffff_ffff });
export const anyId = uint32.map(routerId);
export const anyIpv4 = anyId.map(formatRouterId);
export const anySequence = fc.record({ epoch: fc.integer({ min: 0, max: MAX_EPOCH }), counter: uint32 });
/** Short enough never to be cut, and without what encodeBody replaces. */
export const shortText = fc.stringMatching(/^[ -~äöü€𝄞]{0,5}$/u);

export const anyDaemon: fc.Arbitrary<DaemonAnnouncement> = fc.record({
  kind: fc.constant('daemon'),
  sequence: anySequence,
  hostName: shortText,
  softwareVersion: shortText,
  rulesVersion: fc.integer({ min: 0, max: 0xffff }),
  capabilities: uint32,
  managementAddresses: fc.array(anyIpv4, { maxLength: 8 }),
  managementPort: fc.integer({ min: 0, max: 0xffff }),
  standby: fc.boolean(),
  ask: fc.array(anyId, { maxLength: 128 }),
  outcomes: fc.array(fc.record({ issuer: anyId, epoch: uint32, nonce: uint32, ok: fc.boolean(), text: shortText }), {
    maxLength: 16,
  }),
  revocations: fc.array(fc.record({ authority: fc.stringMatching(/^[0-9a-f]{16}$/), number: fc.maxSafeNat() }), {
    maxLength: 4,
  }),
  digest: fc.option(fc.record({ services: uint32, counters: uint32 })),
});
