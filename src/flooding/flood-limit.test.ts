import fc from 'fast-check';
import { expect, test } from 'vitest';
import { daemonAnnouncement as daemon, serviceAnnouncement as service } from './testing/announcements.js';
import { settle } from './testing/manual-clock.js';
import { NO_LINK, World } from './testing/world.js';

const BURST = 64;
const PER_SECOND = 3;

async function connected(): Promise<World> {
  const world = new World();
  await world.connected();
  return world;
}

/** The counters of this service's announcements, in the order in which they came back. */
function heard(world: World, name: string): number[] {
  return world
    .of('announcement')
    .flatMap(({ announcement }) =>
      announcement.kind === 'service' && announcement.definition.name === name ? [announcement.sequence.counter] : [],
    );
}

test('1,000 services of a node that is cut off are taken over at once', async () => {
  const world = await connected();
  let counter = 0;
  // Starting, started.
  for (let change = 0; change < 2; change++) {
    for (let index = 0; index < 1_000; index++) {
      world.transport.announce(service(++counter, `S${index}`), 'change', NO_LINK);
    }
    while (world.ospfd.requests.length < counter) await settle();
  }
  expect(world.originated()).toHaveLength(2_000);
  expect(world.notices).toEqual([]);
});

test('a service that changes 100 times a second is flooded 3 times a second after a while, and its last state arrives', async () => {
  const world = await connected();
  const seconds = 30;
  let counter = 0;
  for (let change = 0; change < 100 * seconds; change++) {
    world.transport.announce(service(++counter), 'change', NO_LINK);
    await world.clock.advance(10);
  }
  expect(world.originated().length).toBeGreaterThanOrEqual(BURST + PER_SECOND * (seconds - 1));
  expect(world.originated().length).toBeLessThanOrEqual(BURST + PER_SECOND * seconds + 1);
  expect(world.notices).toEqual([{ type: 'flood-limit', service: 'WEB' }]);
  await world.clock.advance(1_000);
  expect(heard(world, 'WEB').at(-1)).toBe(counter);
});

test('a node that is asked for a sign of life 100 times a second answers once a second, and never runs out of generations', async () => {
  const world = await connected();
  const seconds = 300;
  for (let counter = 1; counter <= 100 * seconds; counter++) {
    world.transport.announce(daemon(counter), 'change', NO_LINK);
    if (counter % 10 === 0) await world.clock.advance(100);
  }
  await world.clock.advance(1_000);
  const answers = world.of('announcement').map(({ announcement }) => announcement.sequence.counter);
  expect(answers.length).toBeGreaterThanOrEqual(seconds);
  expect(answers.length).toBeLessThanOrEqual(seconds + 40);
  expect(answers.at(-1)).toBe(100 * seconds);
  // In place of another LSA it would be held back.
  const ids = world.originated();
  for (let index = 1; index < ids.length; index++) expect(ids[index]).not.toBe(ids[index - 1]);
});

test('it tells whose change waits, and how many changes of the last minute were never flooded', async () => {
  const world = await connected();
  let counter = 0;
  const change = (times: number, of = 'WEB') => {
    for (let time = 0; time < times; time++) world.transport.announce(service(++counter, of), 'change', NO_LINK);
  };
  for (let time = 0; time < BURST; time++) {
    change(1);
    await settle();
  }
  expect(world.transport.floodsLimited).toEqual({ held: [], mergedLastMinute: 0 });
  change(11);
  change(1, 'MAIL');
  expect(world.transport.floodsLimited).toEqual({ held: ['WEB'], mergedLastMinute: 10 });
  await world.clock.advance(1_000 / PER_SECOND + 1);
  expect(world.originated()).toHaveLength(BURST + 2);
  expect(world.transport.floodsLimited).toEqual({ held: [], mergedLastMinute: 10 });
  change(3);
  expect(world.transport.floodsLimited).toEqual({ held: ['WEB'], mergedLastMinute: 12 });
  world.transport.withdraw({ kind: 'service', service: 'WEB' });
  await world.clock.advance(62_000);
  expect(world.transport.floodsLimited).toEqual({ held: [], mergedLastMinute: 0 });
});

