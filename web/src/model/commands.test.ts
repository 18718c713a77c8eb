import { expect, test } from 'vitest';
import type { ReplicaStatus, ServiceStatus } from '../api/types.js';
import type { ClusterPicture } from '../store/cluster.js';
import { type Asker, possibilities } from './commands.js';
import { pictureOf, replicaOf, serviceOf } from './testing.js';

const OPERATOR: Asker = { role: 'operator', readOnly: false, live: true };

function possible(
  replica: Partial<ReplicaStatus>,
  asker: Asker = OPERATOR,
  more: Partial<ServiceStatus> = {},
): string[] {
  const service = serviceOf('WEB', [replicaOf('10.0.0.1', replica)], more);
  return commandsOf(service, '10.0.0.1', pictureOf([service]), asker);
}

function commandsOf(service: ServiceStatus, routerId: string, picture: ClusterPicture, asker = OPERATOR): string[] {
  const all = possibilities(service, routerId, picture, asker);
  return all.filter(({ whyNot }) => whyNot === null).map(({ command }) => command);
}

test.each<[string, Partial<ReplicaStatus>, string[]]>([
  ['started', { state: 'started' }, ['stop', 'check', 'restart', 'reload', 'deactivate']],
  ['stopped', { state: 'stopped' }, ['move', 'stop', 'deactivate']],
  ['on standby', { state: 'stopped', standby: true }, ['move', 'deactivate']],
  [
    'failed',
    { state: 'failed', failure: { code: 'start-failed', reason: '' } },
    ['stop', 'clear', 'activate', 'deactivate'],
  ],
  ['inactive', { config: 'inactive' }, ['activate', 'disable']],
  ['disabled', { config: 'disabled' }, ['enable']],
  ['pinned', { state: 'started', pinned: true }, ['stop', 'check', 'restart', 'reload', 'deactivate', 'unpin']],
])('what is possible on a replica that is %s', (_, replica, expected) => {
  const owner = replica.state === 'started' ? '10.0.0.1' : null;
  expect(possible(replica, OPERATOR, { owner })).toEqual(expected);
});

test('who may not command is told why, for every command', () => {
  const service = serviceOf('WEB', [replicaOf('10.0.0.1', {})]);
  const whys = possibilities(service, '10.0.0.1', pictureOf([service]), { ...OPERATOR, role: 'viewer' });
  expect(new Set(whys.map(({ whyNot }) => whyNot))).toEqual(
    new Set(['it needs the role operator, and you are viewer']),
  );
  expect(possible({}, { ...OPERATOR, live: false })).toEqual([]);
  expect(possible({}, { ...OPERATOR, readOnly: true })).toEqual([]);
});

test('what is not announced by another node can be activated there', () => {
  const service = serviceOf('WEB', [replicaOf('10.0.0.1', {})]);
  expect(commandsOf(service, '10.0.0.2', pictureOf([service]))).toEqual(['activate']);
});

test('files are changed on the node itself only', () => {
  const service = serviceOf('WEB', [replicaOf('10.0.0.2', { config: 'disabled' })]);
  expect(commandsOf(service, '10.0.0.2', pictureOf([service]))).toEqual([]);
});

test('nothing can be moved to a node on standby, or commanded on one that is unreachable', () => {
  const service = serviceOf('WEB', [replicaOf('10.0.0.2', { state: 'stopped' })]);
  expect(commandsOf(service, '10.0.0.2', pictureOf([service], { standby: true }))).toEqual(['stop', 'deactivate']);
  expect(commandsOf(service, '10.0.0.2', pictureOf([service], { reachable: false }))).toEqual([]);
});

test('what a node that fell silent may still use is confirmed stopped there, and not cleared', () => {
  const waits = replicaOf('10.0.0.1', { state: 'starting', waitsFor: '10.0.0.2, which held it' });
  const disk = serviceOf('DISK', [waits], { kind: 'resource', waitsForHolders: ['10.0.0.2'] });
  expect(commandsOf(disk, '10.0.0.2', pictureOf([disk]))).toEqual(['confirm-stopped', 'activate']);
  expect(commandsOf(disk, '10.0.0.1', pictureOf([disk]))).not.toContain('clear');
  expect(commandsOf(disk, '10.0.0.1', pictureOf([disk]))).not.toContain('confirm-stopped');
});
