import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ClusterEvent, EventQuery } from '../../events/index.js';
import { matcher } from '../../events/index.js';
import { TestDaemon, TWO_NODES } from '../testing.js';

let daemon: TestDaemon;
let events: ClusterEvent[];

beforeEach(async () => {
  daemon = new TestDaemon();
  daemon.status = TWO_NODES;
  events = [];
  await serve();
});

afterEach(() => daemon.end());

/** Starts the daemon anew; it knows the same events. */
function serve(): Promise<void> {
  return daemon.serve({
    events: {
      query: async ({ before = Number.POSITIVE_INFINITY, limit, ...filter }: EventQuery) =>
        events
          .filter(({ seq }) => seq < before)
          .filter(matcher(filter))
          .toReversed()
          .slice(0, limit),
      lines: async function* () {},
    },
  });
}

function event(seq: number, change: Partial<ClusterEvent> = {}): ClusterEvent {
  const at = `2026-01-02T03:04:05.${String(seq).padStart(3, '0')}Z`;
  const rest = { node: '10.0.0.2', kind: 'state', service: 'WEB', from: null, to: null, operator: null } as const;
  return { seq, at, ...rest, text: `event ${seq}`, ...change };
}

test('events come oldest first, by the names of nodes', async () => {
  events = [
    event(1),
    event(2, { kind: 'failure', text: 'start-failed: \u001b[2J' }),
    event(3, { node: '', service: null }),
  ];
  expect((await daemon.run('events')).out).toBe(
    `2026-01-02 03:04:05.001  beta        WEB         event 1
2026-01-02 03:04:05.002  beta        WEB         FAILURE start-failed: \ufffd[2J
2026-01-02 03:04:05.003  (here)                  event 3
`,
  );
  const json = (await daemon.run('events', '--json', '-n', '2')).out.trim().split('\n');
  expect(json.map((line) => JSON.parse(line).seq)).toEqual([2, 3]);
});

test('events are filtered, nodes by name too', async () => {
  events = [event(1), event(2, { node: '10.0.0.1' }), event(3, { service: 'DB' }), event(4, { kind: 'command' })];
  const numbers = async (...args: string[]) => (await daemon.run('events', ...args)).out.match(/event \d/g);
  expect(await numbers('--node', 'beta', '--service', 'WEB')).toEqual(['event 1', 'event 4']);
  expect(await numbers('--kind', 'command')).toEqual(['event 4']);
  expect(await numbers('--text', 'EVENT 3')).toEqual(['event 3']);
  expect((await daemon.run('events', '--kind', 'gossip')).code).toBe(2);
});

test('a name that two nodes say they have is refused, with both router IDs', async () => {
  const [alpha, beta] = TWO_NODES.nodes;
  const forged = { ...beta!, routerId: '10.0.0.99' };
  daemon.status = { ...TWO_NODES, nodes: [alpha!, beta!, forged] };
  events = [event(1), event(2, { node: '10.0.0.99' })];
  expect(await daemon.run('events', '--node', 'beta')).toMatchObject({
    code: 2,
    out: '',
    err: 'srrctl: 10.0.0.2 and 10.0.0.99 are both called beta; give the router ID\n',
  });
  expect((await daemon.run('events', '--node', '10.0.0.2')).out).toMatch(/event 1\n$/);
});

test('more events than the API gives at once are asked for page by page', async () => {
  events = Array.from({ length: 2500 }, (_, index) => event(index + 1));
  const lines = (await daemon.run('events', '-n', '2400', '--json')).out.trim().split('\n');
  expect(lines.map((line) => JSON.parse(line).seq)).toEqual(Array.from({ length: 2400 }, (_, index) => index + 101));
});

test('all events that are kept and pass can be had, and a count is a number', async () => {
  events = Array.from({ length: 2100 }, (_, index) => event(index + 1, index % 2 === 0 ? {} : { service: 'DB' }));
  const lines = (await daemon.run('events', '-n', 'all', '--service', 'DB', '--json')).out.trim().split('\n');
  expect(lines.map((line) => JSON.parse(line).seq)).toEqual(Array.from({ length: 1050 }, (_, index) => 2 * index + 2));
  expect(await daemon.run('events', '-n', 'many')).toMatchObject({ code: 2, err: expect.stringContaining('or "all"') });
});

test('events -f goes on with what happens, each event once, over a restart of the daemon', async () => {
  events = [event(1)];
  const running = daemon.begin(['events', '-f', '--service', 'WEB']);
  await expect.poll(() => running.out).toContain('event 1');
  const tell = (next: ClusterEvent) => {
    events.push(next);
    daemon.live.publish(next);
  };
  await expect.poll(() => daemon.live.watchers).toBe(1);
  tell(event(2));
  tell(event(3, { service: 'DB' }));
  await expect.poll(() => running.out).toContain('event 2');
  await serve();
  events.push(event(4));
  await expect.poll(() => running.out).toContain('event 4');
  expect(running.err).toBe('srrctl: the connection to srrd is lost; trying again\n');
  tell(event(5));
  await expect.poll(() => running.out).toContain('event 5');
  running.stop();
  expect(await running.code).toBe(0);
  expect(running.out.match(/event \d/g)).toEqual(['event 1', 'event 2', 'event 4', 'event 5']);
});
