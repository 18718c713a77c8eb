import { expect, test } from 'vitest';
import { HoldDown } from './hold-down.js';

test('an address that has just gone is held down for 100 ms, any other is not', async () => {
  const holdDown = new HoldDown();
  const began = performance.now();
  holdDown.gone(['172.16.15.1']);
  let isOver = false;
  const over = holdDown.over(['172.16.15.1', '172.16.15.2']).then(() => {
    isOver = true;
  });
  await holdDown.over(['172.16.15.2', '172.16.15.3']);
  expect(isOver).toBe(false);
  await over;
  // Timers of Node.js may fire up to 1 ms early.
  expect(performance.now() - began).toBeGreaterThanOrEqual(99);
});
