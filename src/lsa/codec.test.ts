import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type {
  Announcement,
  CommandAnnouncement,
  DaemonAnnouncement,
  ServiceAnnouncement,
  SharedDefinition,
} from '../model/announcement.js';
import { MAX_ADDRESSES, MAX_DEPENDENCIES, NAME_EXPECTED } from '../model/index.js';
import { MAX_CLAIM } from '../model/limits.js';
import { routerId } from '../model/router-id.js';
import {
  anyDaemon,
  anyId as id,
  anyIpv4 as ipv4,
  PLAIN_DAEMON,
  PLAIN_SHARED,
  anySequence as sequence,
  shortText as text,
  uint32,
} from '../model/testing.js';
import {
  COMMAND_NUMBERS,
  DEFINITION_KEYS,
  FAILURE_CODES,
  FAILURE_NUMBERS,
  type KeyRow,
  orderNamed,
  type RemoteCommandName,
  ROLES,
  SHARED_KEYS,
} from '../tables/index.js';
import { RUN_STATES } from './codes.js';
import { sealBody } from './header.js';
import { decodeBody, encodeBody, MAX_BODY_BYTES } from './index.js';
import { joinTlvs, splitTlvs, type Tlv } from './tlv.js';

const claim = fc.integer({ min: 0, max: MAX_CLAIM });
const name = fc.stringMatching(/^[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}$/);
const service: fc.Arbitrary<ServiceAnnouncement> = fc.constantFrom('service', 'resource').chain((kind) =>
  fc.record({
    kind: fc.constant('service'),
    sequence,
    definition: fc.record({
      ...anyFlagOrChoice(),
      name,
      group: name,
      dependsOn: fc.array(name, { maxLength: MAX_DEPENDENCIES }),
      kind: fc.constant(kind),
      addresses: kind === 'service' ? fc.array(ipv4, { minLength: 1, maxLength: MAX_ADDRESSES }) : fc.constant([]),
      area: fc.option(ipv4),
    }),
    preference: fc.integer({ min: 0, max: 255 }),
    runState: fc.constantFrom('stopped', 'starting', 'started', 'stopping', 'failed'),
    standby: fc.boolean(),
    joining: fc.boolean(),
    pinned: fc.boolean(),
    claim,
    knownClaim: fc.option(claim),
    assent: fc.option(fc.record({ owner: id, claim })),
    failure: fc.option(fc.record({ code: fc.constantFrom(...FAILURE_CODES), reason: text })),
    checkIntervalMs: uint32,
    checkStamp: uint32,
    definitionHash: fc.stringMatching(/^[0-9a-f]{16}$/),
  }),
);

type Arbitraries = { readonly [Key in keyof SharedDefinition]: fc.Arbitrary<SharedDefinition[Key]> };

function anyFlagOrChoice(): Arbitraries {
  const rows: [string, KeyRow][] = SHARED_KEYS.map((key) => [key, DEFINITION_KEYS[key]]);
  return Object.fromEntries(
    rows.map(([key, { choices }]) => [key, choices === undefined ? fc.boolean() : fc.constantFrom(...choices)]),
  ) as unknown as Arbitraries;
}

const command: fc.Arbitrary<CommandAnnouncement> = fc
  .constantFrom(...(Object.keys(COMMAND_NUMBERS) as RemoteCommandName[]))
  .chain((word) =>
    fc.record({
      kind: fc.constant('command'),
      sequence,
      nonce: uint32,
      operator: text,
      role: fc.constantFrom(null, ...ROLES),
      target: id,
      order: name.map((what) => orderNamed(word, what)),
      pin: fc.boolean(),
      holder: word === 'confirm-stopped' ? id : fc.constant(null),
    }),
  );

const announcement: fc.Arbitrary<Announcement> = fc.oneof(service, anyDaemon, command);

