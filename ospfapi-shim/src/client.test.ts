import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OspfApiClient } from './client.js';
import { formatIpv4, type Ipv4, ipv4, parseIpv4 } from './ipv4.js';
import { MAX_AGE } from './lsa-header.js';
import type { OspfApiOptions } from './options.js';
import { FakeOspfd, lsaNotification, OWN_ROUTER_ID } from './testing/fake-ospfd.js';
import { Recorder } from './testing/recorder.js';
import { encodeMessage } from './wire/encode.js';
import type { ApiNotification } from './wire/message.js';

const address = (text: string): Ipv4 => parseIpv4(text)!;
const ALPHA = address('10.0.0.1');
const GAMMA = address('10.0.0.3');
const LINK = address('10.9.1.2');

let ospfd: FakeOspfd;
let client: OspfApiClient;
let seen: Recorder;

beforeEach(async () => {
  ospfd = await FakeOspfd.listen();
  seen = new Recorder();
});

afterEach(async () => {
  await client.stop();
  await ospfd.die();
});

function start(options: Partial<OspfApiOptions> = {}): void {
  client = new OspfApiClient({
    host: '127.0.0.1',
    port: ospfd.port,
    opaque: [{ lsaType: 11, opaqueType: 222 }],
    hasInstance: async () => true,
    ...options,
  });
  client.start(seen.listener);
}

async function startSynced(options: Partial<OspfApiOptions> = {}): Promise<void> {
  start(options);
  await seen.next('synced');
}

/** Everything that was notified before this has arrived. */
async function arrived(): Promise<void> {
  const marker = address('99.99.99.99');
  ospfd.client.notify({ kind: 'reachable-change', added: [marker], removed: [] });
  ospfd.client.notify({ kind: 'reachable-change', added: [], removed: [marker] });
  while (!(await seen.next('reachability')).removed.includes(marker));
}

/** And all deletes have been decided on: a request comes after the question about them, its answer after that one's. */
async function settle(): Promise<void> {
  for (let round = 0; round < 2; round++) {
    await arrived();
    await client.delete({ lsaType: 11, linkStateId: ipv4(0) });
    await arrived();
  }
}

function neighbour(routerId: Ipv4, state: 'full' | 'down' | 'two-way'): ApiNotification {
  return { kind: 'nsm-change', interfaceAddress: LINK, neighbourAddress: routerId, routerId, state };
}

