import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { matcher } from '../../events/filter.js';
import type { ClusterEvent, EventQuery } from '../../events/index.js';
import { type Api, type ApiPorts, LOCAL, listenOnSocket, type StatusDocument } from '../../http/index.js';
import { buildServer } from '../../http/server.js';
import { SILENT, TEST_STATUS, testPorts } from '../../http/testing.js';
import type { TerminalSize } from '../output.js';
import { srrctl } from '../srrctl.js';

const REPLICA = {
  routerId: '10.0.0.1',
  config: 'active',
  state: 'stopped',
  preference: 100,
  claim: 0,
  pinned: false,
  standby: false,
  joining: false,
  failure: null,
  lsaId: null,
  checkStamp: 0,
  reachable: true,
  waitsFor: null,
  notCounted: null,
};
const NODE = { reachable: true, web: null, standby: false };

function event(seq: number, change: Partial<ClusterEvent> = {}): ClusterEvent {
  const at = `2026-01-02T03:04:05.${String(seq).padStart(3, '0')}Z`;
  const rest = { node: '10.0.0.2', kind: 'state', service: 'WEB', from: null, to: null, operator: null } as const;
  return { seq, at, ...rest, text: `event ${seq}`, ...change };
}

let folder: string;
let socket: string;
let status: StatusDocument;
let events: ClusterEvent[];
let ports: ApiPorts;
let server: Api;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'srrctl-'));
  socket = join(folder, 'srrd.sock');
  status = {
    ...TEST_STATUS,
    nodes: [
      { routerId: '10.0.0.1', name: 'alpha', ...NODE },
      { routerId: '10.0.0.2', name: 'beta', ...NODE },
    ],
    services: [
      {
        ...{ name: 'WEB', kind: 'service', group: 'WEB', addresses: [], owner: null, elected: null },
        replicas: [REPLICA],
      },
    ],
  };
  events = [];
  await serve();
});

afterEach(async () => {
  ports.stream.close();
  await server.close();
  rmSync(folder, { recursive: true });
});

async function serve(change: Partial<ApiPorts> = {}): Promise<void> {
  ports?.stream.close();
  await server?.close();
  const { control } = testPorts();
  ports = testPorts({ control: { ...control, status: () => status }, events: eventsPort(), ...change });
  server = buildServer(ports, { identify: () => LOCAL, kind: 'socket', tls: null, pages: null, log: SILENT });
  await listenOnSocket(server, socket);
}

function eventsPort(): ApiPorts['events'] {
  return {
    query: async ({ before = Number.POSITIVE_INFINITY, limit, ...filter }: EventQuery) =>
      events
        .filter(({ seq }) => seq < before)
        .filter(matcher(filter))
        .toReversed()
        .slice(0, limit),
    lines: async function* () {},
  };
}

interface Run {
  out: string;
  err: string;
  readonly code: Promise<number>;
  stop(): void;
}

function begin(args: readonly string[], terminal: TerminalSize | null = null): Run {
  const ended = new AbortController();
  const text = { out: '', err: '' };
  const output = {
    out: (part: string) => {
      text.out += part;
    },
    err: (part: string) => {
      text.err += part;
    },
    terminal: () => terminal,
    signal: ended.signal,
  };
  const code = srrctl(['--socket', socket, ...args], output);
  return Object.assign(text, { code, stop: () => ended.abort() });
}

async function run(...args: string[]) {
  const { code, ...running } = begin(args);
  const ended = await code;
  void running;
  return { code: ended };
}

/** Runs to its end, and gives all that it said. */
async function say(...args: string[]) {
  const running = begin(args);
  const code = await running.code;
  return { code, out: running.out, err: running.err };
}

test('session says who one is', async () => {
  const { code, out } = await say('session');
  expect([code, out]).toEqual([0, expect.stringContaining('role     admin')]);
  expect(JSON.parse((await say('session', '--json')).out)).toMatchObject({ user: 'local', via: 'socket' });
});

test('events come oldest first, by the names of nodes', async () => {
  events = [
    event(1),
    event(2, { kind: 'failure', text: 'start-failed: \u001b[2J' }),
    event(3, { node: '', service: null }),
  ];
  expect((await say('events')).out).toBe(
    `2026-01-02 03:04:05.001  beta        WEB         event 1
2026-01-02 03:04:05.002  beta        WEB         FAILURE start-failed: \ufffd[2J
2026-01-02 03:04:05.003  (here)                  event 3
`,
  );
  const json = (await say('events', '--json', '-n', '2')).out.trim().split('\n');
  expect(json.map((line) => JSON.parse(line).seq)).toEqual([2, 3]);
});

