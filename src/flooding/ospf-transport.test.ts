import { formatIpv4, type Ipv4, ipv4, parseIpv4 } from 'ospfapi-shim';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Announcement, TransportEvent } from '../cluster/index.js';
import { encodeBody } from '../lsa/index.js';
import { FakeOspfd, lsaInstance } from './fake-ospfd.js';
import { MemoryGenerationStore } from './generation-store.js';
import { ManualClock, settle } from './manual-clock.js';
import type { TransportNotice } from './notice.js';
import { OspfTransport } from './ospf-transport.js';
import {
  commandAnnouncement as command,
  daemonAnnouncement as daemon,
  serviceAnnouncement as service,
} from './test-announcements.js';

const OURS = address('10.0.0.1');
const OTHER = address('10.0.0.2');
const THIRD = address('10.0.0.3');
const NO_LINK = { link: null };

let clock: ManualClock;
let ospfd: FakeOspfd;
let store: MemoryGenerationStore;
let transport: OspfTransport;
let events: TransportEvent[];
let notices: TransportNotice[];

beforeEach(() => {
  clock = new ManualClock();
  ospfd = new FakeOspfd(clock, OURS);
  store = new MemoryGenerationStore();
  begin();
});

describe('a session', () => {
  test('begins with the router ID and ends its beginning with the neighbours and synced', async () => {
    ospfd.neighbourFull(OTHER);
    ospfd.connect();
    await settle();
    expect(events).toEqual([
      { type: 'connected', routerId: OURS },
      { type: 'neighbours', full: 1 },
      { type: 'synced' },
    ]);
  });

  test('tells of every change of the number of Full neighbours, and only of changes', async () => {
    await connected();
    ospfd.neighbourFull(THIRD);
    ospfd.neighbourFull(THIRD);
    ospfd.neighbourDown(OTHER);
    ospfd.neighbourDown(THIRD);
    await settle();
    expect(of('neighbours').map(({ full }) => full)).toEqual([2, 1, 0]);
  });

  test('passes reachability on, but never names this node', async () => {
    await connected();
    ospfd.tell({ type: 'reachability', added: [OURS, OTHER], removed: [] });
    ospfd.tell({ type: 'reachability', added: [], removed: [OURS] });
    ospfd.tell({ type: 'reachability', added: [], removed: [OTHER] });
    await settle();
    expect(of('reachability')).toEqual([
      { type: 'reachability', added: [OTHER], removed: [] },
      { type: 'reachability', added: [], removed: [OTHER] },
    ]);
  });

  test('another router ID is another session, in which everything is told and flooded again', async () => {
    await connected();
    transport.announce(service(1), 'change', NO_LINK);
    ospfd.receive(foreign(OTHER, '222.5.0.7', service(3)));
    await settle();
    events.length = 0;
    ospfd.requests.length = 0;
    ospfd.tell({ type: 'router-id', routerId: THIRD });
    await settle();
    expect(events.map(({ type }) => type).slice(0, 2)).toEqual(['disconnected', 'connected']);
    expect(of('announcement').map(({ origin }) => origin)).toContain(OTHER);
    expect(events.at(-1)?.type).not.toBe('disconnected');
    expect(originated()).toHaveLength(1);
  });

  test('nothing is told without a router ID', async () => {
    ospfd = new FakeOspfd(clock, ipv4(0));
    begin();
    ospfd.connect();
    await settle();
    expect(events).toEqual([]);
    ospfd.tell({ type: 'router-id', routerId: OURS });
    await settle();
    expect(events.map(({ type }) => type)).toEqual(['connected', 'neighbours', 'synced']);
  });
});