describe('connecting', () => {
  it('registers, then tells the router ID, then what ospfd knows, then that this was all', async () => {
    ospfd.behaviour.synced = (request) => {
      if (request.kind === 'sync-nsm') return [neighbour(ALPHA, 'full'), neighbour(OWN_ROUTER_ID, 'two-way')];
      if (request.kind === 'sync-reachable') return [{ kind: 'reachable-change', added: [ALPHA, GAMMA], removed: [] }];
      if (request.kind === 'sync-ism') {
        return [{ kind: 'ism-change', interfaceAddress: LINK, area: ipv4(0), state: 'backup' }];
      }
      if (request.kind === 'sync-lsdb' && request.filter.typeMask === 1 << 10) return [lsaNotification('lsa-update')];
      return [];
    };
    await startSynced();
    expect(seen.types()).toEqual(['connected', 'reachability', 'interface', 'neighbour', 'lsa', 'synced']);
    expect(seen.of('connected')[0]!.routerId).toBe(OWN_ROUTER_ID);
    expect(client.neighbours()).toMatchObject([{ routerId: ALPHA, state: 'full' }]);
    expect([...client.reachable]).toEqual([ALPHA, GAMMA]);
    expect(client.lsdb.size).toBe(1);
    const registered = ospfd.received.slice(0, 3).map((request) => request.kind);
    expect(registered).toEqual(['sync-router-id', 'register-event', 'register-opaque-type']);
  });

  it('keeps what ospfd tells before the registrations are answered for after `connected`', async () => {
    ospfd.behaviour.synced = (request) =>
      request.kind === 'register-event' ? [lsaNotification('lsa-update'), neighbour(ALPHA, 'full')] : [];
    await startSynced();
    expect(seen.types()).toEqual(['connected', 'lsa', 'neighbour', 'synced']);
  });

  it('asks one LSA type at a time and has each delivered before the next', async () => {
    await startSynced();
    const kinds = ospfd.received.map((request) =>
      request.kind === 'sync-lsdb' ? Math.log2(request.filter.typeMask) + 1 : request.kind,
    );
    const start = kinds.indexOf(1);
    const between = kinds.slice(start, start + 6);
    expect(between).toEqual([1, 'sync-router-id', 2, 'sync-router-id', 3, 'sync-router-id']);
  });

  it('leaves ospfd alone while it has no OSPF instance', async () => {
    let configured = false;
    start({ hasInstance: async () => configured });
    expect((await seen.next('connect-failed')).reason).toContain('router ospf');
    expect(ospfd.clients).toHaveLength(0);
    configured = true;
    await seen.next('synced');
  });

  it('tells why ospfd cannot be reached, tries again, and waits longer each time up to the limit', async () => {
    await ospfd.die();
    start({ minRetryMs: 10, maxRetryMs: 40 });
    const waits: number[] = [];
    for (let i = 0; i < 4; i++) {
      const failed = await seen.next('connect-failed');
      expect(failed.reason).toContain('ECONNREFUSED');
      waits.push(failed.retryInMs);
    }
    expect(waits).toEqual([10, 20, 40, 40]);
    await ospfd.listenAgain();
    await seen.next('synced');
  });

  it('tells which registration ospfd refused', async () => {
    ospfd.behaviour.replyTo = (request) => (request.kind === 'register-opaque-type' ? -5 : 0);
    start();
    expect((await seen.next('connect-failed')).reason).toContain('another client has registered this opaque type');
    expect(seen.types()).not.toContain('connected');
  });

  it('takes notifications only from where it connected to', async () => {
    let stranger: Socket | undefined;
    ospfd.behaviour.beforeConnectingBack = async (port) => {
      stranger = connect({ host: '127.0.0.1', port, localAddress: '127.0.0.2' });
      await once(stranger, 'connect');
      stranger.on('error', () => {});
      stranger.write(encodeMessage(lsaNotification('lsa-update'), 0));
    };
    await startSynced();
    await settle();
    expect(stranger?.readyState).toBe('closed');
    expect(client.lsdb.size).toBe(0);
  });
});

describe('losing ospfd', () => {
  it('is told at once, empties what was known, and ends when ospfd is back', async () => {
    await startSynced();
    ospfd.client.notify(lsaNotification('lsa-update'));
    await seen.next('lsa');
    await ospfd.die();
    await seen.next('disconnected');
    expect(client.lsdb.size).toBe(0);
    expect(client.routerId).toBeUndefined();
    expect(await client.delete({ lsaType: 11, linkStateId: ipv4(1) })).toMatchObject({ code: 'disconnected' });
    await ospfd.listenAgain();
    await seen.next('connected');
    await seen.next('synced');
  });

  it('answers requests under way with `disconnected`', async () => {
    await startSynced();
    ospfd.behaviour.replyTo = () => undefined;
    const replies = [1, 2].map((id) => client.delete({ lsaType: 11, linkStateId: ipv4(id) }));
    ospfd.client.requests.destroy();
    for (const reply of await Promise.all(replies)) expect(reply).toMatchObject({ ok: false, code: 'disconnected' });
  });

  it('is assumed when a request is not answered in time', async () => {
    await startSynced({ requestTimeoutMs: 30 });
    ospfd.behaviour.replyTo = (request) => (request.kind === 'delete' ? undefined : 0);
    const reply = await client.delete({ lsaType: 11, linkStateId: ipv4(1) });
    expect(reply).toMatchObject({ ok: false, code: 'timed-out' });
    expect((await seen.next('disconnected')).reason).toContain('did not answer the request delete within 30 ms');
  });

  it('tells nothing any more after stop', async () => {
    await startSynced();
    const before = seen.events.length;
    await client.stop();
    expect(seen.events).toHaveLength(before);
    expect(await client.delete({ lsaType: 11, linkStateId: ipv4(1) })).toMatchObject({ code: 'disconnected' });
  });
});

