import { expect, test } from 'vitest';
import { AddressRest } from './address-rest.js';

test('an address that has just gone rests for 100 ms, any other does not', async () => {
  const rest = new AddressRest();
  const began = performance.now();
  rest.gone(['172.16.15.1']);
  let isOver = false;
  const over = rest.over(['172.16.15.1', '172.16.15.2']).then(() => {
    isOver = true;
  });
  await rest.over(['172.16.15.2', '172.16.15.3']);
  expect(isOver).toBe(false);
  await over;
  // Timers of Node.js may fire up to 1 ms early.
  expect(performance.now() - began).toBeGreaterThanOrEqual(99);
});
