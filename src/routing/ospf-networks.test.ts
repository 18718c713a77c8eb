import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ospfArea } from './alias-request.js';
import { NO_EXTERNAL_ROUTES } from './external-routes.js';
import { readConfiguredAddresses } from './interface-configuration.js';
import { chooseArea, ownAreas } from './ospf-areas.js';
import { readOspfNetworks } from './ospf-networks.js';

/** As FRR 8.4.4 writes it. */
const RUNNING_CONFIG = `frr version 8.4.4
frr defaults traditional
!
hostname alpha
!
interface eth0
 ip ospf cost 65535
 ip ospf dead-interval minimal hello-multiplier 5
exit
!
interface lo
 ip ospf cost 10 172.16.9.4
 ip ospf cost 65535 172.16.9.5
exit
!
router ospf
 ospf router-id 10.0.0.1
 network 10.91.0.0/24 area 0.0.0.7
 network 172.16.9.1/32 area 7
 network 172.16.9.2/32 area 0.0.0.0
 capability opaque

exit
!
router ospf vrf blue
 network 172.16.9.3/32 area 0.0.0.0
exit
`;

const PER_INTERFACE = `interface eth0
 ip ospf area 0.0.0.7
exit
!
interface lo
 ip ospf area 0.0.0.7 172.16.9.1
exit
!
router ospf
 ospf router-id 10.0.0.1
exit
`;

describe("what ospfd's configuration announces", () => {
  it('is the host lines of the default VRF, whichever way the area is written', () => {
    expect(readOspfNetworks(RUNNING_CONFIG)).toEqual({
      announced: [
        { address: '172.16.9.1', area: '0.0.0.7', interface: null, external: false },
        { address: '172.16.9.2', area: '0.0.0.0', interface: null, external: false },
      ],
      withheld: [{ address: '172.16.9.5', interface: 'lo' }],
      perInterface: false,
      configured: true,
      external: expect.objectContaining({ redistribution: null, complete: false }),
    });
  });

  it('is also found where OSPF is configured per interface', () => {
    expect(readOspfNetworks(PER_INTERFACE)).toEqual({
      announced: [{ address: '172.16.9.1', area: '0.0.0.7', interface: 'lo', external: false }],
      withheld: [],
      perInterface: true,
      configured: true,
      external: expect.objectContaining({ redistribution: null, complete: false }),
    });
  });

  it('is nothing without `router ospf`', () => {
    expect(readOspfNetworks('hostname alpha\n')).toEqual({
      announced: [],
      withheld: [],
      perInterface: false,
      configured: false,
      external: NO_EXTERNAL_ROUTES,
    });
  });

  it('is read from any text without an exception', () => {
    const line = fc.constantFrom(
      ' network ',
      'router ospf',
      'interface lo',
      ' ip ospf area ',
      '1.2.3.4/32 area x',
      '\n',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(line, fc.string())), (parts) => {
        readOspfNetworks(parts.join(''));
        readConfiguredAddresses(parts.join(''));
      }),
    );
  });
});

describe("FRR's own addresses", () => {
  it('are read with their labels', () => {
    expect(
      readConfiguredAddresses('interface lo\n ip address 172.16.9.1/32 label lo:srrd\n ip address 10.0.0.1/32\nexit\n'),
    ).toEqual([
      { interface: 'lo', address: '172.16.9.1', prefixLength: 32, label: 'lo:srrd' },
      { interface: 'lo', address: '10.0.0.1', prefixLength: 32, label: null },
    ]);
  });
});

describe("the node's own areas", () => {
  const up = { ifUp: true, ospfEnabled: true, networkType: 'BROADCAST' };
  const shown = (interfaces: Record<string, unknown>): string => JSON.stringify({ interfaces });

  it('are those of interfaces that are up and are no loopbacks', () => {
    expect(
      ownAreas(
        shown({
          eth0: { ...up, area: '0.0.0.7' },
          eth1: { ...up, area: '0.0.0.7 [Stub]' },
          eth2: { ...up, ifUp: false, area: '0.0.0.8' },
          lo: { ...up, area: '0.0.0.9', networkType: 'LOOPBACK' },
        }),
      ),
    ).toEqual(['0.0.0.7']);
  });

  it.each(['', 'no OSPF', '{}', '[]', 'null', '{"interfaces":3}'])('are not read from %j', (text) => {
    expect(() => ownAreas(text)).toThrow('is `router ospf` configured?');
  });

  it('decide where an alias is announced', () => {
    const [a0, a7, a9] = ['0.0.0.0', '0.0.0.7', '0.0.0.9'].map(ospfArea) as [never, never, never];
    expect(chooseArea([a7], null)).toBe(a7);
    expect(chooseArea([a7, a0], null)).toBe(a0);
    expect(chooseArea([a7, a0], a7)).toBe(a7);
    expect(() => chooseArea([a7, a9], null)).toThrow('say which');
    expect(() => chooseArea([a7], a9)).toThrow("this node's OSPF interfaces are in area 0.0.0.7, not in 0.0.0.9");
    expect(() => chooseArea([], a9)).toThrow('no interface that is up');
  });
});
