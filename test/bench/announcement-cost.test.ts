import { expect, it } from 'vitest';
import { measureAnnouncementCost } from './announcement-cost.js';

/**
 * A cost that grew with the cluster would be a hundredfold. What remains, a ratio of 1.2 to 1.5 on a quiet machine, is the
 * processor's cache; the limit leaves room for a noisy one.
 */
it('handling an announcement does not cost more with more services', () => {
  const costs = measureAnnouncementCost();
  for (const { services, perAnnouncementUs } of costs) {
    console.log(`${services} services on 5 nodes: ${perAnnouncementUs.toFixed(1)} us an announcement`);
  }
  const [small, , large] = costs;
  expect((large?.perAnnouncementUs ?? 0) / (small?.perAnnouncementUs ?? 1)).toBeLessThan(3);
});