test('events are filtered, nodes by name too', async () => {
  events = [event(1), event(2, { node: '10.0.0.1' }), event(3, { service: 'DB' }), event(4, { kind: 'command' })];
  const numbers = async (...args: string[]) => (await say('events', ...args)).out.match(/event \d/g);
  expect(await numbers('--node', 'beta', '--service', 'WEB')).toEqual(['event 1', 'event 4']);
  expect(await numbers('--kind', 'command')).toEqual(['event 4']);
  expect(await numbers('--text', 'EVENT 3')).toEqual(['event 3']);
  expect((await say('events', '--kind', 'gossip')).code).toBe(2);
});

test('more events than the API gives at once are asked for page by page', async () => {
  events = Array.from({ length: 2500 }, (_, index) => event(index + 1));
  const lines = (await say('events', '-n', '2400', '--json')).out.trim().split('\n');
  expect(lines.map((line) => JSON.parse(line).seq)).toEqual(Array.from({ length: 2400 }, (_, index) => index + 101));
});

test('events -f goes on with what happens, each event once, over a restart of the daemon', async () => {
  events = [event(1)];
  const running = begin(['events', '-f', '--service', 'WEB']);
  await vi.waitFor(() => expect(running.out).toContain('event 1'));
  const tell = (next: ClusterEvent) => {
    events.push(next);
    ports.stream.publish('event', next);
  };
  await vi.waitFor(() => expect(ports.stream.listeners).toBe(1));
  tell(event(2));
  tell(event(3, { service: 'DB' }));
  await vi.waitFor(() => expect(running.out).toContain('event 2'));
  await serve();
  events.push(event(4));
  await vi.waitFor(() => expect(running.out).toContain('event 4'), { timeout: 10_000 });
  expect(running.err).toBe('srrctl: the connection to srrd is lost; trying again\n');
  tell(event(5));
  await vi.waitFor(() => expect(running.out).toContain('event 5'));
  running.stop();
  expect(await running.code).toBe(0);
  expect(running.out.match(/event \d/g)).toEqual(['event 1', 'event 2', 'event 4', 'event 5']);
});

/** The replica is in this state from now on. */
function become(state: string): void {
  const [service] = status.services;
  if (service === undefined) return;
  const owner = state === 'started' ? '10.0.0.1' : null;
  status = { ...status, services: [{ ...service, owner, replicas: [{ ...REPLICA, state }] }] };
  ports.stream.changed();
}

test('watch in a pipe prints the table, then a line for each change', async () => {
  const running = begin(['watch']);
  await vi.waitFor(() =>
    expect(running.out).toContain('GROUP  SERVICE  OWNER  alpha        beta\nWEB    WEB      -      stopped 100  -'),
  );
  become('started');
  await vi.waitFor(() =>
    expect(running.out).toMatch(/WEB on alpha: active\/stopped -> active\/started\n.*WEB: owner - -> alpha\n$/),
  );
  expect(running.out).not.toContain('\u001b');
  expect(running.out.match(/GROUP/g)).toHaveLength(1);
  running.stop();
  expect(await running.code).toBe(0);
});

test('watch on a terminal draws over itself, within its size', async () => {
  const running = begin(['watch'], { columns: 30, rows: 8 });
  await vi.waitFor(() => expect(running.out).toContain('\u001b[H'));
  become('started');
  await vi.waitFor(() => expect(running.out.split('\u001b[H')).toHaveLength(3));
  running.stop();
  await running.code;
  const [, , last = ''] = running.out.split('\u001b[H');
  const lines = last.split('\u001b[K\n');
  expect(lines).toHaveLength(8);
  expect(lines[0]).toMatch(/^as of \d\d:\d\d:\d\d\.\d{3}, live$/);
  expect(lines[6]).toMatch(/^… and \d+ lines more$/);
  expect(lines[7]).toBe('\u001b[J');
  for (const line of lines.slice(0, -1)) expect(line.length).toBeLessThanOrEqual(30);
});

