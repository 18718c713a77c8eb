import { expect, test } from 'vitest';
import type { ServiceStatus } from '../api/types.js';
import type { ClusterPicture } from '../store/cluster.js';
import { type Asker, possibilities } from './commands.js';
import { pictureOf, replicaOf, serviceOf } from './testing.js';

const OPERATOR: Asker = { role: 'operator', readOnly: false, live: true };

function commandsOf(service: ServiceStatus, routerId: string, picture: ClusterPicture, asker = OPERATOR): string[] {
  const all = possibilities(service, routerId, picture, asker);
  return all.filter(({ whyNot }) => whyNot === null).map(({ command }) => command);
}

test('a command is possible unless the status says why not', () => {
  const service = serviceOf('WEB', [replicaOf('10.0.0.1', { impossible: { unpin: 'WEB is not pinned to alpha' } })]);
  const all = possibilities(service, '10.0.0.1', pictureOf([service]), OPERATOR);
  expect(all).toContainEqual({ command: 'unpin', whyNot: 'WEB is not pinned to alpha' });
  expect(all.filter(({ whyNot }) => whyNot !== null)).toHaveLength(1);
});

test('who may not command is told why, for every command', () => {
  const service = serviceOf('WEB', [replicaOf('10.0.0.1', {})]);
  const whys = possibilities(service, '10.0.0.1', pictureOf([service]), { ...OPERATOR, role: 'viewer' });
  expect(new Set(whys.map(({ whyNot }) => whyNot))).toEqual(
    new Set(['it needs the role operator, and you are viewer']),
  );
  for (const more of [{ live: false }, { readOnly: true }])
    expect(commandsOf(service, '10.0.0.1', pictureOf([service]), { ...OPERATOR, ...more })).toEqual([]);
});

test('what is not announced by another node can be activated there, if that can be commanded', () => {
  const service = serviceOf('WEB', [replicaOf('10.0.0.1', {})]);
  expect(commandsOf(service, '10.0.0.2', pictureOf([service]))).toEqual(['activate']);
  const gone = { reachable: false, whyNoCommands: 'beta (10.0.0.2) is unreachable' };
  expect(commandsOf(service, '10.0.0.2', pictureOf([service], gone))).toEqual([]);
});

test('what a node that fell silent may still use is confirmed stopped there', () => {
  const disk = serviceOf('DISK', [replicaOf('10.0.0.1', {})], { kind: 'resource', waitsForHolders: ['10.0.0.2'] });
  expect(commandsOf(disk, '10.0.0.2', pictureOf([disk]))).toEqual(['confirm-stopped', 'activate']);
});
