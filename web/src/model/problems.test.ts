import { expect, test } from 'vitest';
import type { ClusterPicture } from '../store/cluster.js';
import { groupsOf } from './groups.js';
import { findProblems } from './problems.js';
import { pictureOf, replicaOf, serviceOf } from './testing.js';

const started = replicaOf('10.0.0.1', { state: 'started', claim: 1 });
const ready = replicaOf('10.0.0.2', {});

function problemsIn(picture: ClusterPicture) {
  return findProblems(picture, groupsOf(picture.services.values()));
}

function texts(...args: Parameters<typeof pictureOf>): string[] {
  return problemsIn(pictureOf(...args)).map(({ severity, text }) => `${severity}: ${text}`);
}

test('of a cluster that is well nothing is said', () => {
  expect(texts([serviceOf('WEB', [started, ready])])).toEqual([]);
});

test('a service that runs nowhere is wrong', () => {
  const replicas = [replicaOf('10.0.0.1', { standby: true }), replicaOf('10.0.0.2', { joining: true })];
  expect(texts([serviceOf('WEB', replicas)])).toEqual(['bad: WEB runs nowhere: no node may own it']);
});

test('a failure is named with its reason, and that nothing is left to go to', () => {
  const failed = replicaOf('10.0.0.2', { state: 'failed', failure: { code: 'start-failed', reason: 'no disk' } });
  expect(texts([serviceOf('WEB', [started, failed])])).toEqual([
    'bad: WEB failed on beta: start-failed – no disk',
    'warn: WEB has no other node to go to if its owner fails',
  ]);
});

test('after a failed stop people are told that it may still run', () => {
  const failed = replicaOf('10.0.0.2', { state: 'failed', failure: { code: 'stop-failed', reason: '' } });
  const [problem] = problemsIn(pictureOf([serviceOf('WEB', [started, failed])]));
  expect(problem?.advice).toBe('It may still be running there. Stop it by hand on beta, then clear it.');
});

test('a node that is gone is the first thing said of it', () => {
  const gone = { ...ready, reachable: false, notCounted: 'its node is unreachable' };
  expect(texts([serviceOf('WEB', [started, gone])], { reachable: false })).toEqual([
    'bad: The node beta (10.0.0.2) is unreachable',
    'warn: WEB has no other node to go to if its owner fails',
  ]);
});

test('what is wrong with the files of this node, and a router ID that two routers use, are said', () => {
  const picture = { ...pictureOf([]), problems: ['WEB.yaml: not read'], duplicateRouterIds: ['10.0.0.2'] };
  expect(problemsIn(picture)).toMatchObject([
    { severity: 'bad', text: 'alpha, this node: WEB.yaml: not read' },
    { severity: 'bad', text: expect.stringMatching(/^Two routers use the router ID 10\.0\.0\.2:/) },
  ]);
});

test('that versions are mixed is a note, not a fault', () => {
  const picture = { ...pictureOf([]), mixedVersions: 'versions are mixed: 1 on alpha; 2 on beta' };
  expect(problemsIn(picture)).toMatchObject([{ severity: 'note', text: 'Versions are mixed: 1 on alpha; 2 on beta' }]);
});

test('members of a group that are missing where the others run are named', () => {
  const disk = serviceOf('DISK', [started, ready], { group: 'SHOP' });
  const web = serviceOf('WEB', [replicaOf('10.0.0.1', {}), ready], { group: 'SHOP', elected: '10.0.0.1' });
  expect(texts([disk, web])).toEqual(['bad: WEB is not started on alpha, which should run it']);
});

test('a resource that runs twice is wrong', () => {
  const both = [started, replicaOf('10.0.0.2', { state: 'started', claim: 2 })];
  expect(texts([serviceOf('DISK', both, { kind: 'resource' })])).toContain(
    'bad: The resource DISK is started on alpha and beta at once',
  );
});

test('a service that is switched off everywhere is no failure', () => {
  expect(texts([serviceOf('WEB', [replicaOf('10.0.0.1', { config: 'inactive' })])])).toEqual([
    'note: WEB is active on no node',
  ]);
});

test('a resource that a silent node may still use is a problem, with what to do', () => {
  const disk = serviceOf('DISK', [replicaOf('10.0.0.1', { state: 'starting' })], {
    kind: 'resource',
    waitsForHolders: ['10.0.0.2'],
  });
  const found = problemsIn(pictureOf([disk])).find(({ text }) => text.includes('may still be in use on'));
  expect(found?.advice).toMatch(/make sure that it does not run on .*, and confirm that/);
});
