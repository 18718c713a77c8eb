import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { formatIpv4, ipv4 } from './ipv4.js';
import { ALPHA, address, GAMMA, LINK, neighbour, World } from './testing/world.js';
import type { ApiNotification } from './wire/message.js';

let world: World;

beforeEach(async () => {
  world = await World.make();
});

afterEach(() => world.end());

describe('reachable routers, neighbours and interfaces', () => {
  it('are told of when they change, and never twice', async () => {
    await world.startSynced();
    const say = (notification: ApiNotification) => world.ospfd.client.notify(notification);
    say({ kind: 'reachable-change', added: [ALPHA], removed: [] });
    say({ kind: 'reachable-change', added: [ALPHA, GAMMA], removed: [address('10.0.0.9')] });
    say({ kind: 'reachable-change', added: [], removed: [ALPHA] });
    for (const state of ['full', 'full', 'down', 'down'] as const) say(neighbour(ALPHA, state));
    for (let i = 0; i < 2; i++) {
      say({ kind: 'ism-change', interfaceAddress: LINK, area: ipv4(0), state: 'backup' });
    }
    await world.settle();
    const reachability = world.seen
      .of('reachability')
      .map(({ added, removed }) => [added.map(formatIpv4), removed.map(formatIpv4)]);
    expect(reachability.slice(0, 3)).toEqual([
      [['10.0.0.1'], []],
      [['10.0.0.3'], []],
      [[], ['10.0.0.1']],
    ]);
    expect(world.seen.of('neighbour').map((event) => event.state)).toEqual(['full', 'down']);
    expect(world.seen.of('interface')).toHaveLength(1);
  });

  it('takes the neighbours of a removed interface away with it', async () => {
    await world.startSynced();
    world.ospfd.client.notify({ kind: 'new-interface', interfaceAddress: LINK, area: ipv4(0) });
    world.ospfd.client.notify(neighbour(ALPHA, 'full'));
    world.ospfd.client.notify({ kind: 'delete-interface', interfaceAddress: LINK });
    await world.seen.next('interface-removed');
    expect(world.seen.of('neighbour').map((event) => event.state)).toEqual(['full', 'deleted']);
    expect(world.client.neighbours()).toEqual([]);
  });

  it('tells of a new router ID', async () => {
    await world.startSynced();
    world.ospfd.client.notify({ kind: 'router-id-change', routerId: GAMMA });
    expect((await world.seen.next('router-id')).routerId).toBe(GAMMA);
    expect(world.client.routerId).toBe(GAMMA);
  });
});