describe('requests', () => {
  const lsa = { lsaType: 11, linkStateId: address('222.1.0.1'), body: Buffer.from('abcd') } as const;

  it('come back with ospfd’s answer', async () => {
    await startSynced();
    expect(await client.originate(lsa)).toEqual({ ok: true, code: 'ok', text: 'done' });
    ospfd.behaviour.replyTo = () => -7;
    expect(await client.originate(lsa)).toMatchObject({ ok: false, code: 'not-ready' });
    expect(ospfd.received.at(-1)).toMatchObject({
      kind: 'originate',
      header: { type: 11, linkStateId: lsa.linkStateId, length: 24 },
    });
  });

  it('are sent one at a time, in order', async () => {
    await startSynced();
    const from = ospfd.received.length;
    ospfd.behaviour.replyTo = () => undefined;
    const replies = [1, 2, 3].map((id) => client.delete({ lsaType: 11, linkStateId: ipv4(id) }));
    for (let sent = 1; sent <= 3; sent++) {
      await expect.poll(() => ospfd.received.length).toBe(from + sent);
      await arrived();
      expect(ospfd.received.slice(from).map((request) => 'opaqueId' in request && request.opaqueId)).toEqual(
        [1, 2, 3].slice(0, sent),
      );
      ospfd.answer(0);
    }
    expect((await Promise.all(replies)).map((reply) => reply.ok)).toEqual([true, true, true]);
  });

  it('that would do harm are not sent', async () => {
    await startSynced();
    const from = ospfd.received.length;
    const bad = [
      { ...lsa, body: new Uint8Array(3) },
      { ...lsa, body: new Uint8Array(1472) },
      { ...lsa, lsaType: 9 as const },
      { ...lsa, lsaType: 5 as 9 },
    ];
    for (const each of bad) expect(await client.originate(each)).toMatchObject({ ok: false, code: 'invalid' });
    expect(ospfd.received).toHaveLength(from);
  });

  it('name the interface of a type 9 LSA and the area of a type 10 LSA', async () => {
    await startSynced();
    await client.delete({ lsaType: 9, linkStateId: lsa.linkStateId, interfaceAddress: LINK });
    await client.delete({ lsaType: 10, linkStateId: lsa.linkStateId, area: ipv4(7) });
    expect(ospfd.received.slice(-2)).toMatchObject([
      { lsaType: 9, address: LINK, opaqueType: 222, opaqueId: 0x01_00_01 },
      { lsaType: 10, address: 7 },
    ]);
  });
});

