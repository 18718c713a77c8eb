import { expect, it } from 'vitest';
import type { ServiceDefinition } from '../../model/definition.js';
import { type Facts, known } from '../facts.js';
import { checkCovered } from './covered.js';

const WEB = {
  name: 'WEB',
  handover: 'overlap',
  addresses: ['172.16.15.128'],
  interface: 'lo',
} as unknown as ServiceDefinition;

function found(routerLines: readonly string[], ofLo: readonly string[] = [], definition = WEB): string[] {
  const facts = {
    definitions: known({ accepted: [definition], errors: [] }),
    ospfConfiguration: known({ hasRouterOspf: true, routerLines, interfaceLines: new Map([['lo', ofLo]]) }),
  } as unknown as Facts;
  return checkCovered(facts).map(({ level, text }) => `${level}: ${/because of "(.*)"/.exec(text)?.[1] ?? ''}`);
}

it.each([
  ['network 172.16.0.0/12 area 0'],
  ['network 0.0.0.0/0 area 0.0.0.7'],
  ['network 172.16.15.128/31 area 0'],
  ['redistribute connected'],
  ['redistribute connected metric 10'],
])('`%s` announces the address of a service that is handed over without loss', (line) => {
  expect(found(['ospf router-id 10.0.0.1', line])).toEqual([`change: ${line}`]);
});

it('a line of the interface does so too', () => {
  expect(found([], ['ip ospf area 0.0.0.0'])).toEqual(['change: ip ospf area 0.0.0.0']);
});

it.each([
  ['network 172.16.15.128/32 area 0'],
  ['network 172.16.15.0/26 area 0'],
  ['redistribute connected route-map OTHERS'],
])('`%s` does not', (line) => expect(found([line], ['ip ospf area 0.0.0.0 10.0.0.1'])).toEqual(['fine: ']));

it('what is not handed over is announced from the moment it is up in any case', () => {
  expect(found(['redistribute connected'], [], { ...WEB, handover: 'exclusive' })).toEqual([]);
});
