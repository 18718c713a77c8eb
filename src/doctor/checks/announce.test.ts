import { expect, it } from 'vitest';
import { type Facts, known } from '../facts.js';
import { checkAnnounce } from './announce.js';

function found(announce: string, services: number, ...routerLines: string[]): string[] {
  return check(announce, services, routerLines).map(
    ({ level, remedies }) => `${level} ${remedies.flatMap(({ lines }) => lines)}`,
  );
}

function check(announce: string, services: number, routerLines: readonly string[]) {
  const accepted = Array.from({ length: services }, (_, index) => ({
    addresses: [`172.16.15.${index}`],
    interface: 'lo',
  }));
  const facts = {
    configuration: known({ announce }),
    definitions: known({ accepted, errors: [] }),
    ospfConfiguration: known({ hasRouterOspf: true, routerLines, interfaceLines: new Map() }),
  } as unknown as Facts;
  return checkAnnounce(facts);
}

it('few addresses are stub links, many are not', () => {
  expect(found('auto', 32, 'redistribute connected')).toEqual(['fine ']);
  expect(found('auto', 33)).toEqual(['fine ']);
  expect(found('stub', 33)).toEqual(['change announce: auto']);
});

it.each([['redistribute connected route-map MINE'], ['network 172.16.0.0/12 area 0']])(
  '`%s` keeps them stub links',
  (line) => {
    expect(found('external', 1, line)[0]).toMatch(/^change router ospf/);
    expect(found('auto', 33, line)[0]).toContain(`no ${line}`);
  },
);

it('our own redistribution does not', () => {
  expect(found('auto', 33, 'redistribute connected metric 0 metric-type 1 route-map srrd')).toEqual(['fine ']);
});

it.each([['area 0.0.0.7 stub no-summary'], ['area 0.0.0.7 nssa']])('`%s` does in that area, and is named', (line) => {
  const [finding] = check('auto', 33, [line]);
  expect([finding?.level, finding?.text]).toEqual(['fine', expect.stringContaining('except in area 0.0.0.7')]);
});
