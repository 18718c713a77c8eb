import { expect, test } from 'vitest';
import { Starts } from './starts.js';

test('between any two processes that are started the event loop makes a turn, and the order stays', async () => {
  let turn = 0;
  let isCounting = true;
  const count = () => {
    turn += 1;
    if (isCounting) setImmediate(count);
  };
  count();
  const starts = new Starts();
  const begun: { name: number; turn: number }[] = [];
  await Promise.all(
    Array.from({ length: 50 }, async (_, name) => {
      await starts.turn();
      begun.push({ name, turn });
    }),
  );
  isCounting = false;
  expect(begun.map(({ name }) => name)).toEqual(Array.from({ length: 50 }, (_, name) => name));
  expect(new Set(begun.map((one) => one.turn)).size).toBe(50);
});
