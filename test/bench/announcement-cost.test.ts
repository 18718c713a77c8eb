import { expect, it } from 'vitest';
import { measureAnnouncementCost } from './announcement-cost.js';

/** The time is for people: what it grows by is the processor's cache, and whatever else the machine does. */
it('for an announcement a node looks at no more with 1,000 services than with 10', () => {
  const costs = measureAnnouncementCost();
  for (const { services, entries, us } of costs) {
    console.log(`${services} services on 5 nodes: ${entries.toFixed(2)} entries, ${us.toFixed(1)} us an announcement`);
  }
  const [small, , large] = costs;
  if (small === undefined || large === undefined) throw new Error('nothing was measured');
  console.log(`1,000 to 10: ${(large.us / small.us).toFixed(2)} in time`);
  expect(small.entries).toBeGreaterThan(10);
  expect(large.entries / small.entries).toBeCloseTo(1, 3);
});
