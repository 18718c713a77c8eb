import { MAX_PERSISTED_HOLDERS } from '../../model/index.js';
import { emit, type NodeState, persistService, report, type Turn } from '../state/index.js';

const TOO_MANY =
  `more than ${MAX_PERSISTED_HOLDERS} nodes say that they run it, or died with it: after a restart of srrd the first of them are not ` +
  'waited for; look who announces it (srrctl lsdb)';

/**
 * They are remembered across a restart; only resources need it. Also while there is no definition of it here, or one that says
 * that it is a service: then those who said that it is none.
 */
export function persistHolders(turn: Turn, service: string): void {
  const { state } = turn;
  const replica = state.replicas.get(service);
  const isServiceHere = replica?.definition.kind === 'service';
  const all = [...(state.holders.get(service) ?? [])]
    .filter(([, { resource }]) => resource || !isServiceHere)
    .map(([origin, { sequence }]) => ({ routerId: origin as number, ...sequence }));
  const holders = all.slice(-MAX_PERSISTED_HOLDERS);
  if (all.length === MAX_PERSISTED_HOLDERS + 1) report(turn, 'error', service, TOO_MANY);
  if (replica !== undefined) return persistService(turn, replica, { holders });
  const record = state.records.get(service);
  if (record === undefined || !isResourceElsewhere(state, service)) return;
  state.records.set(service, { ...record, holders });
  emit(turn, { type: 'persist-service', service, record: { ...record, holders } });
}

function isResourceElsewhere({ view, records }: NodeState, service: string): boolean {
  for (const { announcement } of view.replicas.get(service)?.values() ?? []) {
    if (announcement.definition.kind === 'resource') return true;
  }
  return (records.get(service)?.holders.length ?? 0) > 0;
}
