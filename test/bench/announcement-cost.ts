import { Engine } from '../../src/cluster/index.js';
import { TEST_SETTINGS, testDefinition } from '../../src/cluster/testing.js';
import { type Announcement, routerId, type ServiceDefinition } from '../../src/model/index.js';
import { entriesLookedAt } from './entries-looked-at.js';

/**
 * What it costs the core to handle one announcement, with 10, 100 and 1,000 services on five nodes. The cost must not
 * grow with the cluster.
 */
export interface Cost {
  readonly services: number;
  /** Entries of the core's maps and sets that it looks at. */
  readonly entries: number;
  /** Microseconds, in the round that the machine's other work disturbed least. */
  readonly us: number;
}

const SIZES = [10, 100, 1000];
const ROUNDS = 15;
const ANNOUNCEMENTS = 2000;
/** Of each service four nodes announce in turn that it is started there, and then that it is not. */
const CYCLE = 8;

/** Measures all sizes in turn, several rounds, so that a noisy moment of the machine does not hit one of them alone. */
export function measureAnnouncementCost(): Cost[] {
  const worlds = SIZES.map((services) => new Cluster(services));
  const samples = worlds.map(() => [] as number[]);
  for (let round = 0; round < ROUNDS; round++) {
    worlds.forEach((world, index) => {
      samples[index]?.push(microseconds(() => world.hearSome(ANNOUNCEMENTS)) / ANNOUNCEMENTS);
    });
  }
  const costs: Cost[] = [];
  for (const [index, world] of worlds.entries()) {
    const cycle = world.services * CYCLE;
    const entries = entriesLookedAt(() => world.hearSome(cycle)) / cycle;
    costs.push({ services: world.services, entries, us: Math.min(...(samples[index] ?? [])) });
  }
  return costs;
}

function microseconds(happen: () => void): number {
  const start = process.hrtime.bigint();
  happen();
  return Number(process.hrtime.bigint() - start) / 1000;
}

/** One node's engine that knows four others, each with all services. */
class Cluster {
  private readonly engine = new Engine(TEST_SETTINGS);
  private readonly definitions: readonly ServiceDefinition[];
  private heard = 0;

  constructor(readonly services: number) {
    this.definitions = Array.from({ length: services }, (_, index) =>
      testDefinition(`S${index}`, { addresses: [`10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`] }),
    );
    this.engine.handle(
      {
        type: 'begin',
        definitions: this.definitions,
        persistedNode: { epoch: 0, standby: false, issuers: [] },
        persistedServices: new Map(),
        unixSeconds: 1,
      },
      0,
    );
    this.engine.handle({ type: 'connected', routerId: routerId(1) }, 0);
    this.engine.handle({ type: 'synced' }, 0);
    this.engine.handle({ type: 'neighbours', full: 1 }, 0);
    this.engine.handle({ type: 'reachability', added: [2, 3, 4, 5].map(routerId), removed: [] }, 0);
    this.engine.handle({ type: 'timer', timer: { kind: 'join' } }, 2_000);
    this.hearSome(services * CYCLE);
  }

  hearSome(count: number): void {
    for (let index = 0; index < count; index++) this.hearNext();
  }

  private hearNext(): void {
    const round = Math.floor(this.heard / this.services);
    const definition = this.definitions[this.heard++ % this.services];
    if (definition === undefined) return;
    const origin = routerId(2 + (round % 4));
    const announcement = announce(definition, this.heard, round % CYCLE < 4);
    this.engine.handle({ type: 'announcement', origin, lsaId: '222.0.0.0', ageSeconds: 1, announcement }, this.heard);
  }
}

function announce(definition: ServiceDefinition, counter: number, started: boolean): Announcement {
  return {
    kind: 'service',
    sequence: { epoch: 1, counter },
    definition,
    preference: 100,
    runState: started ? 'started' : 'stopped',
    standby: false,
    joining: false,
    pinned: false,
    claim: started ? 1 : 0,
    knownClaim: null,
    assent: null,
    failure: null,
    checkIntervalMs: 0,
    checkStamp: 0,
    definitionHash: definition.hash,
  };
}
