import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { SimulatedGroup, WhatIf } from '../cluster/index.js';
import type { CommandReply, CommandRequest, StatusDocument } from '../http/index.js';
import { STOPPED_REPLICA as STOPPED, testControl } from '../http/testing.js';
import { orderNamed } from '../tables/index.js';
import { run, TestDaemon } from './testing.js';

const STATUS: StatusDocument = {
  node: { routerId: '10.0.0.1', name: 'alpha', phase: 'member', standby: false },
  ospf: { connected: true, ready: true, fullNeighbours: 2 },
  nodes: [
    { routerId: '10.0.0.1', name: 'alpha', reachable: true, web: null, webDoubt: null, standby: false },
    {
      routerId: '10.0.0.2',
      name: 'beta',
      reachable: true,
      web: '10.0.0.2:8443',
      webDoubt: 'no answer in 5 s',
      standby: true,
    },
    { routerId: '10.0.0.3', name: 'gamma', reachable: false, web: null, webDoubt: null, standby: false, dropped: 7 },
  ],
  services: [
    {
      ...{
        name: 'WEB',
        kind: 'service',
        group: 'WEB',
        addresses: [],
        owner: '10.0.0.2',
        elected: '10.0.0.2',
        waitsForHolders: [],
      },
      replicas: [
        { ...STOPPED, state: 'failed', failure: { code: 'start-failed', reason: 'bind: address\u001b[2J in use' } },
        { ...STOPPED, routerId: '10.0.0.2', state: 'started', preference: 90, claim: 3, pinned: true },
        { ...STOPPED, routerId: '10.0.0.3', reachable: false, notCounted: 'its node is unreachable' },
      ],
    },
    {
      ...{
        name: 'DISK',
        kind: 'resource',
        group: 'STORE',
        addresses: [],
        owner: null,
        elected: null,
        waitsForHolders: [],
      },
      replicas: [
        { ...STOPPED, config: 'injected', waitsFor: 'its own announcement' },
        { ...STOPPED, routerId: '10.0.0.2', notCounted: 'its daemon does not answer' },
      ],
    },
  ],
  process: {
    version: '0',
    pid: 1,
    uptimeSeconds: 1,
    eventLoopDelayMs: 0,
    floodsLimited: { held: [], mergedLastMinute: 0 },
    lsdbComparisons: { done: 0, differed: 0 },
    trust: { mode: 'off', keyId: null, refused: 0, nodes: [] },
    duplicateRouterIds: [],
    ending: null,
    problems: [],
  },
};

const SIMULATED: readonly SimulatedGroup[] = [
  { group: 'SHOP', before: '10.0.0.2', after: '10.0.0.1', members: ['DB', 'WEB'], refused: null },
  { group: 'STORE', before: '10.0.0.1', after: '10.0.0.1', members: ['DISK'], refused: null },
  { group: 'TIME', before: '10.0.0.2', after: null, members: [], refused: null },
];

let daemon: TestDaemon;
let requests: CommandRequest[];
let reply: CommandReply;

beforeEach(async () => {
  daemon = new TestDaemon();
  requests = [];
  reply = { outcome: 'done', text: 'WEB moves to beta' };
  const command = (request: CommandRequest) => {
    requests.push(request);
    return Promise.resolve(reply);
  };
  const simulate = ({ node }: WhatIf<string>) => (node === 'beta' ? SIMULATED : `no node is called ${node}`);
  daemon.status = STATUS;
  await daemon.serve({ control: testControl(() => daemon.status, { command, simulate }) });
});

afterEach(() => daemon.end());

test('status for people: a row per service by group, a column per node, failures in words', async () => {
  const { code, out } = await daemon.run('status');
  expect(code).toBe(0);
  expect(out).toBe(`alpha (10.0.0.1): member; ospfd is connected, 2 full neighbours

NODE   ROUTER ID  STATE                                   WEB
alpha  10.0.0.1   this node
beta   10.0.0.2   reachable, standby                      10.0.0.2:8443 (not confirmed: no answer in 5 s)
gamma  10.0.0.3   not reachable, 7 announcements dropped

GROUP  SERVICE  OWNER  alpha       beta               gamma
STORE  DISK     -      injected    stopped 100        -
WEB    WEB      beta   failed 100  started 90 pinned  not reachable

FAILURES
  WEB on alpha: start-failed: bind: address\ufffd[2J in use

WAITING
  DISK on alpha: for its own announcement

NOT COUNTED
  DISK on beta: its daemon does not answer
`);
});

test('status says when changes of this node wait or are merged, since there are too many', async () => {
  const held = Array.from({ length: 7 }, (_, index) => `S${index}`);
  daemon.status = { ...STATUS, process: { ...STATUS.process, floodsLimited: { held, mergedLastMinute: 240 } } };
  const { out } = await daemon.run('status');
  expect(out.split('\n')[1]).toBe(
    'floods are limited: 240 changes were merged in the last minute; waiting: S0, S1, S2, S3, S4, 2 others',
  );
  daemon.status = { ...STATUS, process: { ...STATUS.process, floodsLimited: { held: [], mergedLastMinute: 1 } } };
  expect((await daemon.run('status')).out.split('\n')[1]).toBe(
    'floods are limited: 1 change was merged in the last minute; none waits now',
  );
});

