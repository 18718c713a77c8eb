import { get, put } from '../api/client.js';
import type { DefinitionEntry, NodeConfiguration } from '../api/types.js';
import { isSameRepair, type Repair, repaired, repairOf } from '../model/repair.js';
import { nodeName, picture } from '../store/cluster.js';
import { giveCommand } from '../store/commands.js';
import { subjectOf } from './service-command.js';

/**
 * Brings this node's definition in line with another node's, if both are still as they were shown. The node refuses it for a
 * replica that is active: to deactivate it is for the operator, since a page may be closed half-way.
 */
export async function repairDefinition(shown: Repair, { name, definition }: DefinitionEntry): Promise<void> {
  const path = encodeURIComponent(name);
  await giveCommand(
    `take the definition of ${name} as it is on ${nodeName(shown.from.routerId)}`,
    subjectOf(name, shown.own.routerId),
    async () => {
      if (!isSameRepair(shown, await repairNow(name, shown.own.routerId))) throw new Error(changed(name));
      const now = await get<DefinitionEntry>(`/definitions/${path}`);
      if (JSON.stringify(now.definition) !== JSON.stringify(definition)) throw new Error(changed(name));
      return put<{ text: string }>(`/definitions/${path}`, repaired({ ...definition, name }, shown));
    },
    ({ text }) => (shown.waits === null ? text : `${text}; ${shown.waits}`),
  );
}

async function repairNow(name: string, self: string): Promise<Repair | null> {
  const path = `/services/${encodeURIComponent(name)}/configurations`;
  const { configurations } = await get<{ configurations: readonly NodeConfiguration[] }>(path);
  const service = picture.value?.services.get(name);
  return service === undefined ? null : repairOf(service, configurations, self);
}

function changed(name: string): string {
  return `the definition of ${name} has changed since this page showed it: nothing is saved; look again`;
}
