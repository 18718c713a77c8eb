import type { ServiceDefinition } from '../../src/model/index.js';
import type { Plan, PlannedNode } from './plan.js';
import { randomActions } from './plan-actions.js';
import { isConnectedWithout, randomLinks, randomOspf, randomRouterIds } from './plan-network.js';
import { randomServices } from './plan-services.js';
import { Random } from './random.js';

/** When the schedule begins: by then every node could have joined. */
const BEGIN_MS = 6_000;

/** Every run has so many faults at least, and its daemons handle so many events. */
export const LEAST_FAULTS = 10;
export const LEAST_STEPS = 400;

/** The run that this seed stands for. `differing`: the same one, but nobody makes definitions that differ equal in the end. */
export function planRun(seed: number, differing = false): Plan {
  const random = new Random(seed, 1);
  const count = random.weighted([
    [2, 3],
    [3, 6],
    [4, 3],
    [5, 1],
    [6, 0.4],
    [7, 0.4],
  ]);
  const transit = random.weighted([
    [0, 3],
    [1, 3],
    [2, 2],
  ]);
  const ids = randomRouterIds(random, count + transit);
  const services = randomServices(random, count);
  const definitions = Array.from({ length: count }, (_, node) => {
    const entries = services.flatMap(({ definition, preferences }): [string, ServiceDefinition][] => {
      const preference = preferences[node];
      return preference === undefined ? [] : [[definition.name, { ...definition, preference }]];
    });
    return new Map(entries);
  });
  const links = randomLinks(random, count, transit);
  const together = random.chance(0.5);
  const nodes = ids.slice(0, count).map((id, index): PlannedNode => {
    return {
      name: String.fromCharCode(65 + index),
      id,
      bootMs: together ? 0 : random.between(0, 3_000),
      onIsolation: random.chance(0.25) ? 'keep' : 'stop',
      remoteCommands: random.chance(0.95),
      joinHoldMs: 2_000,
      clockSeconds: random.chance(0.8) ? random.int(-2, 2) : random.int(-100_000, 100_000),
    };
  });
  const actions = randomActions(
    random,
    {
      nodes: count,
      routers: count + transit,
      links: links.length,
      services: services.map(({ definition }) => definition.name),
      definitions,
    },
    BEGIN_MS,
  );
  const down = random.int(0, count - 1);
  const mayStayDown = count + transit > 2 && isConnectedWithout(down, count + transit, links);
  const exam = random.chance(0.5) && !differing;
  return {
    seed,
    exam,
    adversary: null,
    nodes,
    transitRouters: ids.slice(count),
    links,
    ospf: randomOspf(random),
    definitions,
    actions,
    leastActions: random.int(12, 20),
    leastFaults: LEAST_FAULTS,
    leastSteps: LEAST_STEPS,
    calmAfterMs: random.between(500, 5_000),
    calm: {
      staysDown: mayStayDown && random.chance(0.3) ? [down] : [],
      resetsOperatorState: random.chance(0.7),
      agreesOnDefinitions: !differing,
    },
  };
}
