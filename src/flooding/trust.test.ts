import { formatIpv4, ipv4, type LsaInstance } from 'ospfapi-shim';
import { beforeEach, describe, expect, test } from 'vitest';
import { encodeBody } from '../lsa/index.js';
import { type Announcement, routerId } from '../model/index.js';
import type { Mark, Trust, TrustMode } from '../trust/index.js';
import { Keys, provable } from '../trust/testing.js';
import { commandAnnouncement, daemonAnnouncement, serviceAnnouncement } from './testing/announcements.js';
import { lsaInstance } from './testing/fake-ospfd.js';
import { flood, Node } from './testing/two-nodes.js';
import { address, NO_LINK } from './testing/world.js';

const A = address('10.0.0.1');
const B = address('10.0.0.2');
/** A router with no key. */
const M = address('10.0.0.9');

const SERVICE = '222.7.0.3';
const DAEMON = '222.7.1.0';
const COMMAND = '222.7.1.1';

let keys: Keys;

beforeEach(() => {
  keys = new Keys(A, B);
});

function in_(epoch: number, announcement: Announcement): Announcement {
  return { ...announcement, sequence: { ...announcement.sequence, epoch } };
}

const service = (counter: number, epoch = 500) => in_(epoch, serviceAnnouncement(counter));
const daemon = (counter: number, epoch = 500) => in_(epoch, daemonAnnouncement(counter));
const command = (nonce: number, epoch = 500) => in_(epoch, commandAnnouncement(nonce));

function lsa(origin: number, lsaId: string, body: Uint8Array): LsaInstance {
  return lsaInstance({ type: 11, linkStateId: address(lsaId), advertisingRouter: ipv4(origin), body });
}

/** As a node with this key floods it. */
function signed(by: Trust, origin: number, lsaId: string, announcement: Announcement): LsaInstance {
  const series = address(lsaId) & 0xffff;
  return lsa(origin, lsaId, by.prove(provable(announcement), { origin: routerId(origin), lsaType: 11, series }));
}

const marks: readonly Mark[] = [{ routerId: routerId(B), epoch: 500, counter: 0, highest: 500 }];

/** A, which remembers B's life. */
function node(mode: TrustMode = 'require', options: Parameters<Keys['trust']>[2] = { marks }): Node {
  return new Node(A, keys.trust(A, mode, options), B);
}

async function hears(node: Node, ...lsas: readonly LsaInstance[]): Promise<string[]> {
  for (const each of lsas) node.receive(each);
  await flood(node);
  return node.heard;
}

