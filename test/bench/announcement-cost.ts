import { type Announcement, Engine, routerId, type ServiceDefinition } from '../../src/cluster/index.js';
import { TEST_SETTINGS, testDefinition } from '../../src/cluster/testing.js';

/**
 * What it costs the core to handle one announcement, with 10, 100 and 1,000 services on five nodes. The cost must not
 * grow with the cluster.
 */
export interface Cost {
  readonly services: number;
  /** Microseconds, in the round that the machine's other work disturbed least. */
  readonly perAnnouncementUs: number;
}

const SIZES = [10, 100, 1000];
const ROUNDS = 15;
const ANNOUNCEMENTS = 2000;

/** Measures all sizes in turn, several rounds, so that a noisy moment of the machine does not hit one of them alone. */
export function measureAnnouncementCost(): Cost[] {
  const worlds = SIZES.map((services) => new Cluster(services));
  const samples = worlds.map(() => [] as number[]);
  for (let round = 0; round < ROUNDS; round++) {
    worlds.forEach((world, index) => {
      samples[index]?.push(world.handleSome(ANNOUNCEMENTS));
    });
  }
  return SIZES.map((services, index) => ({ services, perAnnouncementUs: Math.min(...(samples[index] ?? [])) }));
}

/** One node's engine that knows four others, each with all services. */
class Cluster {
  private readonly engine = new Engine(TEST_SETTINGS);
  private readonly definitions: readonly ServiceDefinition[];
  private counter = 0;
  private nowMs = 0;

  constructor(services: number) {
    this.definitions = Array.from({ length: services }, (_, index) =>
      testDefinition(`S${index}`, { addresses: [`10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`] }),
    );
    this.engine.handle(
      {
        type: 'begin',
        definitions: this.definitions,
        persistedNode: { epoch: 0, standby: false },
        persistedServices: new Map(),
        unixSeconds: 1,
      },
      0,
    );
    this.engine.handle({ type: 'connected', routerId: routerId(1) }, 0);
    this.engine.handle({ type: 'synced' }, 0);
    this.engine.handle({ type: 'neighbours', full: 1 }, 0);
    this.engine.handle({ type: 'reachability', added: [2, 3, 4, 5].map(routerId), removed: [] }, 0);
    this.engine.handle({ type: 'timer', timer: 'join' }, 2_000);
    for (let index = 0; index < services * 4; index++) this.hear(index);
  }

  /** Microseconds per announcement. */
  handleSome(count: number): number {
    const start = process.hrtime.bigint();
    for (let index = 0; index < count; index++) this.hear(index * 7);
    return Number(process.hrtime.bigint() - start) / 1000 / count;
  }

  private hear(index: number): void {
    this.nowMs += 1;
    const definition = this.definitions[index % this.definitions.length];
    if (definition === undefined) return;
    const origin = routerId(2 + (index % 4));
    const event = { type: 'announcement', origin, lsaId: '222.0.0.0', ageSeconds: 1 } as const;
    this.engine.handle({ ...event, announcement: this.announce(definition) }, this.nowMs);
  }

  private announce(definition: ServiceDefinition): Announcement {
    this.counter += 1;
    return {
      kind: 'service',
      sequence: { epoch: 1, counter: this.counter },
      definition,
      preference: 100,
      runState: this.counter % 2 === 0 ? 'stopped' : 'started',
      standby: false,
      joining: false,
      pinned: false,
      claim: this.counter % 2,
      assent: null,
      failure: null,
      checkIntervalMs: 0,
      checkStamp: 0,
      definitionHash: definition.hash,
    };
  }
}
