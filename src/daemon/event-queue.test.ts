import { expect, test } from 'vitest';
import { EVENTS_PER_TURN, EventQueue, MAX_QUEUED_EVENTS, QueueOverflowError } from './event-queue.js';

test('a flood of events leaves the event loop its turns', async () => {
  let handled = 0;
  const queue = new EventQueue<{ n: number }>(() => {
    handled += 1;
  });
  for (let event = 0; event < 3 * EVENTS_PER_TURN; event++) queue.push({ n: event });
  const atFirstTurn = await new Promise((resolve) => setImmediate(() => resolve(handled)));
  expect(atFirstTurn).toBeLessThan(3 * EVENTS_PER_TURN);
  while (queue.length > 0) await new Promise((resolve) => setImmediate(resolve));
  expect(handled).toBe(3 * EVENTS_PER_TURN);
});

test('a full queue is an error, never unlimited memory', () => {
  const queue = new EventQueue<{ n: number }>(() => {});
  for (let event = 0; event < MAX_QUEUED_EVENTS; event++) queue.push({ n: event });
  expect(() => queue.push({ n: -1 })).toThrow(QueueOverflowError);
});

test('after closing nothing is handled', async () => {
  const handled: number[] = [];
  const queue = new EventQueue<{ n: number }>(({ n }) => {
    handled.push(n);
    if (n === 1) queue.close();
  });
  for (const event of [0, 1, 2]) queue.push({ n: event });
  await new Promise((resolve) => setImmediate(resolve));
  queue.push({ n: 3 });
  await new Promise((resolve) => setImmediate(resolve));
  expect(handled).toEqual([0, 1]);
});
