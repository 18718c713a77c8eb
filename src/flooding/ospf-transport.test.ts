import { ipv4 } from 'ospfapi-shim';
import { beforeEach, describe, expect, test } from 'vitest';
import { daemonAnnouncement as daemon, serviceAnnouncement as service } from './testing/announcements.js';
import { settle } from './testing/manual-clock.js';
import { address, NO_LIMITS, NO_LINK, OTHER, OURS, received, THIRD, World } from './testing/world.js';

let world: World;

beforeEach(() => {
  world = new World();
});

describe('a session', () => {
  test('begins with the router ID and ends its beginning with the neighbours and synced', async () => {
    world.ospfd.neighbourFull(OTHER);
    world.ospfd.connect();
    await settle();
    expect(world.events).toEqual([
      { type: 'connected', routerId: OURS },
      { type: 'neighbours', full: 1 },
      { type: 'synced' },
    ]);
  });

  test('tells of every change of the number of Full neighbours, and only of changes', async () => {
    await world.connected();
    world.ospfd.neighbourFull(THIRD);
    world.ospfd.neighbourFull(THIRD);
    world.ospfd.neighbourDown(OTHER);
    world.ospfd.neighbourDown(THIRD);
    await settle();
    expect(world.of('neighbours').map(({ full }) => full)).toEqual([2, 1, 0]);
  });

  test('neighbours on an interface that goes are gone with it', async () => {
    await world.connected();
    world.ospfd.tell({ type: 'interface-removed', interfaceAddress: OURS });
    await settle();
    expect(world.of('neighbours')).toEqual([{ type: 'neighbours', full: 0 }]);
  });

  test('passes reachability on, but never names this node', async () => {
    await world.connected();
    world.ospfd.tell({ type: 'reachability', added: [OURS, OTHER], removed: [] });
    world.ospfd.tell({ type: 'reachability', added: [], removed: [OURS] });
    world.ospfd.tell({ type: 'reachability', added: [], removed: [OTHER] });
    await settle();
    expect(world.of('reachability')).toEqual([
      { type: 'reachability', added: [OTHER], removed: [] },
      { type: 'reachability', added: [], removed: [OTHER] },
    ]);
  });

  test('another router ID is another session, in which everything is told and flooded again', async () => {
    await world.connected();
    world.transport.announce(service(1), 'change', NO_LINK);
    world.ospfd.receive(received(OTHER, '222.5.0.7', service(3)));
    await settle();
    world.events.length = 0;
    world.ospfd.requests.length = 0;
    world.ospfd.tell({ type: 'router-id', routerId: THIRD });
    await settle();
    expect(world.events.map(({ type }) => type).slice(0, 2)).toEqual(['disconnected', 'connected']);
    expect(world.of('announcement').map(({ origin }) => origin)).toContain(OTHER);
    expect(world.events.at(-1)?.type).not.toBe('disconnected');
    expect(world.originated()).toHaveLength(1);
  });

  test('what is left of a router is told again when all that a later life of it said has gone', async () => {
    await world.connected();
    const later = { sequence: { epoch: 2, counter: 1 } };
    world.ospfd.receive(received(OTHER, '222.7.1.0', { ...daemon(1), ...later }));
    world.ospfd.receive(received(OTHER, '222.6.0.8', { ...service(1), ...later }));
    world.ospfd.receive(received(OTHER, '222.9.1.0', daemon(5)));
    world.ospfd.receive(received(OTHER, '222.5.0.7', service(4)));
    world.ospfd.flush(11, address('222.7.1.0'), OTHER);
    await settle();
    world.events.length = 0;
    world.ospfd.flush(11, address('222.6.0.8'), OTHER);
    await settle();
    expect(world.events.map(({ type }) => type)).toEqual(['withdrawal', 'announcement', 'announcement']);
    expect(world.of('announcement').map(({ announcement }) => announcement)).toEqual([service(4), daemon(5)]);
  });

  test('nothing is told without a router ID', async () => {
    world = new World(ipv4(0));
    world.ospfd.connect();
    await settle();
    expect(world.events).toEqual([]);
    world.ospfd.tell({ type: 'router-id', routerId: OURS });
    await settle();
    expect(world.events.map(({ type }) => type)).toEqual(['connected', 'neighbours', 'synced']);
  });
});

describe('while those who are told have enough to do', () => {
  test('only the newest of each LSA waits, and what came and went is never told', async () => {
    await world.connected();
    world.busy = true;
    for (let counter = 1; counter <= 1000; counter++)
      world.ospfd.receive(received(OTHER, '222.5.0.7', service(counter)));
    world.ospfd.receive(received(OTHER, '222.6.0.8', service(1, 'GONE')));
    await settle();
    world.ospfd.flush(11, address('222.6.0.8'), OTHER);
    await settle();
    world.busy = false;
    await world.clock.advance(100);
    expect(world.of('announcement').map(({ announcement }) => announcement.sequence.counter)).toEqual([1000]);
    expect(world.of('withdrawal')).toEqual([]);
  });

  test('a lost router is told at once, and one that is back after what it had flooded before', async () => {
    await world.connected();
    world.ospfd.tell({ type: 'reachability', added: [OTHER, THIRD], removed: [] });
    await settle();
    world.busy = true;
    world.ospfd.receive(received(OTHER, '222.5.0.7', service(1)));
    world.ospfd.tell({ type: 'reachability', added: [], removed: [OTHER, THIRD] });
    world.ospfd.tell({ type: 'reachability', added: [THIRD, OTHER], removed: [] });
    await settle();
    const told = () => world.events.slice(1).map((event) => (event.type === 'reachability' ? event.added : event.type));
    expect(told()).toEqual([[], [THIRD]]);
    world.busy = false;
    await world.clock.advance(100);
    expect(told()).toEqual([[], [THIRD], 'announcement', [OTHER]]);
  });

  test('a router that came back and went again is not told of', async () => {
    await world.connected();
    world.busy = true;
    world.ospfd.receive(received(OTHER, '222.5.0.7', service(1)));
    world.ospfd.tell({ type: 'reachability', added: [OTHER], removed: [] });
    world.ospfd.tell({ type: 'reachability', added: [], removed: [OTHER] });
    await settle();
    world.busy = false;
    await world.clock.advance(100);
    expect(world.of('reachability')).toEqual([]);
  });
});