describe('the LSDB mirror', () => {
  const update = (fields = {}) => ospfd.client.notify(lsaNotification('lsa-update', fields));
  const remove = (fields = {}) => ospfd.client.notify(lsaNotification('lsa-delete', fields));

  it('shows a delete and an update as one replacement, however far apart they arrive', async () => {
    await startSynced();
    update({ sequenceNumber: 1, text: 'old ' });
    await seen.next('lsa');
    // The update is in ospfd's queue already when the client asks whether that was all.
    ospfd.behaviour.beforeRouterId = () => update({ sequenceNumber: 2, text: 'new ' });
    remove({ sequenceNumber: 1 });
    const event = await seen.next('lsa');
    expect(Buffer.from(event.lsa.body).toString()).toBe('new ');
    expect(Buffer.from(event.previous!.body).toString()).toBe('old ');
    await settle();
    expect(seen.types()).not.toContain('lsa-withdrawn');
    expect(client.lsdb.size).toBe(1);
  });

  it('shows a delete without an update as a withdrawal', async () => {
    await startSynced();
    update({ text: 'gone' });
    remove();
    const event = await seen.next('lsa-withdrawn');
    expect(Buffer.from(event.lsa.body).toString()).toBe('gone');
    expect(client.lsdb.size).toBe(0);
  });

  it('tells withdrawals in the order of the deletes, also of those that come while it waits', async () => {
    await startSynced();
    for (const id of [1, 2, 3]) update({ linkStateId: ipv4(id) });
    remove({ linkStateId: ipv4(2) });
    let asked = false;
    ospfd.behaviour.beforeRouterId = () => {
      if (!asked) for (const id of [3, 1]) remove({ linkStateId: ipv4(id) });
      asked = true;
    };
    const ids = [];
    for (let i = 0; i < 3; i++) ids.push((await seen.next('lsa-withdrawn')).lsa.header.linkStateId);
    expect(ids).toEqual([2, 3, 1]);
  });

  it('takes no notice when an older instance is purged after its replacement', async () => {
    await startSynced();
    update({ sequenceNumber: 5 });
    remove({ sequenceNumber: 4, age: MAX_AGE });
    await settle();
    expect(seen.types()).not.toContain('lsa-withdrawn');
    expect(client.lsdb.size).toBe(1);
  });

  it('does not count an LSA that has MaxAge already', async () => {
    ospfd.behaviour.synced = (request) =>
      request.kind === 'sync-lsdb' && request.filter.typeMask === 1 << 10
        ? [lsaNotification('lsa-update', { age: MAX_AGE })]
        : [];
    await startSynced();
    expect(client.lsdb.size).toBe(0);
    expect(client.lsdb.expired()).toHaveLength(1);
    expect(seen.types()).not.toContain('lsa');
    remove({ age: MAX_AGE });
    await settle();
    expect(client.lsdb.expired()).toHaveLength(0);
  });

  it('tells of an instance once, although the sync answer repeats it', async () => {
    await startSynced();
    update();
    update();
    await settle();
    expect(seen.of('lsa')).toHaveLength(1);
  });

  it('keeps the same LSA ID of two links, two areas and two routers apart', async () => {
    await startSynced();
    update({ type: 9, interfaceAddress: ipv4(1) });
    update({ type: 9, interfaceAddress: ipv4(2) });
    update({ type: 10, area: ipv4(1) });
    update({ type: 10, area: ipv4(2) });
    update({ type: 11, area: ipv4(2) });
    update({ type: 11, advertisingRouter: OWN_ROUTER_ID });
    update({ type: 1, linkStateId: ALPHA, advertisingRouter: ALPHA });
    await settle();
    expect(client.lsdb.size).toBe(7);
    expect(client.lsdb.list({ type: 9, interfaceAddress: ipv4(2) })).toHaveLength(1);
    expect(client.lsdb.list({ type: 10, area: ipv4(2) })).toHaveLength(1);
    expect(client.lsdb.list({ type: 11, area: null })).toHaveLength(2);
    expect(client.lsdb.list({ advertisingRouter: OWN_ROUTER_ID })).toMatchObject([{ own: true }]);
    expect(client.lsdb.routerLsas(ALPHA)).toHaveLength(1);
  });

  it('is what a naive copy is, whatever happens', async () => {
    await startSynced();
    const step = fc.record({ id: fc.integer({ min: 1, max: 4 }), what: fc.constantFrom('set', 'replace', 'delete') });
    let sequenceNumber = 1;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const expected = new Map(
          client.lsdb.list().map((lsa) => [lsa.header.linkStateId as number, lsa.header.sequenceNumber]),
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
        await settle();
        const actual = client.lsdb.list().map((lsa) => [lsa.header.linkStateId as number, lsa.header.sequenceNumber]);
        expect(new Map(actual as [number, number][])).toEqual(expected);
      }),
      { numRuns: 50 },
    );
  });
});

