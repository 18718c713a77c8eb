import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytes } from '../testing/arbitraries.js';
import { splitTlvs, tlvLength } from './tlv.js';

const tlv = fc.record({ type: fc.integer({ min: 0, max: 0xffff }), value: fc.uint8Array({ maxLength: 40 }) });

function join(tlvs: readonly { type: number; value: Uint8Array }[]): Uint8Array {
  return Uint8Array.from(
    tlvs.flatMap(({ type, value }) => {
      const padding = new Array<number>((4 - (value.length % 4)) % 4).fill(0);
      return [type >> 8, type & 255, value.length >> 8, value.length & 255, ...value, ...padding];
    }),
  );
}

describe('TLVs', () => {
  it('come out as they went in, and fill the data', () => {
    fc.assert(
      fc.property(fc.array(tlv, { maxLength: 8 }), (original) => {
        const data = join(original);
        const split = splitTlvs(data);
        if (!Array.isArray(split)) throw new Error(split.reason);
        expect(split.map(({ type, value }) => ({ type, value: Uint8Array.from(value) }))).toEqual(original);
        expect(split.reduce((end, item) => (item.offset === end ? end + tlvLength(item) : -1), 0)).toBe(data.length);
      }),
    );
  });

  it('cut at any byte are malformed, or fewer', () => {
    fc.assert(
      fc.property(fc.array(tlv, { minLength: 1, maxLength: 4 }), (original) => {
        const data = join(original);
        for (let length = 0; length < data.length; length++) {
          const split = splitTlvs(data.subarray(0, length));
          if (Array.isArray(split)) expect(split.length).toBeLessThan(original.length);
          else expect(split.kind).toBe('malformed');
        }
      }),
      { numRuns: 200 },
    );
  });

  it('are split from random bytes without an exception', () => {
    fc.assert(
      fc.property(bytes, (data) => {
        const split = splitTlvs(data);
        expect(Array.isArray(split) || split.kind === 'malformed').toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});
