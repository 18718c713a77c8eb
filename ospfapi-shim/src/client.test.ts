import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ipv4 } from './ipv4.js';
import { lsaNotification, OWN_ROUTER_ID } from './testing/fake-ospfd.js';
import { ALPHA, address, GAMMA, LINK, neighbour, World } from './testing/world.js';
import { encodeMessage } from './wire/encode.js';

let world: World;

beforeEach(async () => {
  world = await World.make();
});

afterEach(() => world.end());

describe('connecting', () => {
  it('registers, then tells the router ID, then what ospfd knows, then that this was all', async () => {
    world.ospfd.behaviour.synced = (request) => {
      if (request.kind === 'sync-nsm') return [neighbour(ALPHA, 'full'), neighbour(OWN_ROUTER_ID, 'two-way')];
      if (request.kind === 'sync-reachable') return [{ kind: 'reachable-change', added: [ALPHA, GAMMA], removed: [] }];
      if (request.kind === 'sync-ism') {
        return [{ kind: 'ism-change', interfaceAddress: LINK, area: ipv4(0), state: 'backup' }];
      }
      if (request.kind === 'sync-lsdb' && request.filter.typeMask === 1 << 10) return [lsaNotification('lsa-update')];
      return [];
    };
    await world.startSynced();
    expect(world.seen.types()).toEqual(['connected', 'reachability', 'interface', 'neighbour', 'lsa', 'synced']);
    expect(world.seen.of('connected')[0]!.routerId).toBe(OWN_ROUTER_ID);
    expect(world.client.neighbours()).toMatchObject([{ routerId: ALPHA, state: 'full' }]);
    expect([...world.client.reachable]).toEqual([ALPHA, GAMMA]);
    expect(world.client.lsdb.size).toBe(1);
    const registered = world.ospfd.received.slice(0, 3).map((request) => request.kind);
    expect(registered).toEqual(['sync-router-id', 'register-event', 'register-opaque-type']);
  });

  it('keeps what ospfd tells before the registrations are answered for after `connected`', async () => {
    world.ospfd.behaviour.synced = (request) =>
      request.kind === 'register-event' ? [lsaNotification('lsa-update'), neighbour(ALPHA, 'full')] : [];
    await world.startSynced();
    expect(world.seen.types()).toEqual(['connected', 'lsa', 'neighbour', 'synced']);
  });

  it('asks one LSA type at a time and has each delivered before the next', async () => {
    await world.startSynced();
    const kinds = world.ospfd.received.map((request) =>
      request.kind === 'sync-lsdb' ? Math.log2(request.filter.typeMask) + 1 : request.kind,
    );
    const start = kinds.indexOf(1);
    const between = kinds.slice(start, start + 6);
    expect(between).toEqual([1, 'sync-router-id', 2, 'sync-router-id', 3, 'sync-router-id']);
  });

  it('leaves ospfd alone while it has no OSPF instance', async () => {
    let configured = false;
    world.start({ hasInstance: async () => configured });
    expect((await world.seen.next('connect-failed')).reason).toContain('router ospf');
    expect(world.ospfd.clients).toHaveLength(0);
    configured = true;
    await world.seen.next('synced');
  });

  it('tells why ospfd cannot be reached, tries again, and waits longer each time up to the limit', async () => {
    await world.ospfd.die();
    world.start({ minRetryMs: 10, maxRetryMs: 40 });
    const waits: number[] = [];
    for (let i = 0; i < 4; i++) {
      const failed = await world.seen.next('connect-failed');
      expect(failed.reason).toContain('ECONNREFUSED');
      waits.push(failed.retryInMs);
    }
    expect(waits).toEqual([10, 20, 40, 40]);
    await world.ospfd.listenAgain();
    await world.seen.next('synced');
  });

  it('tells which registration ospfd refused', async () => {
    world.ospfd.behaviour.replyTo = (request) => (request.kind === 'register-opaque-type' ? -5 : 0);
    world.start();
    expect((await world.seen.next('connect-failed')).reason).toContain(
      'another client has registered this opaque type',
    );
    expect(world.seen.types()).not.toContain('connected');
  });

  it('takes notifications only from where it connected to', async () => {
    let stranger: Socket | undefined;
    world.ospfd.behaviour.beforeConnectingBack = async (port) => {
      stranger = connect({ host: '127.0.0.1', port, localAddress: '127.0.0.2' });
      await once(stranger, 'connect');
      stranger.on('error', () => {});
      stranger.write(encodeMessage(lsaNotification('lsa-update'), 0));
    };
    await world.startSynced();
    await world.settle();
    expect(stranger?.readyState).toBe('closed');
    expect(world.client.lsdb.size).toBe(0);
  });
});

