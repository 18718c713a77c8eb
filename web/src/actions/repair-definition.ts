import { effect } from '@preact/signals';
import { get, post, put } from '../api/client.js';
import type { DefinitionEntry, ServiceStatus } from '../api/types.js';
import { type Repair, repaired } from '../model/repair.js';
import { nodeName, picture } from '../store/cluster.js';
import { giveCommand } from '../store/commands.js';
import { subjectOf } from './service-command.js';

/** What an operator's `deactivate` may take. */
const INACTIVE_WITHIN_MS = 120_000;

/** Config states in which a definition may be changed. */
const EDITABLE: readonly string[] = ['disabled', 'inactive', 'failed'];

/**
 * Brings this node's definition in line with another node's. It is checked first; an active replica, which does not run, is
 * deactivated for that and activated again, whatever becomes of it.
 */
export async function repairDefinition({ name }: ServiceStatus, repair: Repair): Promise<void> {
  const path = `/definitions/${encodeURIComponent(name)}`;
  await giveCommand(
    `take the definition of ${name} as it is on ${nodeName(repair.from.routerId)}`,
    subjectOf(name, repair.own.routerId),
    async () => {
      const { definition, editable } = await get<DefinitionEntry>(path);
      const wanted = repaired({ ...definition, name }, repair);
      const { problems } = await post<{ problems: readonly { message: string }[] }>('/definitions/validate', wanted);
      if (problems.length > 0) throw new Error(problems.map(({ message }) => message).join('; '));
      return editable ? save(path, wanted) : whileInactive(name, repair.own.routerId, () => save(path, wanted));
    },
    ({ text }) => text ?? 'saved',
  );
}

function save(path: string, definition: object): Promise<{ text?: string }> {
  return put<{ text?: string }>(path, definition);
}

async function whileInactive<T>(name: string, self: string, work: () => Promise<T>): Promise<T> {
  const command = (what: string) => post<object>(`/services/${encodeURIComponent(name)}/${what}`, {});
  await command('deactivate');
  try {
    await untilInactive(name, self);
    return await work();
  } finally {
    await command('activate');
  }
}

function untilInactive(name: string, self: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let stop = () => {};
    const limit = setTimeout(() => {
      stop();
      reject(new Error(`${name} is still active here: look at the service, and try again`));
    }, INACTIVE_WITHIN_MS);
    stop = effect(() => {
      const replica = picture.value?.services.get(name)?.replicas.find(({ routerId }) => routerId === self);
      if (replica !== undefined && !EDITABLE.includes(replica.config)) return;
      clearTimeout(limit);
      resolve();
      // It may be the first look, from which `stop` comes.
      queueMicrotask(() => stop());
    });
  });
}
