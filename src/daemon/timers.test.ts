import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Event, Timer } from '../cluster/index.js';
import { routerId } from '../model/index.js';
import { Timers } from './timers.js';

const NODE = routerId(0x0a000002);
const ROUTE: Timer = { kind: 'route', service: 'WEB', node: NODE };
const OWN_ROUTE: Timer = { kind: 'own-route', service: 'WEB' };

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function world() {
  const events: Event[] = [];
  const behind = new Set<unknown>();
  const timers = new Timers(
    (event) => events.push(event),
    (node) => behind.has(node),
  );
  return { events, behind, timers };
}

test('nobody is judged for what he has not said while something of him waits to be looked at', () => {
  const { events, behind, timers } = world();
  behind.add(NODE);
  timers.set(ROUTE, 1_000);
  timers.set(OWN_ROUTE, 1_000);
  timers.set({ kind: 'check', service: 'WEB' }, 1_000);
  vi.advanceTimersByTime(5_000);
  expect(events).toMatchObject([{ timer: OWN_ROUTE }, { timer: { kind: 'check' } }]);
  behind.clear();
  vi.advanceTimersByTime(100);
  expect(events.at(-1)).toEqual({ type: 'timer', timer: ROUTE });
});

test('this node judges itself when it has looked at its own LSAs', () => {
  const { events, behind, timers } = world();
  behind.add(null);
  timers.set(OWN_ROUTE, 1_000);
  vi.advanceTimersByTime(5_000);
  expect(events).toEqual([]);
  behind.clear();
  vi.advanceTimersByTime(100);
  expect(events).toHaveLength(1);
});

test('what is cancelled meanwhile is not judged', () => {
  const { events, behind, timers } = world();
  behind.add(NODE);
  timers.set(ROUTE, 1_000);
  vi.advanceTimersByTime(5_000);
  timers.cancel(ROUTE);
  behind.clear();
  vi.advanceTimersByTime(5_000);
  expect(events).toEqual([]);
});

test('a node that floods without end is judged all the same, later', () => {
  const { events, behind, timers } = world();
  behind.add(NODE);
  timers.set(ROUTE, 1_000);
  vi.advanceTimersByTime(60_000);
  expect(events).toHaveLength(1);
});

test('it is no later on a machine so busy that what should take 20 ms takes half a second', () => {
  const { events, behind, timers } = world();
  behind.add(NODE);
  timers.set(ROUTE, 1_000);
  vi.advanceTimersByTime(1_000);
  const [ticks, begunMs] = [Date.now(), performance.now()];
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => begunMs + (Date.now() - ticks) * 25);
  vi.advanceTimersByTime(1_000);
  expect(events).toEqual([]);
  vi.advanceTimersByTime(1_000);
  expect(events).toHaveLength(1);
  clock.mockRestore();
});
