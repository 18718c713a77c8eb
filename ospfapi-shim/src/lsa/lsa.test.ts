import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatIpv4, ipv4 } from '../ipv4.js';
import { bytes, lsa, lsaHeader } from '../testing/arbitraries.js';
import { decodeLsa } from './decode.js';
import { encodeLsaBody } from './encode.js';
import { decodeLsaHeader, encodeLsaHeader } from './header.js';

describe('LSA bodies', () => {
  it('come out as they went in, for all types from 1 to 11', () => {
    fc.assert(
      fc.property(lsa, ({ header, lsa: original }) => {
        expect(decodeLsa(header, encodeLsaBody(original))).toEqual(original);
      }),
      { numRuns: 1000 },
    );
  });

  it('cut at any byte are malformed, or a shorter list that ends where the bytes end', () => {
    fc.assert(
      fc.property(lsa, ({ header, lsa: original }) => {
        const body = encodeLsaBody(original);
        for (let length = 0; length < body.length; length++) {
          const cut = body.slice(0, length);
          const decoded = decodeLsa(header, cut);
          if (original.kind === 'router') expect(decoded.kind).toBe('malformed');
          if (decoded.kind !== 'malformed') expect(encodeLsaBody(decoded)).toEqual(cut);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('are decoded from random bytes without an exception', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 255 }), bytes, (type, body) => {
        expect(decodeLsa({ type, linkStateId: ipv4(0) }, body).kind).toBeTypeOf('string');
      }),
      { numRuns: 5000 },
    );
  });

  it('with more links announced than bytes are malformed, at once', () => {
    const body = Uint8Array.of(0, 0, 0xff, 0xff, 1, 2, 3, 4);
    expect(decodeLsa({ type: 1, linkStateId: ipv4(1) }, body)).toEqual({
      kind: 'malformed',
      what: 'Router LSA',
      reason: 'its body ends too early',
    });
  });

  it('show a Router LSA of FRR with its links', () => {
    const body = Buffer.from('000000020a0000020a0901010100000a0a090100ffffff000300000a', 'hex');
    const decoded = decodeLsa({ type: 1, linkStateId: ipv4(0x0a000001) }, body);
    expect(decoded).toMatchObject({
      kind: 'router',
      areaBorderRouter: false,
      links: [
        { type: 'point-to-point', metric: 10 },
        { type: 'stub', metric: 10 },
      ],
    });
    if (decoded.kind !== 'router') return;
    expect(decoded.links.map(({ id, data }) => [formatIpv4(id), formatIpv4(data)])).toEqual([
      ['10.0.0.2', '10.9.1.1'],
      ['10.9.1.0', '255.255.255.0'],
    ]);
  });
});

describe('the LSA header', () => {
  it('comes out as it went in', () => {
    fc.assert(
      fc.property(lsaHeader, (header) => {
        expect(decodeLsaHeader(encodeLsaHeader(header))).toEqual(header);
      }),
    );
  });

  it('is malformed when cut anywhere', () => {
    fc.assert(
      fc.property(lsaHeader, fc.integer({ min: 0, max: 19 }), (header, length) => {
        expect(decodeLsaHeader(encodeLsaHeader(header).slice(0, length))).toMatchObject({ kind: 'malformed' });
      }),
    );
  });
});