test('status says what is wrong with the files of this node, of whatever kind they are', async () => {
  const problems = [
    'the state directory cannot be written',
    ...Array.from({ length: 6 }, (_, n) => `/s/S${n}.yaml: x`),
  ];
  daemon.status = { ...STATUS, process: { ...STATUS.process, problems } };
  const { out } = await daemon.run('status');
  expect(out).toContain('\nthis node: the state directory cannot be written\nthis node: /s/S0.yaml: x\n');
  expect(out).toContain('\nthis node: 2 more problems, in the log\n');
});

test('status for programs is the document itself', async () => {
  const { code, out } = await daemon.run('status', '--json');
  expect([code, JSON.parse(out)]).toEqual([0, STATUS]);
});

test('simulate shows where each group would be, by name', async () => {
  const told = `GROUP  NOW    THEN   RUNNING THEN
SHOP   beta   alpha  DB WEB
STORE  alpha  stays  DISK
TIME   beta   -
`;
  expect(await daemon.run('simulate', 'lose beta')).toEqual({ code: 0, out: told, err: '' });
  expect(await daemon.run('simulate', 'lose', 'beta')).toEqual({ code: 0, out: told, err: '' });
  expect(requests).toEqual([]);
});

test('simulate for programs is the document itself', async () => {
  const { code, out } = await daemon.run('simulate', 'lose beta', '--json');
  expect([code, JSON.parse(out)]).toEqual([0, { question: { change: 'lose', node: 'beta' }, groups: SIMULATED }]);
});

test('a question that is not understood exits 2 and says what is', async () => {
  const { code, err } = await daemon.run('simulate', 'explode beta');
  expect([code, err]).toEqual([2, expect.stringMatching(/^srrctl: expected "lose NODE", .*, got "explode beta"\n$/)]);
  expect(await daemon.run('simulate', 'move beta')).toMatchObject({
    code: 2,
    err: 'srrctl: expected "move NODE SERVICE", got "move beta"\n',
  });
  expect(await daemon.run('simulate', 'lose gamma')).toMatchObject({
    code: 2,
    err: 'srrctl: no node is called gamma\n',
  });
});

test('simulate --help shows the questions and an example', async () => {
  const { code, out } = await run('simulate', '--help');
  expect(code).toBe(0);
  expect(out).toContain('stop NODE SERVICE');
  expect(out).toContain('srrctl simulate "lose beta"');
});

test('a command that is done exits 0 and says what happens', async () => {
  expect(await daemon.run('service', 'move', 'WEB', 'beta', '--pin')).toEqual({
    code: 0,
    out: 'WEB moves to beta\n',
    err: '',
  });
  await daemon.run('service', 'stop', 'WEB');
  await daemon.run('node', 'standby', '10.0.0.3');
  expect(requests).toEqual([
    { operator: 'local', order: orderNamed('move', 'WEB'), target: 'beta', pin: true, role: 'admin' },
    { operator: 'local', order: orderNamed('stop', 'WEB'), target: null, pin: false, role: 'admin' },
    { operator: 'local', order: orderNamed('node-standby', ''), target: '10.0.0.3', pin: false, role: 'admin' },
  ]);
});

test('a command for programs gives the answer as JSON', async () => {
  const { out } = await daemon.run('service', 'move', 'WEB', 'beta', '--json');
  expect(JSON.parse(out)).toEqual({ text: 'WEB moves to beta' });
});

test('a refused command exits 1 with the reason on stderr', async () => {
  reply = { outcome: 'refused', text: 'beta would take it back at once: preference 200 > 100' };
  expect(await daemon.run('service', 'start', 'WEB')).toEqual({
    code: 1,
    out: '',
    err: 'srrctl: beta would take it back at once: preference 200 > 100\n',
  });
});

test.each([
  [[]],
  [['explode']],
  [['service', 'explode', 'WEB']],
  [['service', 'move', 'WEB']],
  [['service', 'stop', 'WEB', '--pin']],
  [['service', 'start']],
  [['status', '--yaml']],
  [['simulate']],
  [['node', 'standby', 'a', 'b']],
])('wrong usage %j exits 2 and commands nothing', async (args) => {
  const { code, err } = await daemon.run(...args);
  expect(code).toBe(2);
  expect(err).not.toBe('');
  expect(requests).toEqual([]);
});

test('help shows examples and exits 0', async () => {
  const { code, out } = await run('--help');
  expect(code).toBe(0);
  expect(out).toContain('srrctl service move WEB beta');
});

test('without a daemon it exits 3 and says what to check', async () => {
  const { code, err } = await run('--socket', join(daemon.folder, 'none.sock'), 'status');
  expect(code).toBe(3);
  expect(err).toMatch(/no daemon at .*none\.sock: the socket does not exist\. Is srrd running/);
});

test('something else on the socket exits 3', async () => {
  const path = join(daemon.folder, 'other.sock');
  const other = await listen(path, 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello');
  const { code, err } = await run('--socket', path, 'status');
  other.close();
  expect([code, err]).toEqual([3, `srrctl: what answers at ${path} is no srrd: expected JSON, got "hello"\n`]);
});

function listen(path: string, answer: string): Promise<Server> {
  const server = createServer((connection) => connection.once('data', () => connection.end(answer)));
  return new Promise((resolve) => server.listen(path, () => resolve(server)));
}