describe('two nodes that require proofs', () => {
  test('ask each other once, and hear each other', async () => {
    const a = new Node(A, keys.trust(A), B);
    const b = new Node(B, keys.trust(B), A);
    for (const each of [a, b]) {
      each.transport.announce(service(1), 'change', NO_LINK);
      each.transport.announce(daemon(2), 'change', NO_LINK);
    }
    await flood(a, b);
    expect([...new Set(a.heard)]).toEqual(['service 500.1', 'daemon 500.2']);
    expect([...new Set(b.heard)]).toEqual(['service 500.1', 'daemon 500.2']);
    expect(a.trust.status).toMatchObject({ refused: 0 });
    expect(a.trust.marks).toEqual([{ routerId: routerId(B), epoch: 500, counter: 2, highest: 500 }]);
  });

  test('hear all others where there are more than can be asked at a time', async () => {
    const ids = Array.from({ length: 11 }, (_, index) => address(`10.0.0.${index + 1}`));
    const all = new Keys(...ids);
    const known = ids.map((id) => ({ routerId: routerId(id), epoch: 500, counter: 0, highest: 500 }));
    const nodes = ids.map(
      (id) => new Node(id, all.trust(id, 'require', { marks: id === A ? [] : known }), id === A ? B : A),
    );
    for (const each of nodes) {
      for (const id of ids) if (id !== each.routerId) each.ospfd.reachable.add(id);
      each.transport.announce(daemon(2), 'change', NO_LINK);
    }
    await flood(...nodes);
    const [a] = nodes;
    expect(a?.trust.status.nodes.map(({ standing }) => standing)).toEqual(ids.map(() => 'proven'));
    expect(a?.trust.marks).toHaveLength(ids.length - 1);
  });

  test('ask once, however often somebody is heard who has not answered yet', async () => {
    const a = node('require', { marks: [] });
    a.ospfd.reachable.add(B);
    a.transport.announce(daemon(2), 'change', NO_LINK);
    await flood(a);
    const originations = () => a.ospfd.requests.filter(({ type }) => type === 'originate').length;
    const before = originations();
    for (const counter of [1, 2, 3, 4, 5]) {
      expect(await hears(a, signed(keys.trust(B), B, `222.${counter}.1.0`, daemon(counter)))).toEqual([]);
    }
    expect(originations() - before).toBe(1);
  });

  test('hear their own words come back', async () => {
    const a = node();
    a.transport.announce(service(1), 'change', NO_LINK);
    await flood(a);
    expect(a.events).toContainEqual(expect.objectContaining({ type: 'announcement', origin: routerId(A) }));
  });

  test('go on while one of them changes its key', async () => {
    const a = node();
    const old = keys.of(B);
    await hears(a, signed(keys.trust(B), B, SERVICE, service(1)));
    keys.add(B);
    // The list has both; A has read it, B still signs with its old key, then with the new one.
    a.trust.reload('require', keys.of(A));
    a.transport.trustChanged();
    await hears(a, signed(keys.trust(B, 'require', { keys: old }), B, SERVICE, service(2)));
    await hears(a, signed(keys.trust(B), B, SERVICE, service(3)));
    expect(new Set(a.heard)).toEqual(new Set(['service 500.1', 'service 500.2', 'service 500.3']));
    expect(a.trust.status).toMatchObject({ refused: 0 });
  });

  test('hear a key no longer that is not listed any more', async () => {
    const a = node();
    await hears(a, signed(keys.trust(B), B, SERVICE, service(1)));
    a.trust.reload('require', { ...keys.of(A), listed: [] });
    a.transport.trustChanged();
    await flood(a);
    expect(a.heard).toEqual(['service 500.1', 'service 500.1 withdrawn']);
  });

  test('hear it no longer either while somebody who has it floods without end', async () => {
    const a = new Node(A, keys.trust(A, 'require', { marks }), B, { intakeLimit: { burst: 1, perSecond: 100 } });
    await hears(a, signed(keys.trust(B), B, SERVICE, service(1)));
    a.trust.reload('require', { ...keys.of(A), listed: [] });
    a.transport.trustChanged();
    // What was heard has to wait to be judged anew, and this takes its place.
    a.receive(signed(keys.trust(B), B, SERVICE, service(2)));
    await a.clock.advance(1000);
    expect(a.heard).toEqual(['service 500.1', 'service 500.1 withdrawn']);
  });
});

