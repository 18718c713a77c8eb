import { expect, test } from 'vitest';
import { type Facts, known } from '../facts.js';
import { checkDaemon } from './daemon.js';

const view = { connected: true, pid: 811, duplicateRouterIds: [], trust: null, failures: [], notCounted: [] };
const findings = (pid: number) =>
  checkDaemon({ daemon: known({ ...view, pid }) } as unknown as Facts).map(({ check, level }) => [check, level]);

test('srrd as process 1 of a container needs an init', () => {
  expect(findings(811)).toEqual([['srrd', 'fine']]);
  expect(findings(1)).toEqual([
    ['srrd', 'fine'],
    ['init', 'change'],
  ]);
});
