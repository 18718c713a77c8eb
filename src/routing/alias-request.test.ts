import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aliasInterface, aliasLabel, checkAliasRequest, isAliasLabel } from './alias-request.js';

const GOOD = { addresses: ['172.16.15.128'], interface: 'lo', area: null };

describe('a request for aliases', () => {
  it('is taken with good words', () => {
    expect(checkAliasRequest(GOOD)).toEqual(GOOD);
    expect(checkAliasRequest({ ...GOOD, interface: 'eth0.100', area: '0.0.0.7' }).area).toBe('0.0.0.7');
  });

  it.each([
    [{ ...GOOD, addresses: [] }, 'at least one address'],
    [{ ...GOOD, addresses: ['172.16.15.1', '172.16.15.1'] }, 'listed twice'],
    [{ ...GOOD, addresses: ['172.16.15.1/24'] }, 'expected an IPv4 address'],
    [{ ...GOOD, addresses: ['172.16.015.1'] }, 'expected an IPv4 address'],
    [{ ...GOOD, addresses: ['1.2.3.4\nwrite memory'] }, 'expected an IPv4 address'],
    [{ ...GOOD, addresses: ['127.0.0.1'] }, 'can be routed to'],
    [{ ...GOOD, addresses: ['224.0.0.5'] }, 'can be routed to'],
    [{ ...GOOD, interface: 'lo; reboot' }, 'name of a network interface'],
    [{ ...GOOD, interface: '-lo' }, 'name of a network interface'],
    [{ ...GOOD, interface: 'enx00112233445' }, 'at most 10 characters'],
    [{ ...GOOD, area: '7' }, 'expected an OSPF area as a dotted quad'],
  ])('is refused with a reason: %j', (request, reason) => {
    expect(() => checkAliasRequest(request)).toThrow(reason);
  });

  it('only ever gives single words of letters, digits, dots, dashes and underscores', () => {
    const word = /^[A-Za-z0-9_.-]+$/;
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary', maxLength: 12 }), (address, name) => {
        try {
          const checked = checkAliasRequest({ addresses: [address], interface: name, area: address });
          for (const text of [...checked.addresses, checked.interface, checked.area]) expect(text).toMatch(word);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }),
    );
  });
});

describe('the mark of an alias', () => {
  it('fits into the 15 characters that Linux keeps, and is recognised', () => {
    for (const name of ['lo', 'enp0s31f6x']) {
      const label = aliasLabel(aliasInterface(name));
      expect(label.length).toBeLessThanOrEqual(15);
      expect(isAliasLabel(label)).toBe(true);
    }
    for (const label of ['lo', 'eth0', 'lo:1', 'srrd']) expect(isAliasLabel(label)).toBe(false);
  });
});
