import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { CommandEvent, Event } from '../cluster/index.js';
import type { ServiceDefinition } from '../model/index.js';
import { orderNamed } from '../tables/index.js';
import { MAX_PENDING_COMMANDS, Requests } from './requests.js';

const STOP = {
  operator: 'local',
  role: 'operator',
  order: orderNamed('stop', 'WEB'),
  target: null,
  pin: false,
} as const;

let events: Event[];
let requests: Requests;

beforeEach(() => {
  vi.useFakeTimers();
  events = [];
  const definition = { timeoutsMs: { status: 60_000 }, check: { timeoutMs: 10_000 } } as ServiceDefinition;
  requests = new Requests(
    (event) => events.push(event),
    (service) => (service === 'WEB' ? definition : undefined),
  );
});

afterEach(() => {
  vi.useRealTimers();
});

test('the reply of the core answers the command it belongs to', async () => {
  const [first, second] = [requests.ask(STOP), requests.ask({ ...STOP, order: orderNamed('unpin', 'WEB') })];
  const asked = events.map((event) => (event as CommandEvent).request);
  expect(events).toMatchObject([{ type: 'command', order: { command: 'stop' } }, { order: { command: 'unpin' } }]);
  requests.answer(asked[1]!, false, 'WEB is not pinned');
  requests.answer(asked[0]!, true, 'WEB stops');
  requests.answer(asked[0]!, true, 'twice');
  requests.answer('unknown', true, 'nobody asked');
  expect(await first).toEqual({ outcome: 'done', text: 'WEB stops' });
  expect(await second).toEqual({ outcome: 'refused', text: 'WEB is not pinned' });
  expect(vi.getTimerCount()).toBe(0);
});

test('no command waits for ever', async () => {
  const stop = requests.ask(STOP);
  vi.advanceTimersByTime(15_000);
  expect(await stop).toMatchObject({ outcome: 'no-answer', text: expect.stringContaining('within 15 s') });
});

test('a command that is answered after its primitive gets its time', async () => {
  const status = requests.ask({ ...STOP, order: orderNamed('status', 'WEB') });
  vi.advanceTimersByTime(74_999);
  requests.answer((events[0] as CommandEvent).request, true, 'nginx is running');
  expect(await status).toEqual({ outcome: 'done', text: 'nginx is running' });
});

test('too many commands at once are refused, not collected', async () => {
  for (let count = 0; count < MAX_PENDING_COMMANDS; count++) void requests.ask(STOP);
  expect(await requests.ask(STOP)).toMatchObject({ outcome: 'busy' });
  expect(events).toHaveLength(MAX_PENDING_COMMANDS);
});

test('when the daemon ends, those who wait are told', async () => {
  const waiting = requests.ask(STOP);
  requests.close('srrd is ending');
  expect(await waiting).toEqual({ outcome: 'unavailable', text: 'srrd is ending' });
  expect(await requests.ask(STOP)).toEqual({ outcome: 'unavailable', text: 'srrd is ending' });
});