const web: ServiceAnnouncement = {
  kind: 'service',
  sequence: { epoch: 1, counter: 1 },
  definition: PLAIN_SHARED,
  preference: 100,
  runState: 'started',
  standby: false,
  joining: false,
  pinned: false,
  claim: 1,
  knownClaim: null,
  assent: null,
  failure: null,
  checkIntervalMs: 10_000,
  checkStamp: 0,
  definitionHash: '0123456789abcdef',
};

const node: DaemonAnnouncement = { ...PLAIN_DAEMON, digest: { services: 2, counters: 40 } };

const move: CommandAnnouncement = {
  kind: 'command',
  sequence: { epoch: 1, counter: 1 },
  nonce: 7,
  operator: 'anna',
  role: 'operator',
  target: routerId(1),
  order: orderNamed('move', 'WEB'),
  pin: false,
  holder: null,
};

/** The body of WEB's announcement after a change to its TLVs, with a correct length and checksum. */
function changed(change: (tlvs: Tlv[]) => Tlv[], original: Announcement = web): Uint8Array {
  return sealBody(joinTlvs(change(splitTlvs(encodeBody(original, 'default')))));
}

function without(type: number, original: Announcement = web): Uint8Array {
  return changed((tlvs) => tlvs.filter((tlv) => tlv.type !== type), original);
}

function replaced(type: number, change: (value: Uint8Array) => Uint8Array, original: Announcement = web): Uint8Array {
  const replaceOne = (tlv: Tlv) => (tlv.type === type ? { type, value: change(Uint8Array.from(tlv.value)) } : tlv);
  return changed((tlvs) => tlvs.map(replaceOne), original);
}

function withByte(index: number, value: number): (bytes: Uint8Array) => Uint8Array {
  return (bytes) => bytes.with(index, value);
}

function reasonFor(body: Uint8Array): string {
  const decoded = decodeBody(body);
  return decoded.ok ? 'accepted' : decoded.reason;
}

function decoded(body: Uint8Array): Announcement {
  const result = decodeBody(body);
  if (!result.ok) throw new Error(result.reason);
  return result.announcement;
}

