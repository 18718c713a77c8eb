import type { Logger } from 'pino';
import type { Modules } from './modules.js';

/** What an earlier life left must be gone before anything is announced. Neither call throws. */
export async function clearLeftovers(modules: Modules, addresses: readonly string[], log: Logger): Promise<void> {
  for (const { service, primitive, processGroup, gone } of await modules.runner.killLeftovers()) {
    const text = `${primitive} of ${service} was still running from an earlier life: killed process group ${processGroup}`;
    if (gone) log.warn({ service }, text);
    else log.error({ service }, `${text}, but a process of it does not end`);
  }
  const { aliases, announced, configured, problems } = await modules.aliases.removeLeftovers(addresses);
  const removed = [...new Set([...aliases, ...announced, ...configured])];
  if (removed.length > 0) log.warn(`removed what an earlier life left of ${removed.join(', ')}`);
  for (const problem of problems) log.warn(`looking for aliases of an earlier life: ${problem}`);
}
