/** One way to break the core: a text that occurs exactly once in a file of src/cluster, and what stands there instead. */
export interface Mutation {
  /** What is broken, in words. */
  readonly name: string;
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

/** Each breaks one rule; the simulator must notice every one of them. */
export const MUTATIONS: readonly Mutation[] = [
  {
    name: 'the lower preference wins',
    file: 'election.ts',
    find: 'const byPreference = a.preference - b.preference;',
    replace: 'const byPreference = b.preference - a.preference;',
  },
  {
    name: 'the lower router ID wins',
    file: 'election.ts',
    find: 'return a.pin - b.pin || middle || a.members - b.members || a.id - b.id;',
    replace: 'return a.pin - b.pin || middle || a.members - b.members || b.id - a.id;',
  },
  {
    name: 'who owns a group does not keep it: the claim is left out of the order',
    file: 'election.ts',
    find: 'const byClaim = a.claim - b.claim;',
    replace: 'const byClaim = 0;',
  },
  {
    name: '`preempt: false` is ignored',
    file: 'election.ts',
    find: 'a.preempt && b.preempt ? byPreference || byClaim : byClaim || byPreference',
    replace: 'byPreference || byClaim',
  },
  {
    name: 'a pin is left out of the order',
    file: 'election.ts',
    find: 'return a.pin - b.pin || middle',
    replace: 'return middle',
  },
  {
    name: 'a node on standby is a candidate',
    file: 'election.ts',
    find: 'if (node.standby) return null;',
    replace: '',
  },
  {
    name: 'the gate is always open',
    file: 'gate.ts',
    find: 'if (!holds(announcement) || observed.routeless || isHandingOver(state, observed)) return null;',
    replace: 'return null;',
  },
  {
    name: 'assent is not waited for',
    file: 'starting.ts',
    find: 'return assentOwedBy(state, replica).next().done === true;',
    replace: 'return true;',
  },
  {
    name: 'a service is started before what it needs',
    file: 'starting.ts',
    find: "replica.definition.dependsOn.every((name) => state.replicas.get(name)?.run === 'started')",
    replace: 'true',
  },
  {
    name: 'a service is stopped before what needs it',
    file: 'stopping.ts',
    find: 'if (hasRunningDependents(turn.state, replica)) return false;',
    replace: '',
  },
  {
    name: 'a resource does not wait for lost floods after joining',
    file: 'joining.ts',
    find: 'export const RESOURCE_HOLD_MS = 6_000;',
    replace: 'export const RESOURCE_HOLD_MS = 0;',
  },
  {
    name: 'what a node said before it was reachable counts as confirmed',
    file: 'confirmation.ts',
    find: '    observed.confirmed = false;\n    any = true;\n',
    replace: '',
  },
  {
    name: 'a vanished holder does not close the gate',
    file: 'gate.ts',
    find: '  yield* vanishedHolders(state, service);\n',
    replace: '',
  },
  {
    name: 'a lease overrun is ignored',
    file: 'membership.ts',
    find: '  state.overrun = true;\n',
    replace: '',
  },
  {
    name: 'the address stays up after the stop',
    file: 'stopping.ts',
    find: "  if (replica.alias === 'up') {\n    replica.alias = 'falling';\n    emit(turn, { type: 'alias-down', service: replica.definition.name });\n    return true;\n  }\n  return finishStopping",
    replace: '  return finishStopping',
  },
  {
    name: 'a deletion of an old generation withdraws the replica',
    file: 'view.ts',
    find: `  if (compareSequence(sequence, known.announcement.sequence) !== 0) return false;
  known.carriers.delete(lsaId);
  if (known.carriers.size > 0) return false;
`,
    replace: '',
  },
  {
    name: 'an older announcement replaces a newer one',
    file: 'view.ts',
    find: '  if (order < 0) return undefined;\n',
    replace: '',
  },
  {
    name: 'a node without neighbours goes on as before',
    file: 'membership.ts',
    find: "return state.fullNeighbours === 0 ? 'no full neighbour' : null;",
    replace: 'return null;',
  },
  {
    name: 'an epoch is used again after a restart',
    file: 'engine.ts',
    find: 'Math.max(event.persistedNode.epoch + 1, event.unixSeconds)',
    replace: 'Math.max(event.persistedNode.epoch, 1)',
  },
  {
    name: 'a killed start is not followed by stop',
    file: 'replica.ts',
    find: "return run !== 'starting' || beginStopping(turn, replica, whyLeave(turn.state, replica));",
    replace: "return run !== 'starting' || become(turn, replica, 'active', 'stopped');",
  },
  {
    name: 'a claim is kept after the failure of a required member',
    file: 'election.ts',
    find: "facts.runState !== 'failed' &&",
    replace: '',
  },
];
