import { expect, test } from 'vitest';
import { EVENTS_PER_TURN, EventQueue, MAX_QUEUED_EVENTS, QueueOverflowError, TURN_MS } from './event-queue.js';

test('a flood of events leaves the event loop its turns', async () => {
  let handled = 0;
  const queue = new EventQueue<{ n: number }>(
    inOneStep(() => {
      handled += 1;
    }),
  );
  for (let event = 0; event < 3 * EVENTS_PER_TURN; event++) queue.push({ n: event });
  const atFirstTurn = await new Promise((resolve) => setImmediate(() => resolve(handled)));
  expect(atFirstTurn).toBeLessThan(3 * EVENTS_PER_TURN);
  while (queue.length > 0) await new Promise((resolve) => setImmediate(resolve));
  expect(handled).toBe(3 * EVENTS_PER_TURN);
});

test('a full queue is an error, never unlimited memory', () => {
  const queue = new EventQueue<{ n: number }>(inOneStep(() => {}));
  for (let event = 0; event < MAX_QUEUED_EVENTS; event++) queue.push({ n: event });
  expect(() => queue.push({ n: -1 })).toThrow(QueueOverflowError);
});

test('after closing nothing is handled', async () => {
  const handled: number[] = [];
  const queue = new EventQueue<{ n: number }>(
    inOneStep(({ n }) => {
      handled.push(n);
      if (n === 1) queue.close();
    }),
  );
  for (const event of [0, 1, 2]) queue.push({ n: event });
  await new Promise((resolve) => setImmediate(resolve));
  queue.push({ n: 3 });
  await new Promise((resolve) => setImmediate(resolve));
  expect(handled).toEqual([0, 1]);
});

test('whoever handles an event hears which one waits behind it', async () => {
  const seen: (number | null)[][] = [];
  const queue = new EventQueue<{ n: number }>((event, next) => {
    seen.push([event.n, next?.n ?? null]);
    return [].values();
  });
  for (const n of [1, 2, 3]) queue.push({ n });
  await new Promise((resolve) => setImmediate(resolve));
  expect(seen).toEqual([
    [1, 2],
    [2, 3],
    [3, null],
  ]);
});

test('so does an event of many long steps, and the next event waits for its last step', async () => {
  const seen: string[] = [];
  const queue = new EventQueue<{ name: string }>(function* ({ name }) {
    for (let step = 0; step < 4; step++) {
      busyFor(TURN_MS / 2);
      seen.push(`${name}${step}`);
      yield;
    }
  });
  queue.push({ name: 'a' });
  queue.push({ name: 'b' });
  const atFirstTurn = await new Promise((resolve) => setImmediate(() => resolve(seen.length)));
  expect(atFirstTurn).toBeLessThan(4);
  while (seen.length < 8) await new Promise((resolve) => setImmediate(resolve));
  expect(seen).toEqual(['a0', 'a1', 'a2', 'a3', 'b0', 'b1', 'b2', 'b3']);
});

test('closing between two steps of an event is the end of it', async () => {
  const seen: number[] = [];
  const queue = new EventQueue<{ n: number }>(function* () {
    for (const step of [1, 2, 3]) {
      seen.push(step);
      if (step === 2) queue.close();
      yield;
    }
  });
  queue.push({ n: 0 });
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
  expect(seen).toEqual([1, 2]);
});

function inOneStep<E>(work: (event: E) => void): (event: E) => Iterator<void> {
  return function* (event) {
    work(event);
    yield;
  };
}

function busyFor(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}
