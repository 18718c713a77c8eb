import { expect, it } from 'vitest';
import { measureAnnouncementCost } from './announcement-cost.js';

it('handling an announcement costs no more with 1,000 services than with 10', () => {
  const costs = measureAnnouncementCost();
  for (const { services, perAnnouncementUs } of costs) {
    console.log(`${services} services on 5 nodes: ${perAnnouncementUs.toFixed(1)} us an announcement`);
  }
  const [small, , large] = costs;
  expect((large?.perAnnouncementUs ?? 0) / (small?.perAnnouncementUs ?? 1)).toBeLessThanOrEqual(1.5);
});