describe('losing ospfd', () => {
  it('is told at once, empties what was known, and ends when ospfd is back', async () => {
    await world.startSynced();
    world.ospfd.client.notify(lsaNotification('lsa-update'));
    await world.seen.next('lsa');
    await world.ospfd.die();
    await world.seen.next('disconnected');
    expect(world.client.lsdb.size).toBe(0);
    expect(world.client.routerId).toBeUndefined();
    expect(await world.client.delete({ lsaType: 11, linkStateId: ipv4(1) })).toMatchObject({ code: 'disconnected' });
    await world.ospfd.listenAgain();
    await world.seen.next('connected');
    await world.seen.next('synced');
  });

  it('answers requests under way with `disconnected`', async () => {
    await world.startSynced();
    world.ospfd.behaviour.replyTo = () => undefined;
    const replies = [1, 2].map((id) => world.client.delete({ lsaType: 11, linkStateId: ipv4(id) }));
    world.ospfd.client.requests.destroy();
    for (const reply of await Promise.all(replies)) expect(reply).toMatchObject({ ok: false, code: 'disconnected' });
  });

  it('is assumed when a request is not answered in time', async () => {
    await world.startSynced({ requestTimeoutMs: 30 });
    world.ospfd.behaviour.replyTo = (request) => (request.kind === 'delete' ? undefined : 0);
    const reply = await world.client.delete({ lsaType: 11, linkStateId: ipv4(1) });
    expect(reply).toMatchObject({ ok: false, code: 'timed-out' });
    expect((await world.seen.next('disconnected')).reason).toContain('did not answer the request delete within 30 ms');
  });

  it('is assumed when it says nothing any more, although nothing was asked of it', async () => {
    await world.startSynced({ requestTimeoutMs: 60 });
    world.ospfd.behaviour.replyTo = () => undefined;
    expect((await world.seen.next('disconnected')).reason).toContain('did not answer the request sync-router-id');
  });

  it('is not assumed while there is nothing to say but that it is alive', async () => {
    await world.startSynced({ requestTimeoutMs: 60 });
    const before = world.ospfd.received.length;
    await expect.poll(() => world.ospfd.received.length, { timeout: 60_000 }).toBeGreaterThan(before + 10);
    expect(world.seen.types()).not.toContain('disconnected');
  });

  it('is not assumed while it is busy, and gets on with it', async () => {
    const limitMs = 500;
    await world.startSynced({ requestTimeoutMs: limitMs });
    world.ospfd.behaviour.replyTo = () => undefined;
    let done = false;
    const reply = world.client.delete({ lsaType: 11, linkStateId: ipv4(1) }).finally(() => {
      done = true;
    });
    const end = performance.now() + 2 * limitMs;
    for (let sequenceNumber = 1; performance.now() < end; sequenceNumber++) {
      world.ospfd.client.notify(lsaNotification('lsa-update', { sequenceNumber }));
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    expect(done).toBe(false);
    world.ospfd.behaviour.replyTo = () => 0;
    world.ospfd.answer(0);
    expect(await reply).toMatchObject({ ok: true });
    expect(world.seen.types()).not.toContain('disconnected');
  });

  it('is not assumed when it loses a notification: it is asked again', async () => {
    await world.startSynced({ requestTimeoutMs: 60 });
    let lost = 0;
    world.ospfd.behaviour.losesRouterId = () => lost++ === 0;
    world.ospfd.client.notify(lsaNotification('lsa-update'));
    world.ospfd.client.notify(lsaNotification('lsa-delete'));
    await world.seen.next('lsa-withdrawn');
    expect(lost).toBeGreaterThan(1);
    expect(world.seen.types()).not.toContain('disconnected');
  });

  it('is assumed when none of its notifications arrives any more', async () => {
    await world.startSynced({ requestTimeoutMs: 60 });
    world.ospfd.behaviour.losesRouterId = () => true;
    expect((await world.seen.next('disconnected')).reason).toContain('its notification did not arrive within 60 ms');
  });

  it('is not assumed when this process was held up and the answer is there already', async () => {
    await world.startSynced({ requestTimeoutMs: 40 });
    world.ospfd.behaviour.replyTo = () => {
      setImmediate(() => {
        const until = performance.now() + 150;
        while (performance.now() < until);
      });
      return 0;
    };
    expect(await world.client.delete({ lsaType: 11, linkStateId: ipv4(1) })).toMatchObject({ ok: true });
    expect(world.seen.types()).not.toContain('disconnected');
  });

  it('tells nothing any more after stop', async () => {
    await world.startSynced();
    const before = world.seen.events.length;
    await world.client.stop();
    expect(world.seen.events).toHaveLength(before);
    expect(await world.client.delete({ lsaType: 11, linkStateId: ipv4(1) })).toMatchObject({ code: 'disconnected' });
  });
});

describe('requests', () => {
  const lsa = { lsaType: 11, linkStateId: address('222.1.0.1'), body: Buffer.from('abcd') } as const;

  it('come back with ospfd’s answer', async () => {
    await world.startSynced();
    expect(await world.client.originate(lsa)).toEqual({ ok: true, code: 'ok', text: 'done' });
    world.ospfd.behaviour.replyTo = () => -7;
    expect(await world.client.originate(lsa)).toMatchObject({ ok: false, code: 'not-ready' });
    expect(world.ospfd.received.at(-1)).toMatchObject({
      kind: 'originate',
      header: { type: 11, linkStateId: lsa.linkStateId, length: 24 },
    });
  });

  it('are sent one at a time, in order, while they are few', async () => {
    await world.startSynced({ requestTimeoutMs: 60_000 });
    const from = world.ospfd.received.length;
    world.ospfd.behaviour.replyTo = () => undefined;
    const replies = [1, 2, 3].map((id) => world.client.delete({ lsaType: 11, linkStateId: ipv4(id) }));
    for (let sent = 1; sent <= 3; sent++) {
      await expect.poll(() => world.ospfd.received.length, { timeout: 60_000 }).toBe(from + sent);
      await world.arrived();
      expect(world.ospfd.received.slice(from).map((request) => 'opaqueId' in request && request.opaqueId)).toEqual(
        [1, 2, 3].slice(0, sent),
      );
      world.ospfd.answer(0);
    }
    expect((await Promise.all(replies)).map((reply) => reply.ok)).toEqual([true, true, true]);
  });

  it('do not wait for each other’s answers when they are many, and are still in order', async () => {
    await world.startSynced({ requestTimeoutMs: 60_000 });
    const from = world.ospfd.received.length;
    world.ospfd.behaviour.replyTo = () => undefined;
    const ids = Array.from({ length: 100 }, (_, index) => index + 1);
    const replies = ids.map((id) => world.client.delete({ lsaType: 11, linkStateId: ipv4(id) }));
    await expect.poll(() => world.ospfd.received.length, { timeout: 60_000 }).toBe(from + 32);
    world.ospfd.behaviour.replyTo = () => 0;
    world.ospfd.answer(0, 32);
    expect((await Promise.all(replies)).map((reply) => reply.ok)).toEqual(ids.map(() => true));
    const asked = world.ospfd.received
      .slice(from)
      .flatMap((request) => ('opaqueId' in request ? [request.opaqueId] : []));
    expect(asked).toEqual(ids);
  });

  it('that would do harm are not sent', async () => {
    await world.startSynced();
    const from = world.ospfd.received.length;
    const bad = [
      { ...lsa, body: new Uint8Array(3) },
      { ...lsa, body: new Uint8Array(1472) },
      { ...lsa, lsaType: 9 as const },
      { ...lsa, lsaType: 5 as 9 },
    ];
    for (const each of bad) expect(await world.client.originate(each)).toMatchObject({ ok: false, code: 'invalid' });
    expect(world.ospfd.received).toHaveLength(from);
  });

  it('name the interface of a type 9 LSA and the area of a type 10 LSA', async () => {
    await world.startSynced();
    await world.client.delete({ lsaType: 9, linkStateId: lsa.linkStateId, interfaceAddress: LINK });
    await world.client.delete({ lsaType: 10, linkStateId: lsa.linkStateId, area: ipv4(7) });
    expect(world.ospfd.received.slice(-2)).toMatchObject([
      { lsaType: 9, address: LINK, opaqueType: 222, opaqueId: 0x01_00_01 },
      { lsaType: 10, address: 7 },
    ]);
  });
});
