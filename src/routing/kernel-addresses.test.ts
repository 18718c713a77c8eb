import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AliasAddress, InterfaceName } from './alias-request.js';
import { isPlaced, readAddresses } from './kernel-addresses.js';

const LO = {
  ifname: 'lo',
  addr_info: [
    { family: 'inet', local: '127.0.0.1', prefixlen: 8, scope: 'host', label: 'lo', valid_life_time: 4294967295 },
    { family: 'inet', local: '172.16.9.1', prefixlen: 32, scope: 'global', label: 'lo:srrd', valid_life_time: 3 },
  ],
};

describe("the kernel's addresses", () => {
  it('are read from ip, empty entries left out', () => {
    expect(readAddresses([{}, LO])).toEqual([
      { interface: 'lo', address: '127.0.0.1', prefixLength: 8, label: 'lo' },
      { interface: 'lo', address: '172.16.9.1', prefixLength: 32, label: 'lo:srrd' },
    ]);
  });

  it('hold an alias only on its interface and with our mark', () => {
    const alias = { address: '172.16.9.1' as AliasAddress, interface: 'lo' as InterfaceName };
    expect(isPlaced(alias, readAddresses([LO]))).toBe(true);
    expect(isPlaced({ ...alias, interface: 'eth0' as InterfaceName }, readAddresses([LO]))).toBe(false);
    expect(isPlaced({ ...alias, address: '127.0.0.1' as AliasAddress }, readAddresses([LO]))).toBe(false);
  });

  it('are addresses or an Error, whatever ip prints', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        try {
          for (const one of readAddresses([{ ifname: 'lo', addr_info: [value] }]))
            expect(one.address).toBeTypeOf('string');
          readAddresses(value);
        } catch (error) {
          expect(error).toBeInstanceOf(Error);
          expect(error).not.toBeInstanceOf(TypeError);
        }
      }),
    );
  });
});
