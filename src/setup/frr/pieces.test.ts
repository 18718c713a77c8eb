import { expect, test } from 'vitest';
import { NO_WISHES } from '../wishes.js';
import { missingPieces, type Needs } from './pieces.js';
import type { PrefixedInterface } from './prefixes.js';

const ETH0: PrefixedInterface = {
  ...{ name: 'eth0', addresses: ['10.1.1.11'], prefix: '10.1.1.0/24' },
  ...{ joins: false, byInterface: false },
};

function missing(text: string, needs: Partial<Needs> = {}): readonly string[] {
  const all = {
    wishes: NO_WISHES,
    findings: [],
    interfaces: [ETH0],
    area: '0.0.0.0',
    routerId: '10.0.0.1',
    networks: [],
  };
  return missingPieces(text, { ...all, ...needs }).flatMap(({ lines }) => lines);
}

test('what speaks OSPF already gets no network of its own, whatever its address is', () => {
  const text = 'router ospf\n network 10.255.0.1/32 area 0\nexit\n';
  const dummy = { ...ETH0, name: 'dummy0', addresses: [], prefix: '0.0.0.0/0' } as const;
  expect(missing(text, { interfaces: [dummy, ETH0] }).filter((line) => line.startsWith('network '))).toEqual([]);
  expect(missing(text, { interfaces: [dummy, { ...ETH0, joins: true }] })).toContain(
    'network 10.1.1.0/24 area 0.0.0.0',
  );
});

test('the network by which an interface speaks OSPF, and which is not saved, is written', () => {
  const networks = ['network 10.1.0.0/16 area 7'];
  expect(missing('router ospf\nexit\n', { networks })).toContain('network 10.1.0.0/16 area 7');
  expect(missing('router ospf\n network 10.1.1.11/32 area 7\nexit\n', { networks })).not.toContain(networks[0]);
});

test.each([
  ['ip ospf bfd 3 50 50', []],
  ['ip ospf bfd 3 300 300', ['ip ospf bfd', 'ip ospf bfd profile srrd']],
  ['ip ospf bfd', ['ip ospf bfd profile srrd']],
  ['ip ospf bfd profile old', ['ip ospf bfd']],
])('numbers of BFD that are fast enough stay: %s', (line, expected) => {
  const found = missing(`interface eth0\n ${line}\nexit\nrouter ospf\nexit\n`);
  expect(found.filter((one) => one.startsWith('ip ospf bfd'))).toEqual(expected);
});

test.each([
  ['mpls ldp\n router-id 1.1.1.1\nexit\n', true],
  ['router-id 1.1.1.1\n', false],
  ['ip router-id 1.1.1.1\n', false],
  ['vrf red\n ip router-id 1.1.1.1\nexit-vrf\n', true],
])('a router ID of another protocol is none of ospfd: %j', (text, expected) => {
  expect(missing(text).includes('ospf router-id 10.0.0.1')).toBe(expected);
});