test('what others announce does not wait for it, and the Daemon LSA no longer than for its next turn', async () => {
  const world = await connected();
  let counter = 0;
  for (let change = 0; change < BURST + 10; change++) {
    world.transport.announce(service(++counter), 'change', NO_LINK);
    await settle();
  }
  world.transport.announce(daemon(++counter), 'change', NO_LINK);
  world.transport.announce(service(++counter, 'MAIL'), 'change', NO_LINK);
  await settle();
  expect(heard(world, 'MAIL')).toEqual([counter]);
  expect(world.of('announcement').filter(({ announcement }) => announcement.kind === 'daemon')).toEqual([]);
  await world.clock.advance(1_000 / PER_SECOND + 1);
  expect(world.of('announcement').filter(({ announcement }) => announcement.kind === 'daemon')).toHaveLength(1);
  // It was there first.
  world.transport.announce(daemon(++counter), 'change', NO_LINK);
  world.transport.announce(service(++counter), 'change', NO_LINK);
  await settle();
  expect(world.of('announcement').filter(({ announcement }) => announcement.kind === 'daemon')).toHaveLength(2);
});

test('a withdrawal does not wait, and announcing anew does not pay the debt', async () => {
  const world = await connected();
  let counter = 0;
  for (let turn = 0; turn < 100; turn++) {
    world.transport.announce(service(++counter), 'change', NO_LINK);
    await settle();
    world.transport.withdraw({ kind: 'service', service: 'WEB' });
    await settle();
  }
  expect(world.originated()).toHaveLength(BURST);
  expect(world.transport.lsaId({ kind: 'service', service: 'WEB' })).toBe(undefined);
  await world.clock.advance(10_000);
  expect(world.transport.lsaId({ kind: 'service', service: 'WEB' })).toBe(undefined);
});

test('a new session with ospfd floods everything, whatever went out before', async () => {
  const world = await connected();
  for (let counter = 1; counter <= BURST + 10; counter++) {
    world.transport.announce(service(counter), 'change', NO_LINK);
    await settle();
  }
  expect(heard(world, 'WEB').at(-1)).toBe(BURST);
  world.ospfd.disconnect('gone');
  await settle();
  await world.connected();
  expect(heard(world, 'WEB').at(-1)).toBe(BURST + 10);
});

test('whatever changes however fast: nothing is reordered, and the last state of each arrives', async () => {
  const step = fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({
        do: fc.constant('change' as const),
        of: fc.nat(3),
        times: fc.integer({ min: 1, max: 40 }),
      }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('withdraw' as const), of: fc.nat(3) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('daemon' as const) }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 3_000 }) }) },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const world = await connected();
      const last = new Map<string, number>();
      let counter = 0;
      for (const each of steps) {
        if (each.do === 'wait') await world.clock.advance(each.ms);
        else if (each.do === 'daemon') world.transport.announce(daemon(++counter), 'change', NO_LINK);
        else if (each.do === 'withdraw') {
          world.transport.withdraw({ kind: 'service', service: `S${each.of}` });
          last.delete(`S${each.of}`);
        } else {
          for (let time = 0; time < each.times; time++) {
            world.transport.announce(service(++counter, `S${each.of}`), 'change', NO_LINK);
            last.set(`S${each.of}`, counter);
            await settle();
          }
        }
      }
      await world.clock.advance(2_000);
      for (let index = 0; index < 4; index++) {
        const counters = heard(world, `S${index}`);
        expect(counters).toEqual(counters.toSorted((a, b) => a - b));
        const newest = last.get(`S${index}`);
        if (newest !== undefined) expect(counters.at(-1)).toBe(newest);
      }
    }),
    { numRuns: 60 },
  );
});