describe('of a router without a key', () => {
  test.each<[string, LsaInstance]>([
    ['nothing without a proof is heard', lsa(B, SERVICE, encodeBody(service(9), 'default'))],
    ['no command without a proof', lsa(B, COMMAND, encodeBody(command(9), 'default'))],
    ['nothing in its own name', lsa(M, SERVICE, encodeBody(service(9), 'default'))],
    ['no epoch at the end of the range', lsa(B, DAEMON, encodeBody(daemon(1, 4_294_901_760), 'default'))],
    ['no body that is malformed', lsa(B, DAEMON, Uint8Array.of(1, 2, 3))],
  ])('%s', async (_what, forged) => {
    const a = node();
    expect(await hears(a, forged)).toEqual([]);
    expect(a.trust.status).toMatchObject({ refused: 1, nodes: [{ refused: 1, lastRefusal: 'unsigned' }] });
    expect(a.notices).toEqual([expect.objectContaining({ type: 'not-proven', why: 'unsigned', believed: false })]);
    expect(a.trust.marks).toEqual(marks);
  });

  test('nothing is heard that another key has signed', async () => {
    const other = new Keys(A, B).trust(B);
    const a = node();
    expect(await hears(a, signed(other, B, SERVICE, service(9)))).toEqual([]);
    expect(a.trust.status.nodes).toMatchObject([{ routerId: '10.0.0.2', lastRefusal: 'unknown-key' }]);
  });

  test('no byte of a signed announcement can be changed', async () => {
    const a = node();
    const real = signed(keys.trust(B), B, SERVICE, service(9));
    for (let offset = 0; offset < real.body.length; offset += 3) {
      await hears(a, { ...real, body: real.body.with(offset, real.body[offset]! ^ 0x55) });
    }
    expect(a.heard).toEqual([]);
    // The checksum is not under the proof: a body with another one is malformed.
    expect(a.trust.status.refused + a.transport.counters.malformed).toBe(Math.ceil(real.body.length / 3));
  });

  test('words of one node are not those of another, nor of another service number, area or cluster', async () => {
    const a = node();
    const { body } = signed(keys.trust(B), B, SERVICE, service(9));
    const elsewhere = { ...lsa(B, SERVICE, body), header: { ...lsa(B, SERVICE, body).header, type: 10 } };
    const otherCluster = keys.trust(B, 'require', { cluster: 'other' });
    await hears(a, lsa(A, SERVICE, body), lsa(M, SERVICE, body), lsa(B, '222.7.0.4', body), elsewhere);
    await hears(a, signed(otherCluster, B, SERVICE, service(9)));
    expect(a.heard).toEqual([]);
    expect(a.trust.status.refused).toBe(5);
  });

  test('a forged instance of an LSA does not withdraw what its node said', async () => {
    const a = node();
    await hears(a, signed(keys.trust(B), B, SERVICE, service(1)));
    await hears(a, lsa(B, SERVICE, encodeBody(service(9), 'default')));
    expect(a.heard).toEqual(['service 500.1']);
  });

  test('its forged words in our own name raise no epoch, and ours go out anew', async () => {
    const a = node();
    a.transport.announce(service(1), 'change', NO_LINK);
    await flood(a);
    const before = a.ospfd.requests.length;
    a.receive({ ...a.out[0]!, body: encodeBody(service(1, 4_000_000_000), 'default') });
    await a.clock.advance(1);
    expect(
      a.events.filter((event) => event.type === 'announcement' && event.announcement.sequence.epoch !== 500),
    ).toEqual([]);
    expect(a.ospfd.requests.slice(before).map(({ type }) => type)).toContain('originate');
  });

  test('a deletion is believed: it says that a node does not offer something, and the node says it again', async () => {
    const a = node();
    const real = signed(keys.trust(B), B, SERVICE, service(1));
    await hears(a, real);
    a.receive({ ...real, header: { ...real.header, age: 3600 } });
    await hears(a, signed(keys.trust(B), B, '222.8.0.3', service(1)));
    expect(a.heard).toEqual(['service 500.1', 'service 500.1 withdrawn', 'service 500.1']);
  });
});

