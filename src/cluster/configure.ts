import { agrees, MAX_CLAIM, NOTHING_PERSISTED, type PersistedService, type ServiceDefinition } from '../model/index.js';
import { KEYS_IN_USE } from '../tables/index.js';
import { persistHolders, resumeTakeoverDelays } from './exclusion/index.js';
import { joinGroup, persistHighestClaim, unindexDefinition } from './group/index.js';
import { newReplica, refuseRequests, useDefinition } from './replica/index.js';
import { happened, type Replica, report, type Turn } from './state/index.js';

/**
 * Takes the full list of definitions: what is new is added, what is gone leaves, what changed is applied. `change`: who
 * changed them (null: nobody we know), for the list of events; undefined: it is no change, the daemon begins.
 */
export function configure(
  turn: Turn,
  definitions: readonly ServiceDefinition[],
  change?: { readonly operator: string | null },
): void {
  const { state } = turn;
  const names = new Set(definitions.map(({ name }) => name));
  for (const replica of state.replicas.values()) {
    if (names.has(replica.definition.name) || replica.removed) continue;
    replica.removed = true;
    const text = 'its definition is gone: it leaves this node';
    report(turn, 'info', replica.definition.name, text);
    if (change) happened(turn, 'configuration', text, { service: replica.definition.name, ...change });
    turn.dirty.add(replica.definition.group);
  }
  for (const definition of definitions) {
    const replica = state.replicas.get(definition.name);
    const news = whatIsNew(replica, definition);
    if (replica === undefined) addReplica(turn, definition, state.records.get(definition.name));
    else changeReplica(turn, definition);
    if (change && news !== null) {
      happened(turn, 'configuration', news, { service: definition.name, ...change });
    }
    turn.dirty.add(definition.group);
  }
}

function whatIsNew(replica: Replica | undefined, definition: ServiceDefinition): string | null {
  if (replica === undefined || replica.removed) return 'defined on this node';
  const before = JSON.stringify(replica.nextDefinition ?? replica.definition);
  return JSON.stringify(definition) === before ? null : 'its definition has changed';
}

/** Forgets the replicas of a group whose definition is gone, once they are at rest. */
export function forgetRemoved(turn: Turn, members: readonly Replica[]): void {
  const { state } = turn;
  for (const replica of members) {
    const { name } = replica.definition;
    const resting = replica.config === 'inactive' || replica.config === 'disabled' || replica.config === 'failed';
    if (!replica.removed || !resting || replica.job !== null) continue;
    state.replicas.delete(name);
    refuseRequests(turn, replica, `${name} was removed from this node`);
    state.records.set(name, replica.persisted);
    unindexDefinition(state, replica.definition);
    report(turn, 'info', name, 'removed');
  }
}

function addReplica(turn: Turn, definition: ServiceDefinition, persisted?: PersistedService): void {
  // Of a resource nothing is known, not even that it was stopped: the state directory may have been lost while it ran.
  const unknown = definition.kind === 'resource' ? { ...NOTHING_PERSISTED, notStopped: true } : NOTHING_PERSISTED;
  const replica = newReplica(definition, believable(turn, definition.name, persisted ?? unknown));
  turn.state.replicas.set(definition.name, replica);
  joinGroup(turn.state, replica);
  persistHighestClaim(turn, definition.group);
  // Heard before it was defined here, they would be forgotten with this life of the daemon.
  persistHolders(turn, definition.name);
  resumeTakeoverDelays(turn, definition.name);
}

/** A record with a claim that no cluster reaches has been damaged. The others know the group's claims. */
function believable(turn: Turn, service: string, record: PersistedService): PersistedService {
  if (record.highestClaim <= MAX_CLAIM) return record;
  report(
    turn,
    'error',
    service,
    `the highest claim on disk, ${record.highestClaim}, is impossible: it is not believed`,
  );
  return { ...record, highestClaim: 0 };
}

function changeReplica(turn: Turn, definition: ServiceDefinition): void {
  const replica = turn.state.replicas.get(definition.name);
  if (replica === undefined) return;
  replica.removed = false;
  const idle = replica.config === 'inactive' || replica.config === 'disabled';
  if (idle || canChangeInPlace(replica.definition, definition)) {
    useDefinition(turn, replica, definition);
  } else {
    replica.nextDefinition = definition;
    const failed = replica.config === 'failed';
    const text = failed
      ? 'its new definition takes effect when its failure is cleared, or when it is deactivated'
      : 'its new definition takes effect when it is deactivated: it changes what is in use now';
    report(turn, 'warn', definition.name, text);
  }
}

/** What is in use while a replica is active, and what others compare with theirs, does not change under it. */
function canChangeInPlace(now: ServiceDefinition, next: ServiceDefinition): boolean {
  return agrees(now, next) && KEYS_IN_USE.every((key) => now[key] === next[key]);
}