describe('after a reconnection', () => {
  test('everything wanted is flooded anew, under generations that were not used, the Daemon LSA last', async () => {
    await world.connected();
    world.transport.announce(daemon(1), 'change', NO_LINK);
    world.transport.announce(service(2, 'A'), 'change', NO_LINK);
    world.transport.announce(service(3, 'B'), 'change', NO_LINK);
    await settle();
    world.transport.withdraw({ kind: 'service', service: 'B' });
    await settle();
    const before = world.originated();
    world.ospfd.disconnect('ospfd went away');
    await settle();
    expect(world.events.at(-1)).toEqual({ type: 'disconnected', reason: 'ospfd went away' });
    expect(world.transport.lsaId({ kind: 'daemon' })).toBeUndefined();
    world.ospfd.requests.length = 0;
    world.ospfd.connect();
    await settle();
    expect(world.originated()).toEqual(['222.1.0.0', '222.1.1.0']);
    expect(before).not.toContain(world.originated()[0]);
    expect(world.deleted()).toEqual([]);
  });

  test('the generations of the old session can be used again after 60 s', async () => {
    world = new World(OURS, NO_LIMITS);
    await world.connected();
    for (let counter = 1; counter <= 256; counter++) {
      world.transport.announce(service(counter), 'change', NO_LINK);
      await settle();
    }
    world.ospfd.disconnect('gone');
    await settle();
    world.ospfd.connect();
    await settle();
    expect(world.transport.lsaId({ kind: 'service', service: 'WEB' })).toBeUndefined();
    await world.clock.advance(95_000);
    expect(world.transport.lsaId({ kind: 'service', service: 'WEB' })).toBe('222.0.0.0');
  });

  test('an answer of the old session means nothing in the new one', async () => {
    await world.connected();
    const { release } = world.hold();
    world.transport.announce(service(1), 'change', NO_LINK);
    world.ospfd.disconnect('gone');
    await settle();
    world.ospfd.held = Promise.resolve();
    world.ospfd.connect();
    await settle();
    const lsaId = world.transport.lsaId({ kind: 'service', service: 'WEB' });
    release();
    await world.clock.advance(60_000);
    expect(world.transport.lsaId({ kind: 'service', service: 'WEB' })).toBe(lsaId);
    expect(world.deleted()).toEqual([]);
  });

  test('what was announced while there was no session goes out', async () => {
    await world.connected();
    world.ospfd.disconnect('gone');
    await settle();
    world.transport.announce(service(9), 'refresh', NO_LINK);
    await settle();
    expect(world.ospfd.requests).toEqual([]);
    world.ospfd.connect();
    await settle();
    expect(world.of('announcement').map(({ announcement }) => announcement)).toEqual([service(9)]);
  });
});

describe('stopping', () => {
  test('deletes everything that is out and waits for the answers', async () => {
    await world.connected();
    world.transport.announce(service(1), 'change', NO_LINK);
    await settle();
    world.transport.announce(service(2), 'change', NO_LINK);
    world.transport.announce(daemon(3), 'change', NO_LINK);
    await settle();
    const { release } = world.hold();
    let ended = false;
    const stopped = world.transport.stop().then(() => {
      ended = true;
    });
    await settle();
    expect(ended).toBe(false);
    release();
    await stopped;
    expect(world.deleted().sort()).toEqual(world.originated().sort());
    expect(world.ospfd.stopped).toBe(true);
  });

  test('deletes also what is just going out', async () => {
    await world.connected();
    world.transport.announce(service(1), 'change', NO_LINK);
    await world.transport.stop();
    expect(world.deleted()).toEqual(['222.0.0.0']);
  });

  test('does not wait for ever for an ospfd that does not answer', async () => {
    await world.connected();
    world.transport.announce(service(1), 'change', NO_LINK);
    await settle();
    world.hold();
    const stopped = world.transport.stop();
    await world.clock.advance(3000);
    await stopped;
    expect(world.ospfd.stopped).toBe(true);
  });

  test('nothing is told or sent afterwards', async () => {
    await world.connected();
    await world.transport.stop();
    const count = world.events.length;
    world.transport.announce(service(1), 'change', NO_LINK);
    world.ospfd.receive(received(OTHER, '222.0.0.0', service(1)));
    await world.clock.advance(60_000);
    expect(world.events).toHaveLength(count);
    expect(world.ospfd.requests).toEqual([]);
  });
});

test('hundreds of announcements at once all get out, with a limited number of requests under way', async () => {
  await world.connected();
  const { release } = world.hold();
  world.transport.announce(daemon(1), 'change', NO_LINK);
  for (let index = 0; index < 500; index++) world.transport.announce(service(2, `S${index}`), 'change', NO_LINK);
  await settle();
  expect(world.ospfd.requests.length).toBeLessThanOrEqual(64 + 1);
  release();
  await settle();
  expect(world.of('announcement')).toHaveLength(501);
});