describe('replayed', () => {
  test('words of an earlier life are not heard, also not after our own restart', async () => {
    const a = node();
    const b = keys.trust(B);
    await hears(a, signed(b, B, DAEMON, daemon(1)), signed(b, B, SERVICE, service(2, 400)));
    await hears(a, signed(b, B, '222.8.1.0', daemon(9, 400)));
    expect(a.heard).toEqual(['daemon 500.1']);
    const later = node('require', { marks: a.trust.marks });
    expect(await hears(later, signed(b, B, SERVICE, service(2, 400)), signed(b, B, DAEMON, daemon(9, 400)))).toEqual(
      [],
    );
  });

  test('an old Daemon announcement of the present life is not heard after our own restart', async () => {
    const a = node('require', { marks: [{ routerId: routerId(B), epoch: 500, counter: 7, highest: 500 }] });
    expect(await hears(a, signed(keys.trust(B), B, DAEMON, daemon(6)))).toEqual([]);
    expect(a.trust.status.refused).toBe(0);
    // Nor does it say anything of the node: what that says itself is proven.
    await hears(a, signed(keys.trust(B), B, '222.8.1.0', daemon(8)), signed(keys.trust(B), B, DAEMON, daemon(7)));
    expect(a.trust.status.nodes).toMatchObject([{ standing: 'proven' }]);
  });

  test('words of a node of which nothing is remembered are not heard before it answers', async () => {
    const a = node('require', { marks: [] });
    a.transport.announce(daemon(1), 'change', NO_LINK);
    const b = keys.trust(B);
    expect(await hears(a, signed(b, B, SERVICE, service(2)), signed(b, B, DAEMON, daemon(9)))).toEqual([]);
    expect(a.trust.status).toMatchObject({
      refused: 0,
      nodes: [{ standing: 'proven' }, { routerId: '10.0.0.2', standing: 'asked' }],
    });
  });

  test('a command that was signed long ago is not heard', async () => {
    const a = node();
    const then = keys.trust(B, 'require', { unixSeconds: () => 699 });
    const justThen = keys.trust(B, 'require', { unixSeconds: () => 700 });
    await hears(a, signed(then, B, COMMAND, command(1)));
    await hears(a, signed(justThen, B, '222.8.1.1', command(2)));
    expect(a.heard).toEqual(['command 500.2']);
    expect(a.trust.status.nodes).toMatchObject([{ lastRefusal: 'late-command' }]);
  });

  test('a command is not heard that was signed long before the newest words of its node', async () => {
    const a = node();
    const before = keys.trust(B, 'require', { unixSeconds: () => 879 });
    const justBefore = keys.trust(B, 'require', { unixSeconds: () => 880 });
    const now = keys.trust(B, 'require', { unixSeconds: () => 900 });
    await hears(a, signed(now, B, DAEMON, daemon(5)));
    // An older Daemon announcement that is flooded again makes nothing newer.
    await hears(a, signed(justBefore, B, '222.9.1.0', daemon(4)), signed(before, B, COMMAND, command(1)));
    await hears(a, signed(justBefore, B, '222.8.1.1', command(2)));
    expect(a.heard).toEqual(['daemon 500.5', 'command 500.2']);
    expect(a.trust.status.nodes).toMatchObject([{ lastRefusal: 'late-command' }]);
  });

  test('a node whose clock is set back signs its Daemon announcement by the new one with the next words', async () => {
    let now = 900;
    const a = new Node(A, keys.trust(A, 'require', { unixSeconds: () => now }), B);
    a.transport.announce(daemon(1), 'change', NO_LINK);
    await flood(a);
    const originations = () => a.ospfd.requests.filter(({ type }) => type === 'originate').length;
    const before = originations();
    now = 800;
    a.transport.announce(command(2), 'change', NO_LINK);
    await flood(a);
    expect(originations() - before).toBe(2);
  });
});

describe('sign', () => {
  test('proves what goes out, and hears everybody; who does not sign is shown', async () => {
    const a = node('sign');
    a.transport.announce(service(1), 'change', NO_LINK);
    await hears(a, lsa(B, SERVICE, encodeBody(service(2), 'default')), signed(keys.trust(B), B, DAEMON, daemon(3)));
    expect(a.heard).toEqual(['service 500.2', 'daemon 500.3']);
    await hears(a, lsa(B, SERVICE, encodeBody(service(4), 'default')));
    expect(a.trust.status.nodes).toMatchObject([
      { routerId: '10.0.0.1', standing: 'proven' },
      { routerId: '10.0.0.2', standing: 'unsigned', refused: 2 },
    ]);
    const other = new Node(B, keys.trust(B, 'require', { marks: [{ ...marks[0]!, routerId: routerId(A) }] }), A);
    expect(await hears(other, ...a.out)).toEqual(['service 500.1']);
  });

  test('is understood by a node without keys, which is not heard where proofs are required', async () => {
    const plain = node('off', { keys: null });
    expect(await hears(plain, signed(keys.trust(B), B, SERVICE, service(1)))).toEqual(['service 500.1']);
    plain.transport.announce(service(1), 'change', NO_LINK);
    await flood(plain);
    expect(await hears(new Node(B, keys.trust(B), A), ...plain.out)).toEqual([]);
  });

  test('becomes require without a new session: who does not sign is not heard any more', async () => {
    const a = node('sign');
    await hears(a, lsa(B, SERVICE, encodeBody(service(2), 'default')));
    a.trust.reload('require', keys.of(A));
    a.transport.trustChanged();
    await flood(a);
    expect(a.heard).toEqual(['service 500.2', 'service 500.2 withdrawn']);
    expect(a.out.every(({ header }) => formatIpv4(header.linkStateId).startsWith('222.'))).toBe(true);
  });
});
