import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ConsoleRun } from '../../routing/index.js';
import type { Api } from '../api.js';
import { LOCAL } from '../identity.js';
import { buildServer } from '../server.js';
import { testPorts } from '../testing.js';
import type { RoutersPort, RoutersReply } from './routers.js';

let given: unknown[];
let logged: string[];
let reply: RoutersReply<ConsoleRun>;
let admin: Api;
let viewer: Api;

const routers: RoutersPort = {
  run: (daemon, commands, { user }) => {
    given.push([daemon, commands, user]);
    return Promise.resolve(reply);
  },
  complete: (daemon, question, asker) => {
    given.push([daemon, question, asker]);
    return Promise.resolve({ outcome: 'done', result: [{ word: 'ip', help: 'IP', placeholder: false }] });
  },
};

beforeEach(() => {
  given = [];
  logged = [];
  reply = {
    outcome: 'done',
    result: { answers: [{ command: 'x', output: 'secret-output\n', refused: false }], cut: false },
  };
  admin = server({ ...LOCAL, user: 'anna' });
  viewer = server({ ...LOCAL, user: 'vera', role: 'viewer' });
});

afterEach(async () => {
  await admin.close();
  await viewer.close();
});

function server(identity: typeof LOCAL): Api {
  const write = (_fields: object, text: string) => void logged.push(text);
  const log = { info: write, warn: write };
  return buildServer(testPorts({ routers }), { identify: () => identity, kind: 'socket', tls: null, pages: null, log });
}

async function post(api: Api, path: string, body: object): Promise<[number, Record<string, unknown>]> {
  const answer = await api.inject({ method: 'POST', url: `/api/v1/routers/${path}`, payload: body });
  return [answer.statusCode, answer.json()];
}

test('everybody may show, and sees what was said', async () => {
  expect(await post(viewer, 'ospfd/commands', { command: ' show ip ospf neighbor ' })).toEqual([
    200,
    { output: 'secret-output\n', refused: false, cut: false, answers: [expect.anything()] },
  ]);
  expect(given).toEqual([['ospfd', ['show ip ospf neighbor'], 'vera']]);
});

test.each([
  'show running-config',
  'show version | include (((((.{0,20}){0,20}){0,20})))Z',
  'show logging',
  'configure terminal',
  'clear ip ospf process',
])('%s needs an admin, with or without confirmation', async (command) => {
  for (const confirm of [true, false]) {
    const [statusCode, { error }] = await post(viewer, 'zebra/commands', { command, confirm });
    expect([statusCode, error]).toEqual([403, expect.stringContaining('needs the role admin; vera is viewer')]);
  }
  expect(given).toEqual([]);
});

test('one command among several that a viewer may not give refuses them all', async () => {
  const commands = ['show version', 'write memory'];
  expect((await post(viewer, 'zebra/commands', { commands, confirm: true }))[0]).toBe(403);
  expect(given).toEqual([]);
});

test('what may change something is done only when it is confirmed', async () => {
  const commands = ['configure terminal', 'router ospf', 'network 10.0.0.0/8 area 0'];
  const [statusCode, { error }] = await post(admin, 'ospfd/commands', { commands });
  expect([statusCode, error]).toEqual([409, expect.stringContaining('"configure terminal" may change')]);
  expect(given).toEqual([]);
  expect((await post(admin, 'ospfd/commands', { commands, confirm: true }))[0]).toBe(200);
  expect((await post(admin, 'ospfd/commands', { command: 'show running-config' }))[0]).toBe(200);
  expect(given).toEqual([
    ['ospfd', commands, 'anna'],
    ['ospfd', ['show running-config'], 'anna'],
  ]);
});

describe('refused before anything is asked of FRR', () => {
  test.each<[string, object]>([
    ['bgpd/commands', { command: 'show version' }],
    ['zebra/commands', {}],
    ['zebra/commands', { command: 'show version', commands: ['show version'] }],
    ['zebra/commands', { commands: [] }],
    ['zebra/commands', { commands: Array.from({ length: 51 }, () => 'show version') }],
    ['zebra/commands', { command: '' }],
    ['zebra/commands', { command: 'show version\nconfigure terminal' }],
    ['zebra/commands', { command: 'show version\0' }],
    ['zebra/commands', { command: 'show\u001b[2J' }],
    ['zebra/commands', { command: 'show ip ?' }],
    ['zebra/commands', { command: 'find (((((.{0,20}){0,20}){0,20})))Z' }],
    ['zebra/commands', { command: 'show version | exclude x' }],
    ['zebra/commands', { commands: ['configure terminal', 'do find .*'] }],
    ['zebra/commands', { command: 'list permutations' }],
    ['zebra/completions', { line: 'find (a*)*' }],
    ['zebra/commands', { command: 'x'.repeat(1001) }],
    ['zebra/commands', { command: 'show version', confirm: 'yes' }],
    ['zebra/commands', { command: 'show version', shell: true }],
    ['zebra/completions', { line: 'show\n' }],
    ['zebra/completions', {}],
  ])('%s %j', async (path, body) => {
    const [statusCode, answer] = await post(admin, path, { confirm: true, ...body });
    expect([statusCode, answer]).toEqual([400, { error: expect.stringMatching(/.{10}/), code: 'not-understood' }]);
    expect(given).toEqual([]);
  });
});

test('a daemon that is not there, or busy, is 503 with the reason', async () => {
  reply = { outcome: 'unavailable', text: 'mgmtd is not available by VTY: no such file' };
  expect(await post(viewer, 'mgmtd/commands', { command: 'show version' })).toEqual([
    503,
    { error: reply.text, code: 'unavailable' },
  ]);
});

test('an answer that was cut says so', async () => {
  reply = { outcome: 'done', result: { answers: [{ command: 'x', output: 'half', refused: false }], cut: true } };
  const [, { output, cut }] = await post(viewer, 'ospfd/commands', { command: 'show ip ospf database' });
  expect([output, cut]).toEqual([expect.stringContaining('half\n… and more'), true]);
});

test('completions are for everybody; what follows configure terminal only for admins', async () => {
  const question = { line: 'show ', configuring: true };
  const completions = [{ word: 'ip', help: 'IP', placeholder: false }];
  expect(await post(viewer, 'ospfd/completions', question)).toEqual([200, { completions }]);
  expect(await post(admin, 'ospfd/completions', question)).toEqual([200, { completions }]);
  expect(given).toEqual([
    ['ospfd', { line: 'show ', configuring: false }, { user: 'vera', isAdmin: false }],
    ['ospfd', { line: 'show ', configuring: true }, { user: 'anna', isAdmin: true }],
  ]);
});

test('neither answers, which may hold passwords, nor completions come into the log', async () => {
  await post(admin, 'ospfd/commands', { command: 'show running-config' });
  await post(admin, 'ospfd/completions', { line: 'show ' });
  expect(logged).toHaveLength(1);
  expect(logged[0]).toContain('/routers/ospfd/commands');
  expect(logged[0]).not.toContain('secret-output');
});
