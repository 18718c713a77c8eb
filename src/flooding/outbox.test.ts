import { beforeEach, describe, expect, test } from 'vitest';
import {
  commandAnnouncement as command,
  daemonAnnouncement as daemon,
  serviceAnnouncement as service,
} from './testing/announcements.js';
import { settle } from './testing/manual-clock.js';
import { address, NO_LIMITS, NO_LINK, OTHER, OURS, World } from './testing/world.js';

let world: World;

beforeEach(() => {
  world = new World();
});

describe('announcing', () => {
  test('nothing goes out before the LSDB is known', async () => {
    world.transport.announce(service(1), 'change', NO_LINK);
    await settle();
    expect(world.ospfd.requests).toEqual([]);
  });

  test('our own announcement comes back as the echo', async () => {
    await world.connected();
    world.transport.announce(service(1), 'change', NO_LINK);
    await settle();
    const lsaId = world.transport.lsaId({ kind: 'service', service: 'WEB' });
    expect(world.of('announcement')).toEqual([
      { type: 'announcement', origin: OURS, lsaId, ageSeconds: 0, announcement: service(1) },
    ]);
    expect(lsaId).toBe('222.0.0.0');
  });

  test('changes 100 ms apart go out at once, each under a generation of its own', async () => {
    await world.connected();
    for (let counter = 1; counter <= 12; counter++) {
      world.transport.announce(service(counter), 'change', NO_LINK);
      await settle();
      expect(world.of('announcement').at(-1)?.announcement.sequence.counter).toBe(counter);
      await world.clock.advance(100);
    }
    expect(new Set(world.originated()).size).toBe(12);
  });

  test('an old generation is deleted 11 s after its successor went out, and not sooner', async () => {
    await world.connected();
    world.transport.announce(service(1), 'change', NO_LINK);
    await world.clock.advance(60_000);
    world.transport.announce(service(2), 'change', NO_LINK);
    await world.clock.advance(10_999);
    expect(world.deleted()).toEqual([]);
    await world.clock.advance(1);
    expect(world.deleted()).toEqual(['222.0.0.0']);
    expect(world.of('withdrawal')).toEqual([
      {
        type: 'withdrawal',
        origin: OURS,
        lsaId: '222.0.0.0',
        subject: { kind: 'service', service: 'WEB' },
        sequence: { epoch: 1, counter: 1 },
      },
    ]);
  });

  test('a refresh updates in place', async () => {
    await world.connected();
    world.transport.announce(service(1), 'change', NO_LINK);
    await settle();
    world.transport.announce(service(2), 'refresh', NO_LINK);
    await world.clock.advance(60_000);
    expect(world.originated()).toEqual(['222.0.0.0', '222.0.0.0']);
    expect(world.deleted()).toEqual([]);
    expect(world.of('announcement').at(-1)?.announcement).toEqual(service(2));
  });

  test('a refresh of what is not out goes out as a change', async () => {
    await world.connected();
    world.transport.announce(service(1), 'refresh', NO_LINK);
    await settle();
    expect(world.of('announcement')).toHaveLength(1);
  });

  test('while ospfd is answering, older announcements are skipped', async () => {
    await world.connected();
    const { release } = world.hold();
    for (let counter = 1; counter <= 5; counter++) world.transport.announce(service(counter), 'change', NO_LINK);
    release();
    await settle();
    expect(world.of('announcement').map(({ announcement }) => announcement.sequence.counter)).toEqual([1, 5]);
  });

  test('with 256 generations in use a change is made in place', async () => {
    world = new World(OURS, NO_LIMITS);
    await world.connected();
    for (let counter = 1; counter <= 257; counter++) {
      world.transport.announce(service(counter), 'change', NO_LINK);
      await settle();
    }
    expect(new Set(world.originated()).size).toBe(256);
    expect(world.originated().at(-1)).toBe(world.originated().at(-2));
    await world.clock.advance(5000);
    expect(world.of('announcement').at(-1)?.announcement).toEqual(service(257));
  });

  test('an LSA whose origination was not answered in time may be out, and is deleted after its successor', async () => {
    await world.connected();
    world.ospfd.answer = () => ({ ok: false, code: 'timed-out', text: '' });
    world.transport.announce(service(1), 'change', NO_LINK);
    await settle();
    world.ospfd.answer = () => undefined;
    await world.clock.advance(1000);
    expect(world.transport.lsaId({ kind: 'service', service: 'WEB' })).toBe('222.1.0.0');
    await world.clock.advance(11_000);
    expect(world.deleted()).toEqual(['222.0.0.0']);
  });

  test('the Daemon LSA goes out when ospfd has answered for all others', async () => {
    await world.connected();
    const { release } = world.hold();
    world.transport.announce(service(1), 'change', NO_LINK);
    world.transport.announce(daemon(2), 'change', NO_LINK);
    await settle();
    expect(world.originated()).toEqual(['222.0.0.0']);
    release();
    await settle();
    expect(world.originated()).toEqual(['222.0.0.0', '222.0.1.0']);
  });

  test('every service keeps its number, also in the next life', async () => {
    await world.connected();
    for (const name of ['A', 'B', 'C']) world.transport.announce(service(1, name), 'change', NO_LINK);
    await settle();
    expect(world.originated()).toEqual(['222.0.0.0', '222.0.0.1', '222.0.0.2']);
    await world.anotherLife();
    world.transport.announce(service(1, 'C'), 'change', NO_LINK);
    world.transport.announce(service(1, 'D'), 'change', NO_LINK);
    await settle();
    expect(world.originated().map((id) => id.split('.').slice(2).join('.'))).toEqual(['0.2', '0.3']);
  });

  test('the next life goes on after every generation that the last one used', async () => {
    await world.connected();
    for (let counter = 1; counter <= 40; counter++) {
      world.transport.announce(service(counter), 'change', NO_LINK);
      await world.clock.advance(200);
    }
    const used = new Set(world.originated());
    await world.anotherLife();
    for (let counter = 1; counter <= 40; counter++) {
      world.transport.announce(service(counter), 'change', NO_LINK);
      await settle();
      expect(used).not.toContain(world.originated().at(-1));
    }
  });

  test('the Daemon LSA has S 1.0, Command LSAs 1.1, and both are of type 11', async () => {
    await world.connected();
    world.transport.announce(daemon(1), 'change', NO_LINK);
    world.transport.announce(command(7), 'change', NO_LINK);
    await settle();
    expect(world.originated().sort()).toEqual(['222.0.1.0', '222.0.1.1']);
    expect(world.ospfd.requests.map(({ lsaType }) => lsaType)).toEqual([11, 11]);
  });

  test('every command has a generation of its own, and is deleted when it is withdrawn', async () => {
    await world.connected();
    world.transport.announce(command(7), 'change', NO_LINK);
    world.transport.announce(command(8), 'change', NO_LINK);
    await settle();
    world.transport.withdraw({ kind: 'command', nonce: 7 });
    await settle();
    expect(world.originated()).toEqual(['222.0.1.1', '222.1.1.1']);
    expect(world.deleted()).toEqual(['222.0.1.1']);
  });

  test('the 257th command at once is refused with the reason', async () => {
    await world.connected();
    for (let nonce = 1; nonce <= 257; nonce++) world.transport.announce(command(nonce), 'change', NO_LINK);
    await world.clock.advance(0);
    expect(world.of('refused')).toEqual([
      { type: 'refused', subject: { kind: 'command', nonce: 257 }, reason: expect.stringContaining('try again') },
    ]);
  });

  test('area scope goes into the area of the own interfaces, or the configured one', async () => {
    await world.connected();
    world.transport.announce(service(1, 'A', { scope: 'area' }), 'change', NO_LINK);
    world.transport.announce(service(1, 'B', { scope: 'area', area: '0.0.0.9' }), 'change', NO_LINK);
    await settle();
    expect(world.ospfd.requests).toMatchObject([
      { lsaType: 10, area: 0 },
      { lsaType: 10, area: 9 },
    ]);
  });

  test('of several areas the lowest is taken, whatever their order', async () => {
    await world.connected();
    world.ospfd.tell({ type: 'interface', interfaceAddress: OTHER, area: address('0.0.0.7'), state: 'dr-other' });
    await settle();
    world.transport.announce(service(1, 'A', { scope: 'area' }), 'change', NO_LINK);
    expect(world.ospfd.requests).toMatchObject([{ lsaType: 10, area: 0 }]);
  });

  test('link scope needs the address of an interface that ospfd knows', async () => {
    await world.connected();
    world.transport.announce(service(1, 'A', { scope: 'link' }), 'change', { link: 'eth0' });
    world.transport.announce(service(1, 'B', { scope: 'link' }), 'change', { link: 'eth7' });
    await world.clock.advance(0);
    expect(world.ospfd.requests).toMatchObject([{ lsaType: 9, interfaceAddress: OURS }]);
    expect(world.of('refused')).toEqual([
      { type: 'refused', subject: { kind: 'service', service: 'B' }, reason: expect.stringContaining('eth7') },
    ]);
  });

  test('what ospfd refuses for good is told, with its reason', async () => {
    await world.connected();
    world.ospfd.answer = () => ({ ok: false, code: 'no-such-area', text: 'this router is not in this area' });
    world.transport.announce(service(1), 'change', NO_LINK);
    await settle();
    expect(world.of('refused')).toEqual([
      {
        type: 'refused',
        subject: { kind: 'service', service: 'WEB' },
        reason: 'no-such-area: this router is not in this area',
      },
    ]);
    await world.clock.advance(120_000);
    expect(world.ospfd.requests).toHaveLength(1);
  });

  test('what cannot be encoded is refused', async () => {
    await world.connected();
    world.transport.announce(service(1, 'no name'), 'change', NO_LINK);
    expect(world.of('refused')).toHaveLength(0);
    await world.clock.advance(0);
    expect(world.of('refused')).toHaveLength(1);
  });
});

