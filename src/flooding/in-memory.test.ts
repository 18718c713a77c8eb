import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { type RouterId, routerId, type TransportEvent } from '../cluster/index.js';
import type { InMemoryTransport } from './in-memory.js';
import { InMemoryNetwork } from './in-memory-network.js';
import { daemonAnnouncement as daemon, serviceAnnouncement as service } from './testing/announcements.js';

const [A, B, C] = [routerId(1), routerId(2), routerId(3)];
const WEB = { kind: 'service', service: 'WEB' } as const;

let network: InMemoryNetwork;
let transports: Map<RouterId, InMemoryTransport>;
let events: Map<RouterId, TransportEvent[]>;

beforeEach(() => {
  network = new InMemoryNetwork();
  transports = new Map();
  events = new Map();
});

test('a session begins with everything known and ends its beginning with synced', () => {
  nodes(A, B);
  announce(A, 1);
  network.addRouter(C);
  network.settle();
  network.killDaemon(B);
  network.settle();
  start(B);
  network.settle();
  expect(heard(B).map(({ type }) => type)).toEqual([
    'connected',
    'reachability',
    'announcement',
    'neighbours',
    'synced',
  ]);
  expect(heard(B)[1]).toEqual({ type: 'reachability', added: [A, C], removed: [] });
});

test('an announcement reaches everyone, its origin too, and only when it is delivered', () => {
  nodes(A, B, C);
  announce(A, 1);
  expect(counters(B)).toEqual([]);
  network.settle();
  for (const node of [A, B, C]) expect(counters(node)).toEqual([1]);
});

test('deliveries can be made in any order', () => {
  nodes(A, B);
  announce(A, 1);
  announce(A, 2);
  while (network.step(network.pending.length - 1));
  expect(counters(B)).toEqual([2, 1]);
});

test('a refresh stays under its link state ID, a change takes a new one, and the old one goes after 11 s', () => {
  nodes(A, B);
  announce(A, 1);
  network.settle();
  const first = transport(A).lsaId(WEB);
  transport(A).announce(service(2), 'refresh');
  expect(transport(A).lsaId(WEB)).toBe(first);
  announce(A, 3);
  expect(transport(A).lsaId(WEB)).not.toBe(first);
  network.advance(10_999);
  network.settle();
  expect(withdrawn(B)).toEqual([]);
  network.advance(1);
  network.settle();
  expect(withdrawn(B)).toEqual([2]);
});

test('withdrawing deletes every generation', () => {
  nodes(A, B);
  announce(A, 1);
  announce(A, 2);
  network.settle();
  transport(A).withdraw(WEB);
  network.settle();
  expect(withdrawn(B).sort()).toEqual([1, 2]);
  network.advance(60_000);
  expect(network.pending).toEqual([]);
});

describe('when links fail', () => {
  test('a node that is cut off is unreachable, has no neighbours, and hears nothing', () => {
    nodes(A, B, C);
    network.isolate(A);
    network.settle();
    forget();
    announce(B, 1);
    network.settle();
    expect(heard(A)).toEqual([]);
    network.healAll();
    network.settle();
    expect(heard(A)).toContainEqual({ type: 'neighbours', full: 2 });
    expect(counters(A)).toEqual([1]);
  });

  test('reachability is told at both ends', () => {
    nodes(A, B);
    forget();
    network.cut(A, B);
    network.settle();
    expect(heard(A)).toEqual([
      { type: 'neighbours', full: 0 },
      { type: 'reachability', added: [], removed: [B] },
    ]);
    expect(heard(B)).toContainEqual({ type: 'reachability', added: [], removed: [A] });
  });

  test('a node is reached over several hops', () => {
    add(A, []);
    network.addRouter(C, [A]);
    add(B, [C]);
    network.settle();
    announce(A, 1);
    network.settle();
    expect(counters(B)).toEqual([1]);
    forget();
    network.cut(A, C);
    network.settle();
    expect(heard(B)).toEqual([{ type: 'reachability', added: [], removed: [A] }]);
  });

  test('in a partition each side hears its own, and afterwards both hear all', () => {
    nodes(A, B, C);
    network.partition([A], [B, C]);
    network.settle();
    announce(B, 7);
    network.settle();
    expect([counters(A), counters(C)]).toEqual([[], [7]]);
    network.healAll();
    network.settle();
    expect(counters(A)).toEqual([7]);
  });

  test('announcements without a neighbour wait, the newest goes out, and Daemon announcements go last', () => {
    nodes(A, B);
    network.isolate(A);
    network.settle();
    transport(A).announce(daemon(5), 'change');
    announce(A, 6);
    announce(A, 7);
    network.settle();
    expect(counters(A)).toEqual([]);
    network.healAll();
    network.settle();
    expect(counters(B)).toEqual([7, 5]);
  });

  test('what is on its way over a link that fails comes another way', () => {
    nodes(A, B, C);
    announce(A, 1);
    network.cut(A, B);
    // C has it before it is lost between A and B, and has not sent it to B, because A was doing so.
    network.step(network.pending.findIndex(({ to, text }) => to === C && text.startsWith('service')));
    network.settle();
    expect(counters(B)).toEqual([1]);
  });
});

