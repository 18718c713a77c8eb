import { describe, expect, it } from 'vitest';
import { aliasAddress, aliasInterface, ospfArea } from './alias-request.js';
import {
  canBeExternal,
  commandsToEnd,
  commandsToPermit,
  NO_EXTERNAL_ROUTES,
  permits,
  readExternalRoutes,
} from './external-routes.js';
import { readRunningConfig } from './running-config.js';

/** As FRR 8.4.4 writes it; 10.3 has the route-map before the lists. */
const OURS = `router ospf
 ospf router-id 10.0.0.1
 redistribute connected metric 0 metric-type 1 route-map srrd
 network 10.1.1.0/24 area 0.0.0.0
exit
!
ip prefix-list other seq 5 permit 10.0.0.0/8
ip prefix-list srrd seq 5 permit 172.16.16.0/24 ge 32
ip prefix-list srrd seq 10 permit 172.16.17.1/32
ip prefix-list srrd-withheld seq 5 permit 172.16.16.9/32
!
route-map srrd deny 10
 match ip address prefix-list srrd-withheld
exit
!
route-map srrd permit 20
 match ip address prefix-list srrd
 set tag 1397903940
exit
`;

const read = (text: string) => readExternalRoutes(readRunningConfig(text));
const BACKBONE = ospfArea('0.0.0.0');
const alias = (address: string) => ({ address: aliasAddress(address), interface: aliasInterface('lo') });

describe('what ospfd redistributes for us', () => {
  it('is what the list permits and the other list does not hold back', () => {
    const found = read(OURS);
    const permitted = ['172.16.16.1', '172.16.16.9', '172.16.17.1', '172.16.17.2', '10.0.0.1'].filter((address) =>
      permits(found, aliasAddress(address)),
    );
    expect(permitted).toEqual(['172.16.16.1', '172.16.17.1']);
  });

  it('is nothing while a part of it is missing, which is put back', () => {
    for (const part of ['set tag', 'match ip address prefix-list srrd-withheld', 'redistribute']) {
      const found = read(
        OURS.split('\n')
          .filter((line) => !line.includes(part))
          .join('\n'),
      );
      expect(permits(found, aliasAddress('172.16.16.1'))).toBe(false);
      expect(commandsToPermit(found.permitted, found).map(({ text }) => text)).toContain(
        'redistribute connected metric 0 metric-type 1 route-map srrd',
      );
    }
  });

  it('changes by what is new and what is gone', () => {
    const found = read(OURS);
    expect(commandsToPermit(found.permitted, found)).toEqual([]);
    expect(commandsToPermit(['172.16.16.0/24', '172.16.18.0/31'], found).map(({ text }) => text)).toEqual([
      'ip prefix-list srrd permit 172.16.18.0/31 ge 32',
      'no ip prefix-list srrd permit 172.16.17.1/32',
    ]);
  });

  it('is taken away whole, and what is not ours is left', () => {
    expect(commandsToEnd(read(OURS)).map(({ text }) => text)).toEqual([
      'router ospf',
      'no redistribute connected',
      'no route-map srrd',
      'no ip prefix-list srrd',
      'no ip prefix-list srrd-withheld',
    ]);
    expect(commandsToEnd(read('router ospf\n redistribute connected route-map MINE\nexit\n'))).toEqual([]);
  });

  it('is taken away as far as it is there: whoever put it there may have died meanwhile', () => {
    const begun = read(OURS.replace(/ redistribute .*\n/, '').replace(/ set tag .*\n/, ''));
    expect(commandsToEnd(begun).map(({ text }) => text)).toEqual([
      'no route-map srrd',
      'no ip prefix-list srrd',
      'no ip prefix-list srrd-withheld',
    ]);
  });
});

describe('an address cannot be announced in an AS-external LSA', () => {
  it.each([
    ['somebody else redistributes', 'router ospf\n redistribute connected route-map MINE\nexit\n'],
    ['a network line covers it', 'router ospf\n network 172.16.0.0/12 area 0.0.0.0\nexit\n'],
    ['its interface is in OSPF', 'interface lo\n ip ospf area 0.0.0.0\nexit\nrouter ospf\nexit\n'],
  ])('where %s', (_, text) => {
    expect(canBeExternal([alias('172.16.16.1')], BACKBONE, read(text))).toBe(false);
  });

  it('but where other networks and addresses are announced it can', () => {
    const text = 'interface eth0\n ip ospf area 0.0.0.0\nexit\nrouter ospf\n network 10.0.0.0/8 area 0.0.0.0\nexit\n';
    expect(canBeExternal([alias('172.16.16.1')], BACKBONE, read(text))).toBe(true);
    expect(canBeExternal([alias('172.16.16.1')], BACKBONE, NO_EXTERNAL_ROUTES)).toBe(true);
  });

  it.each([
    'area 1 stub',
    'area 0.0.0.1 stub no-summary',
    'area 0.0.0.1 nssa',
    'area 1 nssa translate-always no-summary',
  ])('in an area of which ospfd says `%s`, but in another one it can', (line) => {
    const found = read(`router ospf\n network 10.1.1.0/24 area 1\n ${line}\nexit\n`);
    expect(canBeExternal([alias('172.16.16.1')], ospfArea('0.0.0.1'), found)).toBe(false);
    expect(canBeExternal([alias('172.16.16.1')], BACKBONE, found)).toBe(true);
  });
});