describe('announcing', () => {
  test('nothing goes out before the LSDB is known', async () => {
    transport.announce(service(1), 'change', NO_LINK);
    await settle();
    expect(ospfd.requests).toEqual([]);
  });

  test('our own announcement comes back as the echo', async () => {
    await connected();
    transport.announce(service(1), 'change', NO_LINK);
    await settle();
    const lsaId = transport.lsaId({ kind: 'service', service: 'WEB' });
    expect(of('announcement')).toEqual([
      { type: 'announcement', origin: OURS, lsaId, ageSeconds: 0, announcement: service(1) },
    ]);
    expect(lsaId).toBe('222.0.0.0');
  });

  test('changes 100 ms apart go out at once, each under a generation of its own', async () => {
    await connected();
    for (let counter = 1; counter <= 12; counter++) {
      transport.announce(service(counter), 'change', NO_LINK);
      await settle();
      expect(of('announcement').at(-1)?.announcement.sequence.counter).toBe(counter);
      await clock.advance(100);
    }
    expect(new Set(originated()).size).toBe(12);
  });

  test('an old generation is deleted 11 s after its successor went out, and not sooner', async () => {
    await connected();
    transport.announce(service(1), 'change', NO_LINK);
    await clock.advance(60_000);
    transport.announce(service(2), 'change', NO_LINK);
    await clock.advance(10_999);
    expect(deleted()).toEqual([]);
    await clock.advance(1);
    expect(deleted()).toEqual(['222.0.0.0']);
    expect(of('withdrawal')).toEqual([
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
    await connected();
    transport.announce(service(1), 'change', NO_LINK);
    await settle();
    transport.announce(service(2), 'refresh', NO_LINK);
    await clock.advance(60_000);
    expect(originated()).toEqual(['222.0.0.0', '222.0.0.0']);
    expect(deleted()).toEqual([]);
    expect(of('announcement').at(-1)?.announcement).toEqual(service(2));
  });

  test('a refresh of what is not out goes out as a change', async () => {
    await connected();
    transport.announce(service(1), 'refresh', NO_LINK);
    await settle();
    expect(of('announcement')).toHaveLength(1);
  });

  test('while ospfd is answering, older announcements are skipped', async () => {
    await connected();
    const { release } = hold();
    for (let counter = 1; counter <= 5; counter++) transport.announce(service(counter), 'change', NO_LINK);
    release();
    await settle();
    expect(of('announcement').map(({ announcement }) => announcement.sequence.counter)).toEqual([1, 5]);
  });

  test('with 256 generations in use a change is made in place', async () => {
    await connected();
    for (let counter = 1; counter <= 257; counter++) {
      transport.announce(service(counter), 'change', NO_LINK);
      await settle();
    }
    expect(new Set(originated()).size).toBe(256);
    expect(originated().at(-1)).toBe(originated().at(-2));
    await clock.advance(5000);
    expect(of('announcement').at(-1)?.announcement).toEqual(service(257));
  });

  test('every service keeps its number, also in the next life', async () => {
    await connected();
    for (const name of ['A', 'B', 'C']) transport.announce(service(1, name), 'change', NO_LINK);
    await settle();
    expect(originated()).toEqual(['222.0.0.0', '222.0.0.1', '222.0.0.2']);
    await anotherLife();
    transport.announce(service(1, 'C'), 'change', NO_LINK);
    transport.announce(service(1, 'D'), 'change', NO_LINK);
    await settle();
    expect(originated().map((id) => id.split('.').slice(2).join('.'))).toEqual(['0.2', '0.3']);
  });

  test('the next life goes on after every generation that the last one used', async () => {
    await connected();
    for (let counter = 1; counter <= 40; counter++) {
      transport.announce(service(counter), 'change', NO_LINK);
      await clock.advance(200);
    }
    const used = new Set(originated());
    await anotherLife();
    for (let counter = 1; counter <= 40; counter++) {
      transport.announce(service(counter), 'change', NO_LINK);
      await settle();
      expect(used).not.toContain(originated().at(-1));
    }
  });

  test('the Daemon LSA has S 1.0, Command LSAs 1.1, and both are of type 11', async () => {
    await connected();
    transport.announce(daemon(1), 'change', NO_LINK);
    transport.announce(command(7), 'change', NO_LINK);
    await settle();
    expect(originated().sort()).toEqual(['222.0.1.0', '222.0.1.1']);
    expect(ospfd.requests.map(({ lsaType }) => lsaType)).toEqual([11, 11]);
  });

  test('every command has a generation of its own, and is deleted when it is withdrawn', async () => {
    await connected();
    transport.announce(command(7), 'change', NO_LINK);
    transport.announce(command(8), 'change', NO_LINK);
    await settle();
    transport.withdraw({ kind: 'command', nonce: 7 });
    await settle();
    expect(originated()).toEqual(['222.0.1.1', '222.1.1.1']);
    expect(deleted()).toEqual(['222.0.1.1']);
  });

  test('the 257th command at once is refused with the reason', async () => {
    await connected();
    for (let nonce = 1; nonce <= 257; nonce++) transport.announce(command(nonce), 'change', NO_LINK);
    await settle();
    expect(of('refused')).toEqual([
      { type: 'refused', subject: { kind: 'command', nonce: 257 }, reason: expect.stringContaining('try again') },
    ]);
  });

  test('area scope goes into the area of the own interfaces, or the configured one', async () => {
    await connected();
    transport.announce(service(1, 'A', { scope: 'area' }), 'change', NO_LINK);
    transport.announce(service(1, 'B', { scope: 'area', area: '0.0.0.9' }), 'change', NO_LINK);
    await settle();
    expect(ospfd.requests).toMatchObject([
      { lsaType: 10, area: 0 },
      { lsaType: 10, area: 9 },
    ]);
  });

  test('link scope needs the address of an interface that ospfd knows', async () => {
    await connected();
    transport.announce(service(1, 'A', { scope: 'link' }), 'change', { link: 'eth0' });
    transport.announce(service(1, 'B', { scope: 'link' }), 'change', { link: 'eth7' });
    await settle();
    expect(ospfd.requests).toMatchObject([{ lsaType: 9, interfaceAddress: OURS }]);
    expect(of('refused')).toEqual([
      { type: 'refused', subject: { kind: 'service', service: 'B' }, reason: expect.stringContaining('eth7') },
    ]);
  });

  test('what ospfd refuses for good is told, with its reason', async () => {
    await connected();
    ospfd.answer = () => ({ ok: false, code: 'no-such-area', text: 'this router is not in this area' });
    transport.announce(service(1), 'change', NO_LINK);
    await settle();
    expect(of('refused')).toEqual([
      {
        type: 'refused',
        subject: { kind: 'service', service: 'WEB' },
        reason: 'no-such-area: this router is not in this area',
      },
    ]);
    await clock.advance(120_000);
    expect(ospfd.requests).toHaveLength(1);
  });

  test('what cannot be encoded is refused', async () => {
    await connected();
    transport.announce(service(1, 'no name'), 'change', NO_LINK);
    expect(of('refused')).toHaveLength(0);
    await settle();
    expect(of('refused')).toHaveLength(1);
  });
});

describe('withdrawing', () => {
  test('deletes all generations that are out, the newest first', async () => {
    await connected();
    transport.announce(service(1), 'change', NO_LINK);
    await settle();
    transport.announce(service(2), 'change', NO_LINK);
    await settle();
    transport.withdraw({ kind: 'service', service: 'WEB' });
    await settle();
    expect(deleted()).toEqual(['222.1.0.0', '222.0.0.0']);
    expect(transport.lsaId({ kind: 'service', service: 'WEB' })).toBeUndefined();
    await clock.advance(120_000);
    expect(deleted()).toHaveLength(2);
  });

  test('during origination: what was originated is deleted', async () => {
    await connected();
    const { release } = hold();
    transport.announce(service(1), 'change', NO_LINK);
    transport.withdraw({ kind: 'service', service: 'WEB' });
    release();
    await settle();
    expect(deleted()).toEqual(['222.0.0.0']);
  });

  test('and announcing again takes a fresh generation', async () => {
    await connected();
    transport.announce(service(1), 'change', NO_LINK);
    await settle();
    transport.withdraw({ kind: 'service', service: 'WEB' });
    transport.announce(service(2), 'change', NO_LINK);
    await settle();
    expect(transport.lsaId({ kind: 'service', service: 'WEB' })).toBe('222.1.0.0');
  });

  test('a deletion that ospfd refuses is told and tried again', async () => {
    await connected();
    transport.announce(service(1), 'change', NO_LINK);
    await settle();
    ospfd.answer = () => ({ ok: false, code: 'error', text: 'no' });
    transport.withdraw({ kind: 'service', service: 'WEB' });
    await settle();
    expect(notices).toEqual([{ type: 'delete-failed', lsaId: '222.0.0.0', reason: 'no' }]);
    ospfd.answer = () => undefined;
    await clock.advance(5000);
    expect(of('withdrawal')).toHaveLength(1);
  });
});

describe('without a Full neighbour', () => {
  test('the newest announcement of each subject goes out when a neighbour becomes Full, the Daemon LSA last', async () => {
    ospfd.connect();
    await settle();
    transport.announce(daemon(1), 'change', NO_LINK);
    transport.announce(service(2, 'A'), 'change', NO_LINK);
    transport.announce(service(3, 'B'), 'change', NO_LINK);
    await settle();
    transport.announce(service(4, 'A'), 'change', NO_LINK);
    await settle();
    expect(events.filter(({ type }) => type === 'announcement' || type === 'refused')).toEqual([]);
    ospfd.neighbourFull(OTHER);
    await settle();
    expect(of('announcement').map(({ announcement }) => announcement.sequence.counter)).toEqual([4, 3, 1]);
  });

  test('the same when ospfd says that it is ready', async () => {
    await connected();
    ospfd.answer = () => ({ ok: false, code: 'not-ready', text: '' });
    transport.announce(service(1), 'change', NO_LINK);
    await settle();
    ospfd.answer = () => undefined;
    ospfd.tell({ type: 'opaque-ready', lsaType: 11, opaqueType: 222, address: ipv4(0) });
    await settle();
    expect(of('announcement')).toHaveLength(1);
  });

  test('and if nobody says so, after a while', async () => {
    await connected();
    ospfd.answer = () => ({ ok: false, code: 'not-ready', text: '' });
    transport.announce(service(1), 'change', NO_LINK);
    await settle();
    ospfd.answer = () => undefined;
    await clock.advance(1000);
    expect(of('announcement')).toHaveLength(1);
  });

  test('an ospfd that is not ready is asked ever less often', async () => {
    await connected();
    ospfd.answer = () => ({ ok: false, code: 'not-ready', text: '' });
    transport.announce(service(1), 'change', NO_LINK);
    await clock.advance(600_000);
    expect(ospfd.requests.length).toBeGreaterThan(20);
    expect(ospfd.requests.length).toBeLessThan(30);
  });

  test('nothing is originated, even if ospfd would take it', async () => {
    ospfd.takesWithoutNeighbour = true;
    ospfd.connect();
    await settle();
    transport.announce(service(1), 'change', NO_LINK);
    await clock.advance(60_000);
    expect(ospfd.requests).toEqual([]);
    ospfd.neighbourFull(OTHER);
    await settle();
    expect(of('announcement')).toHaveLength(1);
  });

  test('what was withdrawn meanwhile does not go out', async () => {
    ospfd.connect();
    await settle();
    transport.announce(service(1), 'change', NO_LINK);
    await settle();
    transport.withdraw({ kind: 'service', service: 'WEB' });
    ospfd.neighbourFull(OTHER);
    await clock.advance(60_000);
    expect(of('announcement')).toEqual([]);
  });

  test('a service that cannot go out does not hold the Daemon LSA back', async () => {
    await connected();
    ospfd.answer = ({ lsaType }) => (lsaType === 9 ? { ok: false, code: 'not-ready', text: '' } : undefined);
    transport.announce(service(1, 'A', { scope: 'link' }), 'change', { link: 'eth0' });
    transport.announce(daemon(2), 'change', NO_LINK);
    await settle();
    expect(of('announcement').map(({ announcement }) => announcement.kind)).toEqual(['daemon']);
  });
});

describe('after a reconnection', () => {
  test('everything wanted is flooded anew, under generations that were not used, the Daemon LSA last', async () => {
    await connected();
    transport.announce(daemon(1), 'change', NO_LINK);
    transport.announce(service(2, 'A'), 'change', NO_LINK);
    transport.announce(service(3, 'B'), 'change', NO_LINK);
    await settle();
    transport.withdraw({ kind: 'service', service: 'B' });
    await settle();
    const before = originated();
    ospfd.disconnect('ospfd went away');
    await settle();
    expect(events.at(-1)).toEqual({ type: 'disconnected', reason: 'ospfd went away' });
    expect(transport.lsaId({ kind: 'daemon' })).toBeUndefined();
    ospfd.requests.length = 0;
    ospfd.connect();
    await settle();
    expect(originated()).toEqual(['222.1.0.0', '222.1.1.0']);
    expect(before).not.toContain(originated()[0]);
    expect(deleted()).toEqual([]);
  });

  test('an answer of the old session means nothing in the new one', async () => {
    await connected();
    const { release } = hold();
    transport.announce(service(1), 'change', NO_LINK);
    ospfd.disconnect('gone');
    await settle();
    ospfd.held = Promise.resolve();
    ospfd.connect();
    await settle();
    const lsaId = transport.lsaId({ kind: 'service', service: 'WEB' });
    release();
    await clock.advance(60_000);
    expect(transport.lsaId({ kind: 'service', service: 'WEB' })).toBe(lsaId);
    expect(deleted()).toEqual([]);
  });

  test('what was announced while there was no session goes out', async () => {
    await connected();
    ospfd.disconnect('gone');
    await settle();
    transport.announce(service(9), 'refresh', NO_LINK);
    await settle();
    expect(ospfd.requests).toEqual([]);
    ospfd.connect();
    await settle();
    expect(of('announcement').map(({ announcement }) => announcement)).toEqual([service(9)]);
  });
});

describe('own LSAs of an earlier life', () => {
  test('are delivered and deleted when they are met, and their generations are passed over', async () => {
    ospfd.receive(foreign(OURS, '222.0.0.0', service(5)));
    ospfd.receive(foreign(OURS, '222.1.0.3', service(6, 'GONE')));
    await connected();
    transport.announce(service(1), 'change', NO_LINK);
    await settle();
    expect(of('announcement').map(({ announcement }) => announcement)).toContainEqual(service(5));
    expect(deleted()).toEqual(['222.0.0.0', '222.1.0.3']);
    expect(transport.lsaId({ kind: 'service', service: 'WEB' })).toBe('222.1.0.0');
  });

  test('are deleted also when they come late, after the first neighbour became Full', async () => {
    await connected();
    transport.announce(service(1), 'change', NO_LINK);
    await settle();
    ospfd.receive(foreign(OURS, '222.30.0.0', service(5)));
    await settle();
    expect(deleted()).toEqual(['222.30.0.0']);
    transport.announce(service(2), 'change', NO_LINK);
    await settle();
    expect(transport.lsaId({ kind: 'service', service: 'WEB' })).toBe('222.31.0.0');
  });

  test('with MaxAge their generations are not used while the LSDB holds them', async () => {
    ospfd.expired = [{ ...foreign(OURS, '222.0.0.0', service(5)) }];
    await connected();
    transport.announce(service(1), 'change', NO_LINK);
    await settle();
    expect(transport.lsaId({ kind: 'service', service: 'WEB' })).toBe('222.1.0.0');
  });

  test('one that overwrites our newest LSA makes us flood anew at once', async () => {
    await connected();
    transport.announce(service(1), 'change', NO_LINK);
    await settle();
    ospfd.receive(foreign(OURS, '222.0.0.0', service(5)));
    await clock.advance(0);
    expect(of('announcement').at(-1)?.announcement).toEqual(service(1));
    await clock.advance(11_000);
    expect(deleted()).toEqual(['222.0.0.0']);
  });

  test('an LSA of ours that ospfd flushes by itself is flooded anew, ever less often', async () => {
    await connected();
    transport.announce(service(1), 'change', NO_LINK);
    await settle();
    ospfd.flush(11, address('222.0.0.0'));
    await clock.advance(0);
    expect(originated()).toEqual(['222.0.0.0', '222.1.0.0']);
    for (let flushes = 0; flushes < 600; flushes++) {
      ospfd.flush(11, address(originated().at(-1)!));
      await clock.advance(1000);
    }
    expect(originated().length).toBeGreaterThan(20);
    expect(originated().length).toBeLessThan(30);
    transport.announce(service(2), 'change', NO_LINK);
    await settle();
    ospfd.flush(11, address(originated().at(-1)!));
    await clock.advance(0);
    expect(
      of('announcement')
        .slice(-2)
        .map(({ announcement }) => announcement),
    ).toEqual([service(2), service(2)]);
  });

  test("ospfd's own refresh of an LSA after half an hour is only an echo", async () => {
    await connected();
    transport.announce(service(1), 'change', NO_LINK);
    await settle();
    ospfd.receive(foreign(OURS, '222.0.0.0', service(1)));
    await clock.advance(60_000);
    expect(originated()).toHaveLength(1);
    expect(deleted()).toEqual([]);
  });

  test('opaque LSAs of this node with another opaque type are left alone', async () => {
    await connected();
    ospfd.receive(lsaInstance({ type: 10, linkStateId: address('1.0.0.1'), advertisingRouter: OURS, body: bytes(8) }));
    await clock.advance(60_000);
    expect(ospfd.requests).toEqual([]);
  });
});

describe('stopping', () => {
  test('deletes everything that is out and waits for the answers', async () => {
    await connected();
    transport.announce(service(1), 'change', NO_LINK);
    await settle();
    transport.announce(service(2), 'change', NO_LINK);
    transport.announce(daemon(3), 'change', NO_LINK);
    await settle();
    const { release } = hold();
    let ended = false;
    const stopped = transport.stop().then(() => {
      ended = true;
    });
    await settle();
    expect(ended).toBe(false);
    release();
    await stopped;
    expect(deleted().sort()).toEqual(originated().sort());
    expect(ospfd.stopped).toBe(true);
  });

  test('deletes also what is just going out', async () => {
    await connected();
    transport.announce(service(1), 'change', NO_LINK);
    await transport.stop();
    expect(deleted()).toEqual(['222.0.0.0']);
  });

  test('does not wait for ever for an ospfd that does not answer', async () => {
    await connected();
    transport.announce(service(1), 'change', NO_LINK);
    await settle();
    hold();
    const stopped = transport.stop();
    await clock.advance(3000);
    await stopped;
    expect(ospfd.stopped).toBe(true);
  });

  test('nothing is told or sent afterwards', async () => {
    await connected();
    await transport.stop();
    const count = events.length;
    transport.announce(service(1), 'change', NO_LINK);
    ospfd.receive(foreign(OTHER, '222.0.0.0', service(1)));
    await clock.advance(60_000);
    expect(events).toHaveLength(count);
    expect(ospfd.requests).toEqual([]);
  });
});

test('hundreds of announcements at once all get out, with a limited number of requests under way', async () => {
  await connected();
  const { release } = hold();
  transport.announce(daemon(1), 'change', NO_LINK);
  for (let index = 0; index < 500; index++) transport.announce(service(2, `S${index}`), 'change', NO_LINK);
  await settle();
  expect(ospfd.requests.length).toBeLessThanOrEqual(64 + 1);
  release();
  await settle();
  expect(of('announcement')).toHaveLength(501);
});

function begin(): void {
  events = [];
  notices = [];
  transport = new OspfTransport({
    port: ospfd,
    cluster: 'default',
    store,
    notice: (notice) => notices.push(notice),
    clock,
    addressesOf: (link) => (link === 'eth0' ? ['10.0.0.1'] : []),
    firstGeneration: () => 0,
  });
  transport.start((event) => events.push(event));
}

/** A session with one Full neighbour; what it told so far is forgotten, but for announcements. */
async function connected(): Promise<void> {
  ospfd.neighbourFull(OTHER);
  ospfd.connect();
  await settle();
  events = events.filter(({ type }) => type === 'announcement');
}

/** The daemon is killed; another one takes its place with the same state directory. */
async function anotherLife(): Promise<void> {
  await clock.advance(200);
  ospfd.disconnect('killed');
  await settle();
  ospfd = new FakeOspfd(clock, OURS);
  begin();
  await connected();
}

function hold(): { release: () => void } {
  let release = () => {};
  ospfd.held = new Promise((resolve) => {
    release = resolve;
  });
  return { release };
}

function of<T extends TransportEvent['type']>(type: T): Extract<TransportEvent, { type: T }>[] {
  return events.filter((event): event is Extract<TransportEvent, { type: T }> => event.type === type);
}

function originated(): string[] {
  return ospfd.requests.filter(({ type }) => type === 'originate').map(({ linkStateId }) => formatIpv4(linkStateId));
}

function deleted(): string[] {
  return ospfd.requests.filter(({ type }) => type === 'delete').map(({ linkStateId }) => formatIpv4(linkStateId));
}

function address(text: string): Ipv4 {
  return parseIpv4(text)!;
}

function bytes(length: number): Uint8Array {
  return new Uint8Array(length);
}

function foreign(origin: Ipv4, lsaId: string, announcement: Announcement) {
  const body = encodeBody(announcement, 'default');
  return lsaInstance({ type: 11, linkStateId: address(lsaId), advertisingRouter: origin, body });
}
