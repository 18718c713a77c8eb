import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatRouterId, parseRouterId, routerId } from './router-id.js';

describe('router ID', () => {
  it('is written as a dotted quad and read back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffff_ffff }), (n) => parseRouterId(formatRouterId(routerId(n))) === n),
    );
  });

  it.each(['', '1.2.3', '1.2.3.4.5', '256.1.1.1', '01.2.3.4', '1.2.3.x', '1.2.3.-4', ' 1.2.3.4'])(
    '"%s" is none',
    (text) => {
      expect(parseRouterId(text)).toBeUndefined();
    },
  );

  it.each([-1, 0x1_0000_0000, 1.5, Number.NaN])('%d is none', (value) => {
    expect(() => routerId(value)).toThrow(RangeError);
  });
});