test('watch --json gives what the stream says', async () => {
  const running = begin(['watch', '--json']);
  await vi.waitFor(() => expect(running.out).toContain('\n'));
  running.stop();
  await running.code;
  expect(JSON.parse(running.out)).toMatchObject({ complete: true, services: [{ name: 'WEB' }] });
});

test('watch without a daemon exits 3', async () => {
  await server.close();
  expect((await run('watch')).code).toBe(3);
});

const LSA = {
  id: '1_0.0.0.0_10.0.0.2_10.0.0.2',
  type: 1,
  typeName: 'Router',
  opaqueType: null,
  linkStateId: '10.0.0.2',
  advertisingRouter: '10.0.0.2',
  area: '0.0.0.0',
  link: null,
  own: false,
  age: 7,
  sequence: '80000001',
  checksum: '0x1234',
  length: 36,
  words: '2 links',
};
const OPAQUE = {
  ...LSA,
  id: 'opaque',
  type: 11,
  typeName: 'AS opaque',
  linkStateId: '222.1.3.1',
  area: null,
  words: 'WEB is started',
};

async function serveLsdb(): Promise<void> {
  const field = { name: 'age', value: '7 s', meaning: 'seconds', offset: 0, length: 2, target: null, parts: [] };
  const whole = {
    ...LSA,
    generatedAt: '',
    fields: [{ ...field, name: 'header', value: '', meaning: null, parts: [field] }],
    raw: 'ab'.repeat(36),
  };
  await serve({
    lsdb: {
      ...testPorts().lsdb,
      list: async function* () {
        yield {
          head: { generatedAt: '', routerId: '10.0.0.1', notes: ['opaque LSAs of type 9 are missing'] },
          lsas: [LSA, OPAQUE],
        };
      },
      find: (id) => (id === LSA.id ? whole : undefined),
    },
  });
}

test('lsdb lists LSAs by type, router, area and text', async () => {
  await serveLsdb();
  const ids = async (...args: string[]) =>
    JSON.parse((await say('lsdb', '--json', ...args)).out).lsas.map(({ id }: { id: string }) => id);
  expect(await ids()).toEqual([LSA.id, 'opaque']);
  expect(await ids('--type', '1')).toEqual([LSA.id]);
  expect(await ids('--type', 'opaque')).toEqual(['opaque']);
  expect(await ids('--router', 'beta')).toEqual([LSA.id, 'opaque']);
  expect(await ids('--router', 'alpha')).toEqual([]);
  expect(await ids('--area', '0.0.0.0')).toEqual([LSA.id]);
  expect(await ids('--text', 'web is')).toEqual(['opaque']);
  const { out } = await say('lsdb');
  expect(out).toContain('1     10.0.0.2       10.0.0.2  0.0.0.0  7    2 links');
  expect(out).toContain('type 9 are missing');
});

test('lsdb ID shows every field, and the bytes', async () => {
  await serveLsdb();
  const { out } = await say('lsdb', LSA.id);
  expect(out).toContain('header\n  age: 7 s (seconds)\n');
  expect(out).toContain(`${'ab'.repeat(32)}\nabababab\n`);
  expect(await say('lsdb', 'none')).toMatchObject({ code: 1, err: expect.stringContaining('no LSA none') });
});

test('router gives commands to a routing daemon, and fails when it refuses', async () => {
  const asked: unknown[] = [];
  await serve({
    routers: {
      ...testPorts().routers,
      run: async (daemon, commands) => {
        asked.push([daemon, commands]);
        const answers = commands.map((command) => ({
          command,
          output: `said\r\n`,
          refused: command.includes('nonsense'),
        }));
        return { outcome: 'done', result: { answers, cut: false } };
      },
    },
  });
  expect(await say('router', 'ospfd', 'show', 'ip', 'ospf')).toMatchObject({
    code: 0,
    out: expect.stringContaining('said\n'),
  });
  expect(await say('router', 'zebra', 'configure terminal; interface lo')).toMatchObject({ code: 1 });
  expect(await say('router', 'zebra', '--yes', 'configure terminal; interface lo')).toMatchObject({ code: 0 });
  expect(await say('router', 'ospfd', 'show nonsense')).toMatchObject({ code: 1 });
  expect(await say('router', 'bgpd', 'show version')).toMatchObject({ code: 2 });
  expect(asked).toEqual([
    ['ospfd', ['show ip ospf']],
    ['zebra', ['configure terminal', 'interface lo']],
    ['ospfd', ['show nonsense']],
  ]);
});