describe('when something dies', () => {
  test('a killed daemon is withdrawn by its ospfd, and hears nothing more', () => {
    nodes(A, B);
    announce(A, 1);
    network.settle();
    forget();
    network.killDaemon(A);
    announce(A, 2);
    network.settle();
    expect(heard(B).map(({ type }) => type)).toEqual(['withdrawal']);
    expect(heard(A)).toEqual([]);
  });

  test('a stopped transport is withdrawn', async () => {
    nodes(A, B);
    announce(A, 1);
    network.settle();
    await transport(A).stop();
    network.settle();
    expect(withdrawn(B)).toEqual([1]);
  });

  test('without ospfd the daemon is disconnected, and its announcements stay with the others', () => {
    nodes(A, B);
    announce(A, 1);
    network.settle();
    forget();
    network.killOspfd(A);
    network.settle();
    expect(heard(A)).toEqual([{ type: 'disconnected', reason: 'ospfd went away' }]);
    expect(heard(B)).toEqual([
      { type: 'neighbours', full: 0 },
      { type: 'reachability', added: [], removed: [A] },
    ]);
  });

  test('when ospfd is back, everything is flooded anew and what was left of before is withdrawn', () => {
    nodes(A, B);
    announce(A, 1);
    network.settle();
    network.killOspfd(A);
    network.settle();
    forget();
    network.startOspfd(A);
    network.settle();
    expect(heard(A)[0]).toEqual({ type: 'connected', routerId: A });
    expect(counters(B)).toEqual([1]);
    expect(withdrawn(B)).toEqual([1]);
    expect(transport(A).lsaId(WEB)).toBe('222.1.0.0');
  });
});

test('whatever happens in whatever order: at rest, all who are joined know the same', () => {
  fc.assert(fc.property(fc.array(action, { maxLength: 60 }), fc.infiniteStream(fc.nat()), agreesAtRest));
});

type Action =
  | { do: 'announce'; node: number }
  | { do: 'withdraw' | 'isolate' | 'kill-ospfd' | 'start-ospfd'; node: number }
  | { do: 'cut' | 'heal'; node: number; other: number }
  | { do: 'deliver' | 'advance'; count: number };

const index = fc.integer({ min: 0, max: 3 });
const action: fc.Arbitrary<Action> = fc.oneof(
  fc.record({ do: fc.constantFrom('announce', 'announce', 'withdraw', 'isolate', 'kill-ospfd'), node: index }),
  fc.record({ do: fc.constantFrom('start-ospfd', 'start-ospfd'), node: index }),
  fc.record({ do: fc.constantFrom('cut', 'heal', 'heal'), node: index, other: index }),
  fc.record({ do: fc.constantFrom('deliver', 'deliver', 'advance'), count: fc.nat(40) }),
) as fc.Arbitrary<Action>;

function agreesAtRest(actions: Action[], choices: IterableIterator<number>): void {
  network = new InMemoryNetwork();
  transports = new Map();
  events = new Map();
  const ids = [1, 2, 3, 4].map(routerId);
  nodes(...ids);
  const down = new Set<RouterId>();
  let counter = 0;
  for (const next of actions) {
    const node = 'node' in next ? ids[next.node]! : A;
    switch (next.do) {
      case 'announce':
        transport(node).announce(service(++counter), 'change');
        break;
      case 'withdraw':
        transport(node).withdraw(WEB);
        break;
      case 'isolate':
        network.isolate(node);
        break;
      case 'kill-ospfd':
        if (!down.has(node)) network.killOspfd(node);
        down.add(node);
        break;
      case 'start-ospfd':
        if (down.delete(node)) network.startOspfd(node);
        break;
      case 'cut':
      case 'heal':
        if (next.node !== next.other) network[next.do](node, ids[next.other]!);
        break;
      case 'deliver':
        for (let count = 0; count < next.count && network.pending.length > 0; count++) {
          network.step(choices.next().value % network.pending.length);
        }
        break;
      case 'advance':
        network.advance(next.count * 1000);
    }
  }
  network.healAll();
  for (const node of down) network.startOspfd(node);
  for (let round = 0; round < 3; round++) {
    while (network.pending.length > 0) network.step(choices.next().value % network.pending.length);
    network.advance(11_000);
  }
  for (const node of ids) expect(known(node)).toEqual(known(A));
  for (const origin of ids) {
    const own = [...known(A)].filter(([key]) => key.startsWith(`${origin}/`));
    expect(own.map(([key]) => key.split('/')[1])).toEqual([transport(origin).lsaId(WEB)].filter((id) => id));
  }
}

/** What the node would show as current: everything announced in this session and not withdrawn. */
function known(node: RouterId): Map<string, number> {
  const current = new Map<string, number>();
  for (const event of heard(node)) {
    if (event.type === 'connected') current.clear();
    if (event.type === 'announcement')
      current.set(`${event.origin}/${event.lsaId}`, event.announcement.sequence.counter);
    if (event.type === 'withdrawal') current.delete(`${event.origin}/${event.lsaId}`);
  }
  return new Map([...current].sort());
}

function nodes(...routers: RouterId[]): void {
  for (const router of routers) add(router);
  network.settle();
}

function add(router: RouterId, linkedTo?: RouterId[]): void {
  network.addRouter(router, linkedTo);
  start(router);
}

function start(router: RouterId): void {
  const own: TransportEvent[] = [];
  const created = network.transport(router);
  transports.set(router, created);
  events.set(router, own);
  created.start((event) => own.push(event));
}

function announce(node: RouterId, counter: number): void {
  transport(node).announce(service(counter), 'change');
}

function transport(node: RouterId): InMemoryTransport {
  return transports.get(node)!;
}

function heard(node: RouterId): TransportEvent[] {
  return events.get(node)!;
}

function forget(): void {
  for (const own of events.values()) own.length = 0;
}

function counters(node: RouterId): number[] {
  return heard(node).flatMap((event) => (event.type === 'announcement' ? [event.announcement.sequence.counter] : []));
}

function withdrawn(node: RouterId): number[] {
  return heard(node).flatMap((event) => (event.type === 'withdrawal' ? [event.sequence.counter] : []));
}
