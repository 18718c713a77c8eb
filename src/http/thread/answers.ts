import type { EventFilter } from '../../events/index.js';
import type { ApiPorts } from '../server.js';
import { inBatches, Lists } from './lists.js';

/** All that the web thread may ask, and what answers: every argument and every answer is plain data. */
export type Answers = ReturnType<typeof answersOf>;

/** The ports, as questions that can be asked from another thread. */
export function answersOf(ports: ApiPorts) {
  const { control, configurations, session, node, pki, metrics, events, lsdb, routers, definitions } = ports;
  const lists = new Lists();
  return {
    status: () => control.status(),
    service: bound(control.service, control),
    command: bound(control.command, control),
    simulate: bound(control.simulate, control),
    configurations: bound(configurations.configurations, configurations),
    node: async () => {
      const { routerId, name } = await session.node();
      return { routerId, name };
    },
    shutDown: bound(node.shutDown, node),
    doctor: bound(node.doctor, node),
    pki: bound(pki.describe, pki),
    revocationList: bound(pki.revocationList, pki),
    readings: bound(metrics.readings, metrics),
    queryEvents: bound(events.query, events),
    lsa: bound(lsdb.find, lsdb),
    topology: bound(lsdb.topology, lsdb),
    runRouterCommands: bound(routers.run, routers),
    completeRouterCommand: bound(routers.complete, routers),
    definition: bound(definitions.find, definitions),
    validateDefinition: bound(definitions.validate, definitions),
    saveDefinition: bound(definitions.save, definitions),
    removeDefinition: bound(definitions.remove, definitions),
    exportDefinitions: bound(definitions.exported, definitions),
    importDefinitions: bound(definitions.import, definitions),
    openEvents: (filter: EventFilter) => lists.open(inBatches(events.lines(filter))),
    openLsdb: () => lists.open(lsdb.list()),
    openDefinitions: () => lists.open(definitions.list()),
    nextOfList: bound(lists.next, lists),
    closeList: bound(lists.close, lists),
  };
}

function bound<Args extends readonly unknown[], Answer>(
  method: (this: never, ...args: Args) => Answer,
  of: object,
): (...args: Args) => Answer {
  return (...args) => Reflect.apply(method, of, args);
}
