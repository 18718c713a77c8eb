import { describe, expect, it } from 'vitest';
import { NOTHING_PERSISTED_OF_NODE, routerId, type ServiceDefinition } from '../../model/index.js';
import { Engine } from '../engine.js';
import type { Effect } from '../state/index.js';
import { daemonSaid, serviceSaid, TEST_SETTINGS, testDefinition } from '../testing.js';

const PEER = routerId(0x0a000002);

/** A node with so many services, each with one address. */
class Node {
  readonly told: (Effect & { type: 'route-way' })[] = [];
  readonly #engine: Engine;

  constructor(services: number, announce: 'auto' | 'stub' | 'external' = 'auto') {
    this.#engine = new Engine({ ...TEST_SETTINGS, announce });
    const begin = { persistedNode: NOTHING_PERSISTED_OF_NODE, persistedServices: new Map(), unixSeconds: 1 };
    this.#handle({ type: 'begin', definitions: definitions(services), ...begin });
    this.#handle({ type: 'connected', routerId: routerId(0x0a000001) });
    this.#handle({ type: 'synced' });
    this.#handle({ type: 'neighbours', full: 1 });
  }

  configure(services: number): void {
    this.#handle({ type: 'configure', definitions: definitions(services) });
  }

  hear(capabilities: number, counter: number): void {
    this.#handle({ type: 'reachability', added: [PEER], removed: [] });
    const announcement = daemonSaid({ sequence: { epoch: 1, counter }, rulesVersion: 2, capabilities });
    this.#handle({ type: 'announcement', origin: PEER, lsaId: `222.${counter}.1.0`, ageSeconds: 1, announcement });
  }

  /** The peer announces so many, the first of which is ours too. */
  hearServices(count: number): void {
    for (const [index, definition] of definitions(count).entries()) {
      const announcement = serviceSaid(definition, { sequence: { epoch: 1, counter: 100 + index } });
      this.#handle({ type: 'announcement', origin: PEER, lsaId: `222.1.2.${index}`, ageSeconds: 1, announcement });
    }
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
      if (effect.type !== 'run') continue;
      const { service, primitive, run } = effect;
      const outcome = { result: 'succeeded', output: '' } as const;
      this.#handle({ type: 'primitive-ended', service, primitive, run, outcome, unixSeconds: 1 });
    }
  }
}

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
