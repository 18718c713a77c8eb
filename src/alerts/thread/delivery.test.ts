import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { HOLD_MS } from '../duty.js';
import { Delivery, MAX_WAITING } from './delivery.js';
import type { Alert, AlertState } from './messages.js';

let nowMs: number;
let isDead: boolean;
let delivered: string[][];
let last: AlertState | undefined;
let delivery: Delivery;

beforeEach(() => {
  vi.useFakeTimers();
  nowMs = 0;
  isDead = false;
  delivered = [];
  delivery = new Delivery({
    name: 'ops',
    together: 2,
    send: async (alerts) => {
      if (isDead) throw new Error('nobody is there');
      delivered.push(alerts.map(({ event }) => event.text));
    },
    changed: (state) => {
      last = state;
    },
    now: () => nowMs,
  });
});

afterEach(() => vi.useRealTimers());

function put(...texts: string[]): void {
  for (const text of texts) delivery.put({ event: { text }, severity: 'warning', repeated: false } as Alert);
}

async function passed(ms: number): Promise<void> {
  nowMs += ms;
  await vi.advanceTimersByTimeAsync(ms);
}

test('what waits goes in order, some of it together', async () => {
  put('a', 'b', 'c');
  await passed(0);
  expect(delivered).toEqual([['a'], ['b', 'c']]);
  expect(last).toEqual({ name: 'ops', waiting: 0, sent: 3, failed: 0, dropped: 0, trouble: null });
});

test('what fails is sent again, after longer and longer', async () => {
  isDead = true;
  put('a');
  await passed(0);
  expect(last).toMatchObject({ waiting: 1, failed: 1, trouble: 'nobody is there' });
  await passed(999);
  expect(last).toMatchObject({ failed: 1 });
  await passed(1);
  expect(last).toMatchObject({ failed: 2 });
  put('b');
  await passed(1999);
  expect(last).toMatchObject({ failed: 2 });
  isDead = false;
  await passed(1);
  expect(delivered).toEqual([['a', 'b']]);
  expect(last).toMatchObject({ waiting: 0, sent: 2, trouble: null });
});

test('a target that is dead for good has a queue that ends, and what is too old is dropped and counted', async () => {
  isDead = true;
  put(...Array.from({ length: MAX_WAITING + 5 }, (_, index) => `alert ${index}`));
  await passed(0);
  expect(last).toMatchObject({ waiting: MAX_WAITING, dropped: 5 });
  await passed(HOLD_MS + 60_001);
  expect(last).toMatchObject({ waiting: 0, dropped: MAX_WAITING + 5 });
  isDead = false;
  put('now');
  await passed(60_000);
  expect(delivered).toEqual([['now']]);
});

test('at the end what waits is tried once more, without a pause', async () => {
  isDead = true;
  put('a');
  await passed(0);
  isDead = false;
  await delivery.close();
  expect(delivered).toEqual([['a']]);
});
