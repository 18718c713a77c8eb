import { afterEach, expect, it } from 'vitest';
import { IpBatch } from './ip-batch.js';

const ip = new IpBatch();
afterEach(() => ip.close());

it('reads what ip answered while this process stood still', async () => {
  const shown = ip.run([], 50);
  // The line is written in the next turn.
  await new Promise((resolve) => setImmediate(resolve));
  const until = performance.now() + 1_000;
  while (performance.now() < until);
  expect(JSON.parse(await shown)).toContainEqual(expect.objectContaining({ ifname: 'lo' }));
});
