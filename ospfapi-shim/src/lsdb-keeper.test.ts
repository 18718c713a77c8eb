import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ipv4 } from './ipv4.js';
import { MAX_AGE } from './lsa-header.js';
import { lsaNotification, OWN_ROUTER_ID } from './testing/fake-ospfd.js';
import { ALPHA, World } from './testing/world.js';

let world: World;

beforeEach(async () => {
  world = await World.make();
});

afterEach(() => world.end());

describe('the LSDB mirror', () => {
  const update = (fields = {}) => world.ospfd.client.notify(lsaNotification('lsa-update', fields));
  const remove = (fields = {}) => world.ospfd.client.notify(lsaNotification('lsa-delete', fields));

  it('shows a delete and an update as one replacement, however far apart they arrive', async () => {
    await world.startSynced();
    update({ sequenceNumber: 1, text: 'old ' });
    await world.seen.next('lsa');
    // The update is in ospfd's queue already when the client asks whether that was all.
    world.ospfd.behaviour.beforeRouterId = () => update({ sequenceNumber: 2, text: 'new ' });
    remove({ sequenceNumber: 1 });
    const event = await world.seen.next('lsa');
    expect(Buffer.from(event.lsa.body).toString()).toBe('new ');
    expect(Buffer.from(event.previous!.body).toString()).toBe('old ');
    await world.settle();
    expect(world.seen.types()).not.toContain('lsa-withdrawn');
    expect(world.client.lsdb.size).toBe(1);
  });

  it('shows a delete without an update as a withdrawal', async () => {
    await world.startSynced();
    update({ text: 'gone' });
    remove();
    const event = await world.seen.next('lsa-withdrawn');
    expect(Buffer.from(event.lsa.body).toString()).toBe('gone');
    expect(world.client.lsdb.size).toBe(0);
  });

  it('tells withdrawals in the order of the deletes, also of those that come while it waits', async () => {
    await world.startSynced();
    for (const id of [1, 2, 3]) update({ linkStateId: ipv4(id) });
    remove({ linkStateId: ipv4(2) });
    let asked = false;
    world.ospfd.behaviour.beforeRouterId = () => {
      if (!asked) for (const id of [3, 1]) remove({ linkStateId: ipv4(id) });
      asked = true;
    };
    const ids = [];
    for (let i = 0; i < 3; i++) ids.push((await world.seen.next('lsa-withdrawn')).lsa.header.linkStateId);
    expect(ids).toEqual([2, 3, 1]);
  });

  it('takes no notice when an older instance is purged after its replacement', async () => {
    await world.startSynced();
    update({ sequenceNumber: 5 });
    remove({ sequenceNumber: 4, age: MAX_AGE });
    await world.settle();
    expect(world.seen.types()).not.toContain('lsa-withdrawn');
    expect(world.client.lsdb.size).toBe(1);
  });

  it('does not count an LSA that has MaxAge already', async () => {
    world.ospfd.behaviour.synced = (request) =>
      request.kind === 'sync-lsdb' && request.filter.typeMask === 1 << 10
        ? [lsaNotification('lsa-update', { age: MAX_AGE })]
        : [];
    await world.startSynced();
    expect(world.client.lsdb.size).toBe(0);
    expect(world.client.lsdb.expired()).toHaveLength(1);
    expect(world.seen.types()).not.toContain('lsa');
    remove({ age: MAX_AGE });
    await world.settle();
    expect(world.client.lsdb.expired()).toHaveLength(0);
  });

  it('tells of an instance once, although the sync answer repeats it', async () => {
    await world.startSynced();
    update();
    update();
    await world.settle();
    expect(world.seen.of('lsa')).toHaveLength(1);
  });

  it('keeps the same LSA ID of two links, two areas and two routers apart', async () => {
    await world.startSynced();
    update({ type: 9, interfaceAddress: ipv4(1) });
    update({ type: 9, interfaceAddress: ipv4(2) });
    update({ type: 10, area: ipv4(1) });
    update({ type: 10, area: ipv4(2) });
    update({ type: 11, area: ipv4(2) });
    update({ type: 11, advertisingRouter: OWN_ROUTER_ID });
    update({ type: 1, linkStateId: ALPHA, advertisingRouter: ALPHA });
    await world.settle();
    expect(world.client.lsdb.size).toBe(7);
    expect(world.client.lsdb.list({ type: 9, interfaceAddress: ipv4(2) })).toHaveLength(1);
    expect(world.client.lsdb.list({ type: 10, area: ipv4(2) })).toHaveLength(1);
    expect(world.client.lsdb.list({ type: 11, area: null })).toHaveLength(2);
    expect(world.client.lsdb.list({ advertisingRouter: OWN_ROUTER_ID })).toMatchObject([{ own: true }]);
    expect(world.client.lsdb.routerLsas(ALPHA)).toHaveLength(1);
  });

  describe('compared with the LSDB of ospfd', () => {
    /** What ospfd has of type 11, whatever it has told. */
    let held: ReturnType<typeof lsaNotification>[];

    beforeEach(async () => {
      held = [];
      world.ospfd.behaviour.synced = (request) =>
        request.kind === 'sync-lsdb' && request.filter.typeMask === 1 << 10 ? held : [];
      await world.startSynced({ compareEveryMs: 30 });
    });

    const lsa = (linkStateId: number, fields = {}) =>
      lsaNotification('lsa-update', { linkStateId: ipv4(linkStateId), ...fields });
    const compared = async () => {
      // The one that runs may have begun before.
      await world.seen.next('compared');
      return world.seen.next('compared');
    };

    it('does not differ when it was told of everything', async () => {
      held = [lsa(1), lsa(2)];
      for (const each of held) world.ospfd.client.notify(each);
      expect(await compared()).toMatchObject({ differences: 0, unsure: 0 });
      expect(world.seen.of('lsa')).toHaveLength(2);
    });

    it('gets what it was not told of', async () => {
      world.ospfd.client.notify(lsa(1));
      await world.arrived();
      held = [lsa(1, { sequenceNumber: 2 }), lsa(2)];
      const before = world.seen.of('compared').length;
      await compared();
      expect(
        world.seen
          .of('compared')
          .slice(before)
          .map(({ differences }) => differences),
      ).toContain(2);
      expect(world.client.lsdb.list().map(({ header }) => header.sequenceNumber + 0x8000_0000)).toEqual([2, 1]);
      expect(await compared()).toMatchObject({ differences: 0 });
    });

    it('loses what ospfd has no more, and no word of it came', async () => {
      for (const id of [1, 2, 3]) world.ospfd.client.notify(lsa(id));
      await world.arrived();
      held = [lsa(1), lsa(3)];
      expect((await world.seen.next('lsa-withdrawn')).lsa.header.linkStateId).toBe(2);
      await compared();
      expect(await compared()).toMatchObject({ differences: 0, unsure: 0 });
      expect(world.client.lsdb.size).toBe(2);
    });

    it('keeps what may have been lost on its way, before an LSA that is too long', async () => {
      held = [lsa(3)];
      for (const id of [1, 2, 3]) world.ospfd.client.notify(lsa(id));
      await world.arrived();
      expect(await compared()).toMatchObject({ differences: 0, unsure: 2 });
      expect(world.client.lsdb.size).toBe(3);
    });

    it('keeps of its own what is being deleted, until it is purged', async () => {
      const own = { advertisingRouter: OWN_ROUTER_ID };
      world.ospfd.client.notify(lsa(1, own));
      await world.arrived();
      held = [lsa(1, { ...own, age: MAX_AGE, sequenceNumber: 2 })];
      expect(await compared()).toMatchObject({ differences: 0, unsure: 0 });
      expect(world.client.lsdb.size).toBe(1);
    });
  });

  it('is what a naive copy is, whatever happens', async () => {
    await world.startSynced();
    const step = fc.record({ id: fc.integer({ min: 1, max: 4 }), what: fc.constantFrom('set', 'replace', 'delete') });
    let sequenceNumber = 1;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const expected = new Map(
          world.client.lsdb.list().map((lsa) => [lsa.header.linkStateId as number, lsa.header.sequenceNumber]),
        );
        for (const { id, what } of steps) {
          const linkStateId = ipv4(id);
          const known = expected.get(id);
          if (what !== 'set' && known !== undefined) remove({ linkStateId, sequenceNumber: known + 0x8000_0000 });
          if (what === 'delete') expected.delete(id);
          else {
            sequenceNumber++;
            update({ linkStateId, sequenceNumber });
            expected.set(id, sequenceNumber - 0x8000_0000);
          }
        }
        await world.settle();
        const actual = world.client.lsdb
          .list()
          .map((lsa) => [lsa.header.linkStateId as number, lsa.header.sequenceNumber]);
        expect(new Map(actual as [number, number][])).toEqual(expected);
      }),
      { numRuns: 50 },
    );
  });
});
