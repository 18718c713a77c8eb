import { routerId, type ServiceDefinition } from '../../../src/model/index.js';
import type { Plan } from '../plan.js';
import { Random } from '../random.js';

/** The same life with a router without a key in it, which is joined to one or two others. */
export function withAdversary(plan: Plan, isBelieved = false): Plan {
  const random = new Random(plan.seed, 9);
  const routers = plan.nodes.length + plan.transitRouters.length;
  const taken = new Set([...plan.nodes.map(({ id }) => id), ...plan.transitRouters]);
  let id = routerId(0x0a00_00fa);
  while (taken.has(id)) id = routerId(id + 1);
  const near = random.int(0, routers - 1);
  const other = random.int(0, routers - 1);
  const links = other === near || random.chance(0.6) ? [near] : [near, other];
  const slow = random.chance(0.5);
  return {
    ...plan,
    definitions: plan.definitions.map((each) => new Map([...each].map(([name, one]) => [name, announceable(one)]))),
    actions: plan.actions.map(({ atMs, action }) => ({
      atMs,
      action: action.type === 'define' ? { ...action, definition: announceable(action.definition) } : action,
    })),
    transitRouters: [...plan.transitRouters, id],
    links: [...plan.links, ...links.map((index) => [routers, index] as const)],
    adversary: { deletes: random.chance(0.5), isBelieved, pauseMs: slow ? [1_000, 8_000] : [200, 3_000] },
  };
}

/** Elsewhere the simulator has services without addresses and resources with some, which no configuration allows and no announcement can say. */
function announceable(definition: ServiceDefinition): ServiceDefinition {
  if (definition.kind === 'resource')
    return definition.addresses.length === 0 ? definition : { ...definition, addresses: [] };
  if (definition.addresses.length > 0) return definition;
  const number = [...definition.name].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 65_536, 7);
  return { ...definition, addresses: [`198.18.${number >>> 8}.${number & 255}`] };
}
