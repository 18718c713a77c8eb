import fc from 'fast-check';
import { expect, it } from 'vitest';
import { formatIpv4, ipv4, parseIpv4 } from './ipv4.js';
import { address } from './testing/arbitraries.js';

it('an address is read as it was written', () => {
  fc.assert(
    fc.property(address, (value) => {
      expect(parseIpv4(formatIpv4(value))).toBe(value);
    }),
  );
});

it('text that is no dotted quad is no address', () => {
  for (const text of ['', '1.2.3', '1.2.3.4.5', '1.2.3.256', '01.2.3.4', '1.2.3.-4', '1.2.3.4 ', 'a.b.c.d']) {
    expect(parseIpv4(text)).toBeUndefined();
  }
});

it('a number outside 32 bits is refused', () => {
  for (const value of [-1, 2 ** 32, 1.5, Number.NaN]) expect(() => ipv4(value)).toThrow(RangeError);
});
