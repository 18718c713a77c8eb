import { expect, test } from 'vitest';
import type { ServiceDefinition } from '../../model/index.js';
import { daemonSaid, heardFromOther, serviceSaid, testDefinition, testMember } from '../testing.js';

/** How many groups are looked at when the daemon of the other node speaks again, which has so many services. */
function lookedAt(count: number, change: Partial<ServiceDefinition>): number {
  const definitions = Array.from({ length: count }, (_, index) =>
    testDefinition(`S${index}`, { addresses: [`172.16.16.${index}`], ...change }),
  );
  const engine = testMember(definitions);
  for (const [index, definition] of definitions.entries()) {
    const sequence = { epoch: 1, counter: index + 1 };
    engine.handle(heardFromOther(serviceSaid(definition, { sequence }), `222.0.2.${index}`), 6_000);
  }
  const digest = { services: count, counters: (count * (count + 1)) / 2 };
  const says = (counter: number) =>
    heardFromOther(daemonSaid({ sequence: { epoch: 1, counter }, digest }), `222.${counter}.1.0`);
  const first = [...engine.steps(says(200), 6_000)].length;
  expect(first).toBeGreaterThan(count);
  return [...engine.steps(says(201), 6_000)].length - 1;
}

test('a daemon that speaks often costs nothing for each of its services, which are confirmed', () => {
  expect(lookedAt(100, {})).toBe(0);
});

test('its word may open the gate of a resource', () => {
  expect(lookedAt(100, { kind: 'resource', addresses: [] })).toBe(100);
});