describe('any announcement', () => {
  it('comes back as it was sent', () => {
    fc.assert(
      fc.property(announcement, name, (sent, cluster) => {
        expect(decodeBody(encodeBody(sent, cluster))).toEqual({ ok: true, cluster, announcement: sent });
      }),
      { numRuns: 1000 },
    );
  });

  it('is under 1,400 bytes and a multiple of 4 long', () => {
    fc.assert(
      fc.property(announcement, name, (sent, cluster) => {
        const { length } = encodeBody(sent, cluster);
        expect(length).toBeLessThan(1400);
        expect(length % 4).toBe(0);
      }),
    );
  });

  it('is malformed when cut anywhere', () => {
    fc.assert(
      fc.property(announcement, (sent) => {
        const body = encodeBody(sent, 'default');
        const lengths = Array.from({ length: body.length }, (_, length) => length);
        expect(lengths.filter((length) => decodeBody(body.subarray(0, length)).ok)).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });

  it('is malformed when any one byte was changed', () => {
    fc.assert(
      fc.property(announcement, fc.integer({ min: 1, max: 255 }), (sent, change) => {
        const body = encodeBody(sent, 'default');
        const offsets = [...body.keys()];
        expect(offsets.filter((offset) => decodeBody(body.with(offset, body[offset]! ^ change)).ok)).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });

  it('with bytes changed and the checksum put right is decoded or malformed, and what is decoded can be sent', () => {
    fc.assert(
      fc.property(announcement, fc.nat(), fc.integer({ min: 1, max: 255 }), (sent, position, change) => {
        const body = encodeBody(sent, 'default');
        const index = position % body.length;
        const result = decodeBody(sealBody(body.with(index, body[index]! ^ change)));
        if (result.ok) expect(decoded(encodeBody(result.announcement, result.cluster))).toEqual(result.announcement);
      }),
      { numRuns: 1000 },
    );
  });

  it('does not change the bytes that it is read from', () => {
    const body = encodeBody(web, 'default');
    const before = Uint8Array.from(body);
    decodeBody(body);
    expect(body).toEqual(before);
  });

  it('is read from the middle of a larger buffer', () => {
    const body = encodeBody(web, 'default');
    const packet = new Uint8Array(body.length + 27);
    packet.set(body, 13);
    expect(decoded(packet.subarray(13, 13 + body.length))).toEqual(web);
  });
});

describe('random bytes', () => {
  it('are malformed', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), (bytes) => {
        expect(decodeBody(bytes).ok).toBe(false);
      }),
      { numRuns: 2000 },
    );
  });

  it('in place of the TLVs after a correct header never throw', () => {
    const tlv = fc.record({
      type: fc.oneof(
        fc.integer({ min: 0, max: 0xffff }),
        fc.constantFrom(1, 2, 100, 101, 102, 103, 104, 106, 110, 200, 205, 300),
      ),
      value: fc.uint8Array({ maxLength: 40 }),
    });
    fc.assert(
      fc.property(announcement, fc.array(tlv, { maxLength: 12 }), (sent, tlvs) => {
        const body = changed((original) => [...original.slice(0, 2), ...tlvs], sent);
        expect(typeof decodeBody(body).ok).toBe('boolean');
      }),
      { numRuns: 1000 },
    );
  });
});

describe('a body', () => {
  it('of another format version is malformed, and the reason names both versions', () => {
    expect(reasonFor(replaced(1, withByte(1, 2)))).toBe('format version 2 is not known, this node speaks version 1');
  });

  it('of more than 1,400 bytes is malformed', () => {
    const filler = { type: 9999, value: new Uint8Array(MAX_BODY_BYTES) };
    expect(reasonFor(changed((tlvs) => [...tlvs, filler]))).toMatch(/at most 1400/);
  });

  it('with TLVs of unknown type is read as if they were not there', () => {
    const unknown = { type: 9999, value: Uint8Array.of(1, 2, 3) };
    const ipv6 = { type: 105, value: new Uint8Array(16) };
    expect(decoded(changed(([header, ...rest]) => [header!, unknown, ...rest, unknown, ipv6]))).toEqual(web);
  });

  it('is read whatever the order of the TLVs after the header', () => {
    expect(decoded(changed(([header, ...rest]) => [header!, ...rest.reverse()]))).toEqual(web);
  });

  it('with a TLV that goes beyond its end is malformed', () => {
    const body = encodeBody(move, 'default');
    const lastTlv = body.length - 8;
    expect(reasonFor(sealBody(body.with(lastTlv + 3, 5)))).toBe(
      `TLV 304 at offset ${lastTlv} has length 5, beyond the end of the body`,
    );
  });

  it.each(['__proto__', 'constructor', 'prototype'])('with a service or a group called %s is malformed', (name) => {
    const bytes = new TextEncoder().encode(name);
    for (const type of [100, 101]) expect(reasonFor(replaced(type, () => bytes))).toContain(`not ${NAME_EXPECTED}`);
  });

  it('that does not begin with the header is malformed', () => {
    expect(reasonFor(joinTlvs(splitTlvs(encodeBody(web, 'default')).reverse()))).toMatch(/first TLV has type/);
  });

  it('with unknown flags is read as if they were not set', () => {
    expect(decoded(replaced(102, withByte(4, 0xff)))).toEqual(web);
  });

  it.each([
    [web, [2, 100, 101, 102, 103]],
    [node, [2, 200, 201, 202, 203]],
    [move, [2, 300, 301]],
  ])('without a mandatory TLV is malformed (%#)', (original, types) => {
    for (const type of types) expect(reasonFor(without(type, original))).toMatch(`TLV ${type} `);
  });

  it.each([web, node, move])('with a TLV twice is malformed (%#)', (original) => {
    for (const { type } of splitTlvs(encodeBody(original, 'default'))) {
      const twice = changed((tlvs) => [...tlvs, ...tlvs.filter((tlv) => tlv.type === type)], original);
      expect(reasonFor(twice)).toMatch('occurs 2 times');
    }
  });

  it.each([
    ['a run state', withByte(1, 5), 'run state 5 is not known'],
    ['a service kind', withByte(0, 2), 'service kind 2 is not known'],
    ['a scope', withByte(2, 5), 'scope 5 is not known'],
    ['a short state', (value: Uint8Array) => value.subarray(0, -1), 'the service state is too short: 19 bytes'],
    ['a long state', (value: Uint8Array) => Uint8Array.of(...value, 0), 'the service state has 1 bytes too many'],
  ])('with %s that is none is malformed', (_what, change, reason) => {
    expect(reasonFor(replaced(102, change))).toBe(reason);
  });

  it.each([
    ['empty', new Uint8Array()],
    ['longer than 64 bytes', new Uint8Array(65).fill(65)],
    ['with a slash', new TextEncoder().encode('A/B')],
    ['of two dots', new TextEncoder().encode('..')],
    ['with a newline', new TextEncoder().encode('A\n')],
    ['that is not UTF-8', Uint8Array.of(0xff)],
  ])('with a name %s is malformed', (_what, bytes) => {
    expect(reasonFor(replaced(100, () => bytes))).toMatch(/^the service name /);
    expect(reasonFor(replaced(2, () => bytes))).toMatch(/^the cluster name /);
  });

  it.each([
    ['control characters', 'down\n[2026] forged log line'],
    ['a delete character', 'a\u007f'],
    ['marks that reorder text', 'a\u202eb'],
  ])('with %s in its text is malformed', (_what, hostName) => {
    expect(reasonFor(replaced(201, () => new TextEncoder().encode(hostName), node))).toBe(
      'the host name contains control characters',
    );
  });

  it('with text that is not UTF-8 is malformed', () => {
    expect(reasonFor(replaced(201, () => Uint8Array.of(0xc3), node))).toBe('the host name is not UTF-8');
  });

  it('with a failure code of a newer version says unknown', () => {
    const failed = { ...web, failure: { code: 'start-failed', reason: 'no disk' } } as const;
    expect(decoded(replaced(109, withByte(0, 0xff), failed))).toMatchObject({
      failure: { code: 'unknown', reason: 'no disk' },
    });
  });

  it('with a command that this version does not have is malformed', () => {
    expect(reasonFor(replaced(300, withByte(9, 99), move))).toBe('command 99 is not known');
  });

  it('of a service without addresses is malformed', () => {
    expect(reasonFor(without(104))).toBe('a service has at least one address');
  });

  it('without the highest known claim is that of a version which does not tell', () => {
    expect(decoded(without(110, { ...web, knownClaim: 7 }))).toEqual({ ...web, knownClaim: null });
    expect(encodeBody({ ...web, knownClaim: 7 }, 'default').length).toBe(encodeBody(web, 'default').length + 8);
  });

  it('with a known claim that no cluster reaches, or of another length, is malformed', () => {
    const known = { ...web, knownClaim: MAX_CLAIM };
    expect(reasonFor(replaced(110, withByte(3, 1), known))).toBe(
      `the claim is ${MAX_CLAIM + 1}, at most ${MAX_CLAIM} are possible`,
    );
    expect(reasonFor(replaced(110, (value) => value.subarray(1), known))).toMatch('highest known claim is too short');
  });

  it('of a command without its service is malformed', () => {
    expect(reasonFor(without(302, move))).toBe('the command move needs a service');
  });
});

describe('text that is too long', () => {
  it('is cut between characters', () => {
    const failed = { ...web, failure: { code: 'start-failed', reason: `a${'€'.repeat(1000)}` } } as const;
    expect(decoded(encodeBody(failed, 'default'))).toMatchObject({ failure: { reason: `a${'€'.repeat(84)}` } });
  });

  it('never makes the body of the largest service too long', () => {
    const long = 'x'.repeat(64);
    const largest: ServiceAnnouncement = {
      ...web,
      definition: {
        ...web.definition,
        name: long,
        group: long,
        dependsOn: Array.from({ length: MAX_DEPENDENCIES }, () => long),
        addresses: Array.from({ length: MAX_ADDRESSES }, () => '10.0.0.1'),
        area: '0.0.0.0',
      },
      knownClaim: 2,
      assent: { owner: routerId(1), claim: 1 },
      failure: { code: 'start-failed', reason: '€'.repeat(1000) },
    };
    const body = encodeBody(largest, long);
    expect(body.length).toBeLessThan(1400);
    expect(body.length).toBeGreaterThan(1390);
    expect(decoded(body)).toMatchObject({ definition: largest.definition });
  });

  it('never makes the body of the largest daemon too long, and the newest outcomes are sent', () => {
    const largest: DaemonAnnouncement = {
      ...node,
      hostName: '€'.repeat(1000),
      softwareVersion: 'x'.repeat(1000),
      managementAddresses: Array.from({ length: 20 }, () => '10.0.0.1'),
      ask: Array.from({ length: 1000 }, (_, index) => routerId(index)),
      outcomes: Array.from({ length: 20 }, (_, nonce) => ({
        issuer: routerId(1),
        epoch: 5,
        nonce,
        ok: true,
        text: '€'.repeat(1000),
      })),
    };
    const body = encodeBody(largest, 'x'.repeat(64));
    expect(body.length).toBeLessThan(1400);
    const received = decoded(body) as DaemonAnnouncement;
    expect(received.ask).toEqual(largest.ask.slice(0, 128));
    expect(received.outcomes.map(({ nonce }) => nonce)).toEqual(largest.outcomes.slice(4).map(({ nonce }) => nonce));
    expect(received.outcomes.every((outcome) => outcome.text.startsWith('€€€€€'))).toBe(true);
  });

  it('has its control characters replaced by spaces', () => {
    const reason = 'make: ***\t[stop]\nError 1\u202e';
    const failed = { ...web, failure: { code: 'stop-failed', reason } } as const;
    expect(decoded(encodeBody(failed, 'default'))).toMatchObject({ failure: { reason: 'make: *** [stop] Error 1 ' } });
  });
});

describe('encodeBody', () => {
  it.each<[string, Announcement, RegExp]>([
    ['a preference above 255', { ...web, preference: 256 }, /preference .* 256/],
    ['a claim that is no integer', { ...web, claim: 1.5 }, /claim .* 1.5/],
    ['a name with a space', { ...web, definition: { ...web.definition, name: 'A B' } }, /service name .* 'A B'/],
    ['no dotted quad', { ...web, definition: { ...web.definition, addresses: ['localhost'] } }, /'localhost'/],
    ['a service without addresses', { ...web, definition: { ...web.definition, addresses: [] } }, /at least one/],
    ['a hash that is none', { ...web, definitionHash: 'xyz' }, /hash .* 'xyz'/],
    ['a port above 65535', { ...node, managementPort: 65536 }, /port .* 65536/],
    ['a command without its service', { ...move, order: orderNamed('move', '') }, /needs a service/],
  ])('refuses %s with a RangeError that says so', (_what, wrong, message) => {
    expect(() => encodeBody(wrong, 'default')).toThrow(RangeError);
    expect(() => encodeBody(wrong, 'default')).toThrow(message);
  });
});

describe('the numbers on the wire', () => {
  it.each([
    ['failures', FAILURE_NUMBERS],
    ['run states', RUN_STATES],
    ['commands', COMMAND_NUMBERS],
  ])('of %s are all different', (_what, table) => {
    const numbers = Object.values(table);
    expect(new Set(numbers).size).toBe(numbers.length);
  });
});
