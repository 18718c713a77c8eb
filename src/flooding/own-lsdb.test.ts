import { beforeEach, describe, expect, test } from 'vitest';
import { serviceAnnouncement as service } from './testing/announcements.js';
import { lsaInstance } from './testing/fake-ospfd.js';
import { settle } from './testing/manual-clock.js';
import { address, NO_LIMITS, NO_LINK, OURS, received, World } from './testing/world.js';

let world: World;

beforeEach(() => {
  world = new World();
});

describe('own LSAs of an earlier life', () => {
  test('are delivered and deleted when they are met, and their generations are passed over', async () => {
    world.ospfd.receive(received(OURS, '222.0.0.0', service(5)));
    world.ospfd.receive(received(OURS, '222.1.0.3', service(6, 'GONE')));
    await world.connected();
    world.transport.announce(service(1), 'change', NO_LINK);
    await settle();
    expect(world.of('announcement').map(({ announcement }) => announcement)).toContainEqual(service(5));
    expect(world.deleted()).toEqual(['222.0.0.0', '222.1.0.3']);
    expect(world.transport.lsaId({ kind: 'service', service: 'WEB' })).toBe('222.1.0.0');
  });

  test('are deleted also when they come late, after the first neighbour became Full', async () => {
    await world.connected();
    world.transport.announce(service(1), 'change', NO_LINK);
    await settle();
    world.ospfd.receive(received(OURS, '222.30.0.0', service(5)));
    await settle();
    expect(world.deleted()).toEqual(['222.30.0.0']);
    world.transport.announce(service(2), 'change', NO_LINK);
    await settle();
    expect(world.transport.lsaId({ kind: 'service', service: 'WEB' })).toBe('222.31.0.0');
  });

  test('with MaxAge their generations are not used while the LSDB holds them', async () => {
    world.ospfd.expired = [{ ...received(OURS, '222.0.0.0', service(5)) }];
    await world.connected();
    world.transport.announce(service(1), 'change', NO_LINK);
    await settle();
    expect(world.transport.lsaId({ kind: 'service', service: 'WEB' })).toBe('222.1.0.0');
  });

  test('and when they are gone from it, after 60 s more they are', async () => {
    world = new World(OURS, NO_LIMITS);
    world.ospfd.expired = [received(OURS, '222.0.0.0', service(5))];
    await world.connected();
    for (let counter = 1; counter < 256; counter++) {
      world.transport.announce(service(counter), 'change', NO_LINK);
      await settle();
    }
    world.ospfd.expired = [];
    await world.clock.advance(75_000);
    world.transport.announce(service(256), 'change', NO_LINK);
    await settle();
    expect(world.transport.lsaId({ kind: 'service', service: 'WEB' })).toBe('222.0.0.0');
  });

  test('one that overwrites our newest LSA makes us flood anew at once', async () => {
    await world.connected();
    world.transport.announce(service(1), 'change', NO_LINK);
    await settle();
    world.ospfd.receive(received(OURS, '222.0.0.0', service(5)));
    await world.clock.advance(0);
    expect(world.of('announcement').at(-1)?.announcement).toEqual(service(1));
    await world.clock.advance(11_000);
    expect(world.deleted()).toEqual(['222.0.0.0']);
  });

  test('an LSA of ours that ospfd flushes by itself is flooded anew, ever less often', async () => {
    await world.connected();
    world.transport.announce(service(1), 'change', NO_LINK);
    await settle();
    world.ospfd.flush(11, address('222.0.0.0'));
    await world.clock.advance(0);
    expect(world.originated()).toEqual(['222.0.0.0', '222.1.0.0']);
    for (let flushes = 0; flushes < 600; flushes++) {
      world.ospfd.flush(11, address(world.originated().at(-1)!));
      await world.clock.advance(1000);
    }
    expect(world.originated().length).toBeGreaterThan(20);
    expect(world.originated().length).toBeLessThan(30);
    world.transport.announce(service(2), 'change', NO_LINK);
    await settle();
    world.ospfd.flush(11, address(world.originated().at(-1)!));
    await world.clock.advance(0);
    expect(
      world
        .of('announcement')
        .slice(-2)
        .map(({ announcement }) => announcement),
    ).toEqual([service(2), service(2)]);
  });

  test('content that an update in place has replaced is old content, too', async () => {
    await world.connected();
    world.transport.announce(service(1), 'change', NO_LINK);
    await settle();
    world.transport.announce(service(2), 'refresh', NO_LINK);
    await world.clock.advance(5000);
    world.ospfd.receive(received(OURS, '222.0.0.0', service(1)));
    await world.clock.advance(0);
    expect(world.of('announcement').at(-1)?.announcement).toEqual(service(2));
  });

  test("ospfd's own refresh of an LSA after half an hour is only an echo", async () => {
    await world.connected();
    world.transport.announce(service(1), 'change', NO_LINK);
    await settle();
    world.ospfd.receive(received(OURS, '222.0.0.0', service(1)));
    await world.clock.advance(60_000);
    expect(world.originated()).toHaveLength(1);
    expect(world.deleted()).toEqual([]);
  });

  test('opaque LSAs of this node with another opaque type are left alone', async () => {
    await world.connected();
    world.ospfd.receive(
      lsaInstance({ type: 10, linkStateId: address('1.0.0.1'), advertisingRouter: OURS, body: new Uint8Array(8) }),
    );
    await world.clock.advance(60_000);
    expect(world.ospfd.requests).toEqual([]);
  });
});
