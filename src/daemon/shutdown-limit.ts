import type { ServiceDefinition } from '../model/index.js';

/** For what no definition limits: aliases, LSAs, an ospfd that does not answer. */
const BASE_MS = 30_000;

/** How long a shutdown may take, in ms: as if all services stopped one after the other. */
export function shutdownLimitMs(definitions: readonly Pick<ServiceDefinition, 'timeoutsMs'>[]): number {
  return definitions.reduce((sum, { timeoutsMs }) => sum + timeoutsMs.stop + timeoutsMs.deactivate, BASE_MS);
}
