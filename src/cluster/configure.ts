import type { ServiceDefinition } from './definition.js';
import { agrees } from './election.js';
import { joinGroup } from './group.js';
import { recallHolder } from './holders.js';
import { NOTHING_PERSISTED, type PersistedService } from './persistence.js';
import { newReplica } from './replica.js';
import type { Replica, Turn } from './state.js';
import { reply, report } from './turn.js';

/** Takes the full list of definitions: what is new is added, what is gone leaves, what changed is applied. */
export function configure(turn: Turn, definitions: readonly ServiceDefinition[]): void {
  const { state } = turn;
  const names = new Set(definitions.map(({ name }) => name));
  for (const replica of state.replicas.values()) {
    if (names.has(replica.definition.name) || replica.removed) continue;
    replica.removed = true;
    report(turn, 'info', replica.definition.name, 'its definition is gone: it leaves this node');
    turn.touched.add(replica.definition.group);
  }
  for (const definition of definitions) {
    const replica = state.replicas.get(definition.name);
    if (replica === undefined) addReplica(turn, definition, state.records.get(definition.name));
    else changeReplica(turn, definition);
    turn.touched.add(definition.group);
  }
}

/** Forgets the replicas of a group whose definition is gone, once they are at rest. */
export function forgetRemoved(turn: Turn, members: readonly Replica[]): void {
  const { state } = turn;
  for (const replica of members) {
    const { name } = replica.definition;
    const resting = replica.config === 'inactive' || replica.config === 'disabled' || replica.config === 'failed';
    if (!replica.removed || !resting || replica.job !== null) continue;
    state.replicas.delete(name);
    for (const { request } of replica.wishes) reply(turn, request, false, `${name} was removed from this node`);
    state.records = new Map([...state.records, [name, replica.persisted]]);
    if (!state.view.replicas.has(name)) state.view.groups.get(replica.definition.group)?.delete(name);
    report(turn, 'info', name, 'removed');
  }
}

function addReplica(turn: Turn, definition: ServiceDefinition, persisted?: PersistedService): void {
  // Of a resource nothing is known, not even that it was stopped: the state directory may have been lost while it ran.
  const unknown = definition.kind === 'resource' ? { ...NOTHING_PERSISTED, notStopped: true } : NOTHING_PERSISTED;
  const replica = newReplica(definition, persisted ?? unknown);
  turn.state.replicas.set(definition.name, replica);
  joinGroup(turn.state, replica);
  recallHolder(turn.state, replica);
}

function changeReplica(turn: Turn, definition: ServiceDefinition): void {
  const replica = turn.state.replicas.get(definition.name);
  if (replica === undefined) return;
  replica.removed = false;
  const idle = replica.config === 'inactive' || replica.config === 'disabled';
  if (idle) {
    replica.nextDefinition = null;
    replica.definition = definition;
    joinGroup(turn.state, replica);
  } else if (canChangeInPlace(replica.definition, definition)) {
    replica.nextDefinition = null;
    replica.definition = definition;
  } else {
    replica.nextDefinition = definition;
    const text = 'its new definition takes effect when it is deactivated: it changes what is in use now';
    report(turn, 'warn', definition.name, text);
  }
}

/** What is in use while a replica is active, and what others compare with theirs, does not change under it. */
function canChangeInPlace(now: ServiceDefinition, next: ServiceDefinition): boolean {
  return (
    agrees(now, next) &&
    now.enabled === next.enabled &&
    now.interface === next.interface &&
    now.link === next.link &&
    now.makefile === next.makefile
  );
}
