import { describe, expect, it } from 'vitest';
import { NOTHING_PERSISTED_OF_NODE, routerId, type ServiceDefinition } from '../../model/index.js';
import { Engine } from '../engine.js';
import type { Effect } from '../state/index.js';
import { daemonSaid, serviceSaid, TEST_SETTINGS, testDefinition } from '../testing.js';

const PEER = routerId(0x0a000002);

/** A node with so many services, each with one address. */
class Node {
  readonly told: (Effect & { type: 'route-way' })[] = [];
  /** The capabilities that its Daemon announcements told. */
  readonly capabilities: number[] = [];
  readonly #engine: Engine;

  constructor(services: number, announce: 'auto' | 'stub' | 'external' = 'auto') {
    this.#engine = new Engine({ ...TEST_SETTINGS, announce });
    const begin = { persistedNode: NOTHING_PERSISTED_OF_NODE, persistedServices: new Map(), unixSeconds: 1 };
    this.#handle({ type: 'begin', definitions: definitions(services), ...begin });
    this.#handle({ type: 'connected', routerId: routerId(0x0a000001) });
    this.#handle({ type: 'synced' });
    this.#handle({ type: 'neighbours', full: 1 });
    this.#handle({ type: 'timer', timer: { kind: 'join' } });
  }

  configure(services: number, change: Partial<ServiceDefinition> = {}): void {
    this.#handle({ type: 'configure', definitions: definitions(services).map((one) => ({ ...one, ...change })) });
  }

  hear(capabilities: number, counter: number): void {
    this.#handle({ type: 'reachability', added: [PEER], removed: [] });
    const announcement = daemonSaid({ sequence: { epoch: 1, counter }, rulesVersion: 2, capabilities });
    this.#handle({ type: 'announcement', origin: PEER, lsaId: `222.${counter}.1.0`, ageSeconds: 1, announcement });
  }

  /** The peer announces so many, the first of which is ours too. */
  hearServices(count: number, change: Partial<ServiceDefinition> = {}): void {
    for (const [index, plain] of definitions(count).entries()) {
      const definition = { ...plain, ...change };
      const announcement = serviceSaid(definition, { sequence: { epoch: 1, counter: 100 + index } });
      this.#handle({ type: 'announcement', origin: PEER, lsaId: `222.1.2.${index}`, ageSeconds: 1, announcement });
    }
  }

  /** The peer withdraws all but so many of so many. */
  withdrawServices(from: number, to: number): void {
    for (const [index, { name }] of definitions(from).entries()) {
      const withdrawn = {
        subject: { kind: 'service', service: name },
        sequence: { epoch: 1, counter: 100 + index },
      } as const;
      if (index >= to) this.#handle({ type: 'withdrawal', origin: PEER, lsaId: `222.1.2.${index}`, ...withdrawn });
    }
  }

  shutDown(): void {
    this.#handle({ type: 'shutdown' });
  }

  lose(): void {
    this.#handle({ type: 'reachability', added: [], removed: [PEER] });
  }

  ways(): string[] {
    return this.told.map(({ way, addresses }) => `${way} ${addresses.length}`);
  }

  #handle(event: Parameters<Engine['handle']>[0]): void {
    for (const effect of this.#engine.handle(event, 1_000)) {
      if (effect.type === 'route-way') this.told.push(effect);
      if (effect.type === 'announce' && effect.announcement.kind === 'daemon')
        this.capabilities.push(effect.announcement.capabilities);
      if (effect.type !== 'run') continue;
      const { service, primitive, run } = effect;
      const outcome = { result: 'succeeded', output: '' } as const;
      this.#handle({ type: 'primitive-ended', service, primitive, run, outcome, unixSeconds: 1 });
    }
  }
}

/** What a node says that takes AS-external LSAs for routes, and announces its own addresses as stub links or in such LSAs. */
const STUB = 1;
const EXTERNAL = 3;

function definitions(count: number): ServiceDefinition[] {
  return Array.from({ length: count }, (_, index) =>
    testDefinition(`S${index}`, { addresses: [`172.16.16.${index}`] }),
  );
}

describe('addresses are announced', () => {
  it('as stub links while they are few, and in AS-external LSAs when they are many, with a margin between', () => {
    const node = new Node(32);
    expect(node.ways()).toEqual([]);
    node.configure(33);
    node.configure(17);
    node.configure(16);
    node.configure(32);
    expect(node.ways().filter((way, index, all) => way !== all[index - 1])).toEqual([
      'external 33',
      'external 17',
      'external 16',
      'stub 16',
    ]);
  });

  it('as the configuration says, however many they are', () => {
    expect(new Node(100, 'stub').ways()).toEqual([]);
    expect([...new Set(new Node(1, 'external').ways())]).toEqual(['external 1']);
  });

  it('by how many there are in the cluster, which all nodes know, whatever is configured here', () => {
    const node = new Node(1);
    node.hear(1, 1);
    node.hearServices(31);
    expect(node.ways()).toEqual([]);
    node.hearServices(33);
    expect(node.ways()).toEqual(['external 1']);
  });

  it.each([
    ['are withdrawn', (node: Node) => node.withdrawServices(40, 16)],
    ['are on a node that cannot be reached', (node: Node) => node.lose()],
  ])('by how many are announced: not by those that %s', (_, happens) => {
    const node = new Node(1);
    node.hear(STUB, 1);
    node.hearServices(40);
    happens(node);
    expect(node.ways()).toEqual(['external 1', 'stub 1']);
  });

  it.each([
    ['reach only one area', { scope: 'area' }],
    ['are not to be announced here', { autoActivate: false }],
    ['are disabled here', { enabled: false }],
  ] as const)('by how many all nodes hear of: not by those that %s', (_, change) => {
    const node = new Node(0);
    node.configure(40, change);
    expect(node.ways()).toEqual([]);
  });

  it('by a node that comes back between the limits as by those that it finds, whichever way that is', () => {
    const among = (capabilities: number) => {
      const node = new Node(1);
      node.hear(capabilities, 1);
      node.hearServices(20);
      return node.ways();
    };
    expect(among(EXTERNAL)).toEqual(['external 1']);
    expect(among(STUB)).toEqual([]);
  });

  it('as stub links when they have become few, whatever the others still say', () => {
    const node = new Node(1);
    node.hear(EXTERNAL, 1);
    node.hearServices(20);
    node.withdrawServices(20, 16);
    expect(node.ways()).toEqual(['external 1', 'stub 1']);
  });

  it('in AS-external LSAs to the end, by a node that withdraws what it has', () => {
    const node = new Node(33);
    node.shutDown();
    expect([...new Set(node.ways())]).toEqual(['external 33']);
  });

  it('in the way that the Daemon announcement tells the others', () => {
    const node = new Node(1);
    node.hear(STUB, 1);
    node.hearServices(33);
    node.lose();
    expect(node.capabilities.filter((one, index, all) => one !== all[index - 1])).toEqual([STUB, EXTERNAL, STUB]);
  });

  it('as stub links as long as a node can be reached that knows no others', () => {
    const node = new Node(100);
    node.told.splice(0);
    node.hear(0, 1);
    expect(node.ways()).toEqual(['stub 100']);
    node.hear(1, 2);
    expect(node.ways()).toEqual(['stub 100', 'external 100']);
    node.hear(0, 3);
    node.lose();
    expect(node.ways()).toEqual(['stub 100', 'external 100', 'stub 100', 'external 100']);
  });
});
