import { ipv4 } from 'ospfapi-shim';
import { beforeEach, describe, expect, test } from 'vitest';
import { daemonAnnouncement as daemon, serviceAnnouncement as service } from './testing/announcements.js';
import { settle } from './testing/manual-clock.js';
import { NO_LINK, OTHER, World } from './testing/world.js';

let world: World;

beforeEach(() => {
  world = new World();
});

describe('without a Full neighbour', () => {
  test('the newest announcement of each subject goes out when a neighbour becomes Full, the Daemon LSA last', async () => {
    world.ospfd.connect();
    await settle();
    world.transport.announce(daemon(1), 'change', NO_LINK);
    world.transport.announce(service(2, 'A'), 'change', NO_LINK);
    world.transport.announce(service(3, 'B'), 'change', NO_LINK);
    await settle();
    world.transport.announce(service(4, 'A'), 'change', NO_LINK);
    await settle();
    expect(world.events.filter(({ type }) => type === 'announcement' || type === 'refused')).toEqual([]);
    world.ospfd.neighbourFull(OTHER);
    await settle();
    expect(world.of('announcement').map(({ announcement }) => announcement.sequence.counter)).toEqual([4, 3, 1]);
  });

  test('the same when ospfd says that it is ready', async () => {
    await world.connected();
    world.ospfd.answer = () => ({ ok: false, code: 'not-ready', text: '' });
    world.transport.announce(service(1), 'change', NO_LINK);
    await settle();
    world.ospfd.answer = () => undefined;
    world.ospfd.tell({ type: 'opaque-ready', lsaType: 11, opaqueType: 222, address: ipv4(0) });
    await settle();
    expect(world.of('announcement')).toHaveLength(1);
  });

  test('and if nobody says so, after a while', async () => {
    await world.connected();
    world.ospfd.answer = () => ({ ok: false, code: 'not-ready', text: '' });
    world.transport.announce(service(1), 'change', NO_LINK);
    await settle();
    world.ospfd.answer = () => undefined;
    await world.clock.advance(1000);
    expect(world.of('announcement')).toHaveLength(1);
  });

  test('an ospfd that is not ready is asked ever less often', async () => {
    await world.connected();
    world.ospfd.answer = () => ({ ok: false, code: 'not-ready', text: '' });
    world.transport.announce(service(1), 'change', NO_LINK);
    await world.clock.advance(600_000);
    expect(world.ospfd.requests.length).toBeGreaterThan(20);
    expect(world.ospfd.requests.length).toBeLessThan(30);
  });

  test('nothing is originated, even if ospfd would take it', async () => {
    world.ospfd.takesWithoutNeighbour = true;
    world.ospfd.connect();
    await settle();
    world.transport.announce(service(1), 'change', NO_LINK);
    await world.clock.advance(60_000);
    expect(world.ospfd.requests).toEqual([]);
    world.ospfd.neighbourFull(OTHER);
    await settle();
    expect(world.of('announcement')).toHaveLength(1);
  });

  test('what was withdrawn meanwhile does not go out', async () => {
    world.ospfd.connect();
    await settle();
    world.transport.announce(service(1), 'change', NO_LINK);
    await settle();
    world.transport.withdraw({ kind: 'service', service: 'WEB' });
    world.ospfd.neighbourFull(OTHER);
    await world.clock.advance(60_000);
    expect(world.of('announcement')).toEqual([]);
  });

  test('a service that cannot go out does not hold the Daemon LSA back', async () => {
    await world.connected();
    world.ospfd.answer = ({ lsaType }) => (lsaType === 9 ? { ok: false, code: 'not-ready', text: '' } : undefined);
    world.transport.announce(service(1, 'A', { scope: 'link' }), 'change', { link: 'eth0' });
    world.transport.announce(daemon(2), 'change', NO_LINK);
    await settle();
    expect(world.of('announcement').map(({ announcement }) => announcement.kind)).toEqual(['daemon']);
  });
});