test('definitions are listed, shown, validated, saved, deleted, exported and imported', async () => {
  const saved: unknown[] = [];
  const entry = {
    ...{ name: 'WEB', file: '/s/WEB.yaml', definition: { name: 'WEB', preference: 7 }, inForce: false },
    ...{
      problems: ['makefile: expected a file'],
      editable: false,
      whyNot: 'WEB is active/started: deactivate it first',
    },
  };
  const definitions: ApiPorts['definitions'] = {
    list: () => [entry],
    validate: (written) => ({
      problems: String(written).includes('256') ? [{ key: 'preference', message: 'expected 0 to 255' }] : [],
      warnings: [],
    }),
    save: async (name, written) => {
      saved.push(['save', name, written]);
      return { outcome: 'done', text: `${name}: saved` };
    },
    remove: async () => ({ outcome: 'refused', text: 'deactivate it first' }),
    exported: () => '# ours\nname: WEB\n---\nname: DNS\n',
    import: async (yaml) => {
      saved.push(['import', parseAllDocuments(yaml).length]);
      return { outcome: 'done', text: 'saved' };
    },
  };
  await serve({ definitions });
  const file = join(folder, 'WEB.yaml');
  writeFileSync(file, '# mine\nname: WEB\n');
  const list = await say('definition', 'list');
  expect(list.out).toContain('WEB      no        no        /s/WEB.yaml\n\nPROBLEMS\n  WEB: makefile: expected a file');
  expect(await say('definition', 'show', 'WEB')).toEqual({
    code: 0,
    out: 'name: WEB\npreference: 7\n',
    err: expect.stringContaining('not editable: WEB is active/started: deactivate it first'),
  });
  expect(JSON.parse((await say('definition', 'show', 'WEB', '--json')).out)).toEqual(entry);
  expect(await say('definition', 'set', file)).toMatchObject({ code: 0, out: 'WEB: saved\n' });
  expect(await say('definition', 'delete', 'WEB')).toMatchObject({ code: 1, err: 'srrctl: deactivate it first\n' });
  expect(await say('definition', 'validate', file)).toMatchObject({ code: 0, out: 'The daemon would take it.\n' });
  writeFileSync(file, 'name: WEB\npreference: 256\n');
  expect(await say('definition', 'validate', file)).toMatchObject({ code: 1, out: 'preference: expected 0 to 255\n' });
  const exported = await say('definition', 'export');
  expect(exported.out).toBe('# ours\nname: WEB\n---\nname: DNS\n');
  writeFileSync(file, exported.out);
  expect(await say('definition', 'import', file)).toMatchObject({ code: 0 });
  expect(await say('definition', 'set', join(folder, 'none.yaml'))).toMatchObject({ code: 2 });
  expect(saved).toEqual([
    ['save', 'WEB', '# mine\nname: WEB\n'],
    ['import', 2],
  ]);
});

test.each([
  [[''], expect.arrayContaining(['status', 'watch', 'service', 'definition'])],
  [['st'], ['status']],
  [['service', 'mo'], ['move']],
  [['service', 'move', ''], ['WEB']],
  [
    ['service', 'move', 'WEB', ''],
    ['alpha', 'beta'],
  ],
  [['service', 'move', 'WEB', 'be'], ['beta']],
  [['service', 'move', '--p'], ['--pin']],
  [['router', 'o'], ['ospfd']],
  [['events', '--kind', 'fa'], ['failure']],
  [['events', '--service', ''], ['WEB']],
  [['events', '-f', '--node', 'al'], ['alpha']],
  [
    ['completion', ''],
    ['bash', 'zsh', 'fish'],
  ],
  [['definition', 'set', ''], []],
])('completion of %j', async (words, expected) => {
  const { code, out } = await say('__complete', '--', ...words);
  expect([code, out.split('\n').filter(Boolean)]).toEqual([0, expected]);
});

test('completion needs no daemon, and says nothing then', async () => {
  await server.close();
  expect(await say('__complete', '--', 'service', 'move', '')).toEqual({ code: 0, out: '', err: '' });
});

test('node shutdown ends this node', async () => {
  const shutDown = vi.fn(() => true);
  await serve({ node: { ...testPorts().node, shutDown } });
  expect(await say('node', 'shutdown')).toMatchObject({ code: 0, out: expect.stringContaining('srrd then ends') });
  expect(shutDown).toHaveBeenCalledWith('local');
});
