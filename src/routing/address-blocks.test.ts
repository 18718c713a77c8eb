import fc from 'fast-check';
import { expect, test } from 'vitest';
import { blocksOf, isWithin } from './address-blocks.js';
import { aliasAddress } from './alias-request.js';

test('neighbouring addresses become few blocks', () => {
  const whole = Array.from({ length: 300 }, (_, index) => aliasAddress(`172.16.${16 + (index >> 8)}.${index & 255}`));
  expect(blocksOf(whole)).toEqual(['172.16.16.0/24', '172.16.17.0/27', '172.16.17.32/29', '172.16.17.40/30']);
});

test('blocks hold each of the addresses, and no other', () => {
  const last = fc.integer({ min: 1, max: 254 });
  fc.assert(
    fc.property(fc.array(last, { minLength: 1 }), (octets) => {
      const addresses = octets.map((octet) => aliasAddress(`192.0.2.${octet}`));
      const blocks = blocksOf(addresses);
      for (let octet = 0; octet < 256; octet++) {
        expect(blocks.filter((block) => isWithin(`192.0.2.${octet}`, block))).toHaveLength(
          octets.includes(octet) ? 1 : 0,
        );
      }
    }),
  );
});