describe('reachable routers, neighbours and interfaces', () => {
  it('are told of when they change, and never twice', async () => {
    await startSynced();
    const say = (notification: ApiNotification) => ospfd.client.notify(notification);
    say({ kind: 'reachable-change', added: [ALPHA], removed: [] });
    say({ kind: 'reachable-change', added: [ALPHA, GAMMA], removed: [address('10.0.0.9')] });
    say({ kind: 'reachable-change', added: [], removed: [ALPHA] });
    for (const state of ['full', 'full', 'down', 'down'] as const) say(neighbour(ALPHA, state));
    for (let i = 0; i < 2; i++) {
      say({ kind: 'ism-change', interfaceAddress: LINK, area: ipv4(0), state: 'backup' });
    }
    await settle();
    const reachability = seen
      .of('reachability')
      .map(({ added, removed }) => [added.map(formatIpv4), removed.map(formatIpv4)]);
    expect(reachability.slice(0, 3)).toEqual([
      [['10.0.0.1'], []],
      [['10.0.0.3'], []],
      [[], ['10.0.0.1']],
    ]);
    expect(seen.of('neighbour').map((event) => event.state)).toEqual(['full', 'down']);
    expect(seen.of('interface')).toHaveLength(1);
  });

  it('takes the neighbours of a removed interface away with it', async () => {
    await startSynced();
    ospfd.client.notify({ kind: 'new-interface', interfaceAddress: LINK, area: ipv4(0) });
    ospfd.client.notify(neighbour(ALPHA, 'full'));
    ospfd.client.notify({ kind: 'delete-interface', interfaceAddress: LINK });
    await seen.next('interface-removed');
    expect(seen.of('neighbour').map((event) => event.state)).toEqual(['full', 'deleted']);
    expect(client.neighbours()).toEqual([]);
  });

  it('tells of a new router ID', async () => {
    await startSynced();
    ospfd.client.notify({ kind: 'router-id-change', routerId: GAMMA });
    expect((await seen.next('router-id')).routerId).toBe(GAMMA);
    expect(client.routerId).toBe(GAMMA);
  });
});

describe('bytes that make no sense', () => {
  it('end the session with a reason, and the next one is made', async () => {
    await startSynced({ minRetryMs: 5 });
    ospfd.client.notifications.write(Uint8Array.of(9, 9, 9));
    expect((await seen.next('malformed')).reason).toBe('expected version 1, got 9');
    expect((await seen.next('disconnected')).reason).toContain('expected version 1, got 9');
    await seen.next('synced');
  });

  it('are an answer to another request', async () => {
    await startSynced({ minRetryMs: 5 });
    ospfd.client.requests.write(encodeMessage({ kind: 'reply', errorCode: 0 }, 4711));
    expect((await seen.next('disconnected')).reason).toContain('4711');
    await seen.next('synced');
  });

  it('in an LSA are skipped, as another router could send them again and again', async () => {
    await startSynced();
    const wrong = lsaNotification('lsa-update');
    ospfd.client.notify({ ...wrong, header: { ...wrong.header, length: 4000 } });
    expect((await seen.next('malformed')).reason).toContain('claims 4000 bytes');
    await settle();
    expect(client.lsdb.size).toBe(0);
    expect(seen.types()).not.toContain('disconnected');
  });

  it('as a message of an unknown type are skipped', async () => {
    await startSynced();
    ospfd.client.notifications.write(Uint8Array.of(1, 99, 0, 0, 0, 0, 0, 0));
    expect((await seen.next('malformed')).reason).toContain('99');
    await settle();
    expect(seen.types()).not.toContain('disconnected');
  });

  it('never become an exception, on either connection', async () => {
    await startSynced({ minRetryMs: 1, maxRetryMs: 1 });
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 8, maxLength: 64 }), fc.boolean(), async (noise, onRequests) => {
        const { requests, notifications } = ospfd.client;
        (onRequests ? requests : notifications).write(noise);
        requests.destroy();
        notifications.destroy();
        await seen.next('disconnected');
        await seen.next('synced');
      }),
      { numRuns: 100 },
    );
  });
});
