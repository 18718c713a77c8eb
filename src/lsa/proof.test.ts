import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commandAnnouncement, daemonAnnouncement, serviceAnnouncement } from '../flooding/testing/announcements.js';
import { routerId } from '../model/index.js';
import { sealBody } from './header.js';
import { addProof, decodeBody, encodeBody, MAX_BODY_BYTES, type Nonce, readProof } from './index.js';
import { joinTlvs, splitTlvs } from './tlv.js';

const KEY = { keyId: '0123456789abcdef', unixSeconds: 1_767_225_600 };

const SIGNATURE = Uint8Array.from({ length: 64 }, (_, index) => index + 1);

const announcement = fc.oneof(
  fc.nat({ max: 1000 }).map((counter) => serviceAnnouncement(counter)),
  fc.nat({ max: 1000 }).map((counter) => daemonAnnouncement(counter)),
  fc.nat({ max: 1000 }).map((counter) => commandAnnouncement(counter)),
);

const nonces: fc.Arbitrary<Nonce[]> = fc.array(
  fc.record({
    routerId: fc.integer({ min: 0, max: 0xffff_ffff }).map(routerId),
    nonce: fc.stringMatching(/^[0-9a-f]{16}$/),
  }),
  { maxLength: 8 },
);

function provable(sent: Parameters<typeof encodeBody>[0]): Uint8Array {
  return encodeBody(sent, 'default', { forProof: true, conversation: { asks: [], answers: [] } });
}

describe('a proof', () => {
  it('is found at the end, and the announcement is read as without it', () => {
    fc.assert(
      fc.property(announcement, (sent) => {
        const body = addProof(provable(sent), KEY, () => SIGNATURE);
        expect(readProof(body)).toMatchObject({ ...KEY, signature: SIGNATURE });
        expect(decodeBody(body)).toEqual({ ok: true, cluster: 'default', announcement: sent });
      }),
    );
  });

  it('covers every byte of the body but checksum and signature', () => {
    fc.assert(
      fc.property(announcement, fc.integer({ min: 1, max: 255 }), (sent, change) => {
        let signed: Uint8Array = new Uint8Array();
        const body = addProof(provable(sent), KEY, (proven) => {
          signed = proven;
          return SIGNATURE;
        });
        expect(readProof(body)?.proven).toEqual(signed);
        for (let offset = 0; offset < body.length - SIGNATURE.length; offset++) {
          if (offset >= 12 && offset < 16) continue;
          const changed = readProof(body.with(offset, body[offset]! ^ change));
          expect(changed === undefined || Buffer.compare(changed.proven, signed) !== 0).toBe(true);
        }
      }),
      { numRuns: 20 },
    );
  });

  it('is read from a Buffer too, which stays as it was', () => {
    const body = Buffer.from(addProof(provable(serviceAnnouncement(1)), KEY, () => SIGNATURE));
    const before = body.toString('hex');
    expect(readProof(body)?.proven).toEqual(readProof(Uint8Array.from(body))?.proven);
    expect(body.toString('hex')).toBe(before);
  });

  it('is looked for in any bytes without an exception', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 1500 }), (bytes) => {
        readProof(bytes);
      }),
      { numRuns: 2000 },
    );
  });

  it('that occurs twice makes a body malformed', () => {
    const body = addProof(provable(serviceAnnouncement(1)), KEY, () => SIGNATURE);
    const tlvs = splitTlvs(body);
    const twice = sealBody(joinTlvs([...tlvs, tlvs.at(-1)!]));
    expect(decodeBody(twice)).toMatchObject({ ok: false, reason: 'TLV 3 (proof) occurs 2 times' });
  });
});

describe('the conversation of a Daemon announcement', () => {
  it('comes back as it was sent', () => {
    fc.assert(
      fc.property(nonces, nonces, (asks, answers) => {
        const body = encodeBody(daemonAnnouncement(1), 'default', { forProof: true, conversation: { asks, answers } });
        const some = asks.length + answers.length > 0;
        const read = decodeBody(body);
        expect(read).toMatchObject({ ok: true });
        expect(read.ok && read.conversation).toEqual(some ? { asks, answers } : undefined);
      }),
    );
  });

  it('and a proof leave room for all outcomes, and the body is not too long', () => {
    const many = Array.from({ length: 20 }, (_, index) => ({ routerId: routerId(index), nonce: '00'.repeat(8) }));
    const largest = {
      ...daemonAnnouncement(1),
      hostName: 'x'.repeat(64),
      softwareVersion: 'x'.repeat(32),
      managementAddresses: Array.from({ length: 8 }, () => '10.0.0.1'),
      ask: Array.from({ length: 200 }, (_, index) => routerId(index)),
      outcomes: Array.from({ length: 16 }, (_, nonce) => ({
        issuer: routerId(1),
        epoch: 5,
        nonce,
        ok: true,
        text: '€'.repeat(100),
      })),
      revocations: Array.from({ length: 4 }, () => ({ authority: '00'.repeat(8), number: 1 })),
    };
    const conversation = { asks: many, answers: many };
    const body = addProof(encodeBody(largest, 'x'.repeat(64), { forProof: true, conversation }), KEY, () => SIGNATURE);
    expect(body.length).toBeLessThan(MAX_BODY_BYTES);
    const read = decodeBody(body);
    expect(read).toMatchObject({ ok: true, conversation: { asks: many.slice(0, 8), answers: many.slice(0, 8) } });
    if (!read.ok || read.announcement.kind !== 'daemon') throw new Error('expected a Daemon announcement');
    expect(read.announcement.outcomes).toHaveLength(16);
    expect(read.announcement.outcomes.every(({ text }) => text.startsWith('€€€€€'))).toBe(true);
    expect(read.announcement.ask.length).toBeGreaterThanOrEqual(60);
  });
});