describe('withdrawing', () => {
  test('deletes all generations that are out, the newest first', async () => {
    await world.connected();
    world.transport.announce(service(1), 'change', NO_LINK);
    await settle();
    world.transport.announce(service(2), 'change', NO_LINK);
    await settle();
    world.transport.withdraw({ kind: 'service', service: 'WEB' });
    await settle();
    expect(world.deleted()).toEqual(['222.1.0.0', '222.0.0.0']);
    expect(world.transport.lsaId({ kind: 'service', service: 'WEB' })).toBeUndefined();
    await world.clock.advance(120_000);
    expect(world.deleted()).toHaveLength(2);
  });

  test('during origination: what was originated is deleted', async () => {
    await world.connected();
    const { release } = world.hold();
    world.transport.announce(service(1), 'change', NO_LINK);
    world.transport.withdraw({ kind: 'service', service: 'WEB' });
    release();
    await settle();
    expect(world.deleted()).toEqual(['222.0.0.0']);
  });

  test('and announcing again takes a fresh generation', async () => {
    await world.connected();
    world.transport.announce(service(1), 'change', NO_LINK);
    await settle();
    world.transport.withdraw({ kind: 'service', service: 'WEB' });
    world.transport.announce(service(2), 'change', NO_LINK);
    await settle();
    expect(world.transport.lsaId({ kind: 'service', service: 'WEB' })).toBe('222.1.0.0');
  });

  test('a deletion that ospfd refuses is told and tried again', async () => {
    await world.connected();
    world.transport.announce(service(1), 'change', NO_LINK);
    await settle();
    world.ospfd.answer = () => ({ ok: false, code: 'error', text: 'no' });
    world.transport.withdraw({ kind: 'service', service: 'WEB' });
    await settle();
    expect(world.notices).toEqual([{ type: 'delete-failed', lsaId: '222.0.0.0', reason: 'no' }]);
    world.ospfd.answer = () => undefined;
    await world.clock.advance(5000);
    expect(world.of('withdrawal')).toHaveLength(1);
  });
});
