/**
 * One way to break the core: a rule (a function) that begins with something else; or a text that occurs exactly once in
 * src/cluster or src/model, and what stands there instead. In which file does not matter: rules are moved.
 */
export type Mutation = {
  /** What is broken, in words. */
  readonly name: string;
  /** The story that shows it, where simulated lives do not. */
  readonly shownBy?: string;
} & ({ readonly rule: string; readonly begins: string } | { readonly find: string; readonly replace: string });

/** Each breaks one rule; the simulator must notice every one of them that no story shows alone. */
export const MUTATIONS: readonly Mutation[] = [
  {
    name: 'the lower preference wins',
    find: 'const byPreference = a.preference - b.preference;',
    replace: 'const byPreference = b.preference - a.preference;',
  },
  {
    name: 'the lower router ID wins',
    find: 'return a.pin - b.pin || order || a.id - b.id;',
    replace: 'return a.pin - b.pin || order || b.id - a.id;',
  },
  {
    name: 'who owns a group does not keep it: the claim is left out of the order',
    find: 'const byClaim = a.claim - b.claim;',
    replace: 'const byClaim = 0;',
  },
  {
    name: '`preempt: false` is ignored',
    find: 'a.preempt && b.preempt ? byPreference || byClaim : byClaim || byPreference',
    replace: 'byPreference || byClaim',
  },
  {
    name: 'a pin is left out of the order',
    find: 'return a.pin - b.pin || order',
    replace: 'return order',
  },
  {
    name: 'a node on standby is a candidate',
    find: 'if (node.standby) return null;',
    replace: '',
  },
  {
    name: 'the gate is always open',
    find: 'if (!mayHold(state, announcement) || isHandingOver(state, observed)) return null;',
    replace: 'return null;',
  },
  {
    name: 'assent is not waited for',
    find: 'return assentOwedBy(state, replica).next().done === true;',
    replace: 'return true;',
  },
  {
    name: 'a service is started before what it needs',
    find: "replica.definition.dependsOn.every((name) => state.replicas.get(name)?.run === 'started')",
    replace: 'true',
  },
  {
    name: 'a service is stopped before what needs it',
    rule: 'hasRunningDependents',
    begins: 'return false;',
  },
  {
    name: 'a resource does not wait for lost floods after joining',
    find: 'export const RESOURCE_HOLD_MS = 6_000;',
    replace: 'export const RESOURCE_HOLD_MS = 0;',
  },
  {
    name: 'what a node said before it was reachable counts as confirmed',
    find: '    observed.confirmed = false;\n    any = true;\n',
    replace: '',
  },
  {
    name: 'a vanished holder does not close the gate',
    find: '  yield* vanishedHolders(state, service);\n',
    replace: '',
  },
  {
    name: 'a lease overrun is ignored',
    find: '  state.overrun = true;\n',
    replace: '',
  },
  {
    name: 'the address stays up after the stop',
    find: "  if (replica.alias === 'up') {\n    replica.alias = 'falling';\n    emit(turn, { type: 'alias-down', service: replica.definition.name });\n    return true;\n  }\n  return finishStopping",
    replace: '  return finishStopping',
  },
  {
    name: 'what an earlier life has left in the LSDB stays there',
    find: 'if (!flushed) lsas.deleteStray(id, placement);',
    replace: '',
  },
  {
    name: 'a deletion of an old generation withdraws the replica',
    find: `  if (compareSequence(sequence, known.announcement.sequence) !== 0) return false;
  known.carriers.delete(lsaId);
  if (known.carriers.size > 0) return false;
`,
    replace: '',
  },
  {
    name: 'an older announcement replaces a newer one',
    find: '  if (order < 0) return undefined;\n',
    replace: '',
  },
  {
    name: 'a node without neighbours goes on as before',
    find: "return state.fullNeighbours === 0 ? 'no full neighbour' : null;",
    replace: 'return null;',
  },
  {
    name: 'an epoch is used again after a restart',
    find: 'Math.max(believedLast + 1, believedClock)',
    replace: 'Math.max(believedLast, 1)',
  },
  {
    name: 'a killed start is not followed by stop',
    find: "return run !== 'starting' || beginStopping(turn, replica, whyLeave(turn.state, replica));",
    replace: "return run !== 'starting' || transition(turn, replica, 'active', 'stopped');",
  },
  {
    name: 'a claim is kept after the failure of a required member',
    find: "facts.runState !== 'failed' && !facts.standby",
    replace: '!facts.standby',
  },
  { name: 'takeoverDelay is ignored', rule: 'isWithinTakeoverDelay', begins: 'return false;' },
  { name: 'the highest claim is not persisted', rule: 'persistHighestClaim', begins: 'return;' },
  { name: 'newcomers are not waited for', rule: 'newcomer', begins: 'return null;' },
  { name: 'a claim need not be the highest before a resource starts', rule: 'isClaimHighest', begins: 'return true;' },
  { name: 'a suspicion never ends', rule: 'suspicionEnded', begins: 'return;' },
  { name: 'the digest is ignored', rule: 'hasHeardAll', begins: 'return true;' },
  { name: "one's own missing route is no failure", rule: 'ownRouteTimeEnded', begins: 'return;' },
  { name: 'a service that is started without its route still counts', rule: 'routeTimeEnded', begins: 'return;' },
  {
    name: 'standby of a service is not persisted',
    find: '  persistService(turn, replica, { standby });\n',
    replace: '',
  },
  {
    name: 'what a critical member needs is not required',
    find: '    open.push(...(definitions.get(name)?.dependsOn ?? []));\n',
    replace: '',
  },
  {
    name: 'a member is usable although what it needs is not',
    find: '    if (!reference.dependsOn.every(visit)) return false;\n',
    replace: '',
  },
  {
    name: 'a failed stop is not persisted',
    find: 'stopFailed: stopFailure(replica) }',
    replace: 'stopFailed: null }',
  },
  { name: 'address conflicts are ignored', rule: 'addressTakenBy', begins: 'return null;' },
  { name: 'a command is carried out as often as its LSA comes', rule: 'isNewCommand', begins: 'return true;' },
  {
    name: 'old commands from the LSDB are obeyed',
    find: '  if (!state.synced || ageSeconds * 1000 > COMMAND_VALID_MS) return undefined;\n',
    replace: '',
  },
  {
    name: 'a node assents although a third one closes its gate',
    find: "  if (announced.runState === 'starting' && gateClosedBy(state, name, owner) !== null) return null;\n",
    replace: '',
  },
  { name: 'overlap: the old owner does not serve on', rule: 'servesOn', begins: 'return false;' },
  { name: 'overlap: the successor is routed to at once', rule: 'isHandedOver', begins: 'return false;' },
  { name: 'restarts have no limit', rule: 'hasRestartsLeft', begins: 'return true;' },
  { name: 'a holder is forgotten in a restart', rule: 'recallHolders', begins: 'return;' },
  {
    name: 'what a service needs is stopped while it is starting',
    find: '    if (startHasBegun(other)) return true;\n',
    replace: '',
  },
  {
    name: 'no joinHold',
    find: "setTimer(turn, { kind: 'join' }, state.settings.joinHoldMs)",
    replace: "setTimer(turn, { kind: 'join' }, 0)",
  },
  { name: 'preemptDelay is ignored', rule: 'isPreemptDelayed', begins: 'return false;' },
  {
    name: 'the failure timeout does not double',
    find: 'Math.min(LONGEST, 2 ** replica.failures)',
    replace: '1',
  },
  {
    name: 'a silent node is still a candidate',
    find: "  if (node?.silent) return 'silent';\n",
    replace: '',
  },
  {
    name: 'words of an earlier life are confirmed',
    find: '    if (observed.announcement.sequence.epoch !== node.daemon?.sequence.epoch) continue;\n',
    replace: '',
  },
  { name: 'definitions that disagree are no conflict', rule: 'agrees', begins: 'return true;' },
  {
    name: 'deactivation is not persisted',
    find: '  persistService(turn, replica, { deactivated: true });\n',
    replace: '',
  },
  {
    name: 'standby of the node is not restored',
    find: '  state.standby = event.persistedNode.standby;\n',
    replace: '',
  },
  { name: 'nothing is announced anew after the epoch was raised', rule: 'announceAnew', begins: 'return;' },
  {
    name: 'an ask is not answered',
    find: '    if (state.self !== null && heard.ask.includes(state.self)) turn.daemonAsked = true;\n',
    replace: '',
  },
  {
    name: 'leave is never called',
    find: "  for (const peer of replica.peersTold) if (!now.has(peer)) return { primitive: 'leave', peer };\n",
    replace: '',
  },
  {
    name: 'what an earlier life left running is activated without being stopped',
    find: "    replica.run = 'stopping';\n    replica.recovering = true;\n",
    replace: '    replica.recovering = true;\n',
  },
  {
    name: 'with `preempt: false` a claim is kept through standby',
    find: '  if (candidacy(here, requirements) === null) return false;\n',
    replace:
      '  if (candidacy(here, requirements) === null && members.every(({ definition }) => definition.preempt)) return false;\n',
  },
  { name: 'the timer of a failure outlives it', rule: 'cancelRetry', begins: 'return;' },
  { name: '`onIsolation: keep` is ignored', rule: 'keepsGoing', begins: 'return false;' },
  {
    name: 'a node that is alone starts a resource',
    shownBy: 'isolated-node-that-keeps-starts-no-resource',
    find: "state.phase === 'alone' && lacksResource(state, definition.name)",
    replace: 'false',
  },
  {
    name: 'what claims there were is not told',
    find: 'knownClaim: group.highestClaim > group.claim ? group.highestClaim : null,',
    replace: 'knownClaim: null,',
  },
  {
    name: 'a failure ends by itself',
    rule: 'advanceActive',
    begins:
      "if (replica.run === 'failed' && replica.persisted.stopFailed === null && turn.state.fullNeighbours > 1) return transition(turn, replica, 'active', 'stopped');",
  },
  {
    name: 'a resource whose stop failed does not close the gate',
    shownBy: 'clear-of-a-failed-stop',
    rule: 'stopHasFailed',
    begins: 'return false;',
  },
  {
    name: 'a node assents while it uses the resource itself',
    shownBy: 'assent-goes-with-the-resource',
    rule: 'mayUseIt',
    begins: 'return false;',
  },
  { name: 'nobody asks a silent node', shownBy: 'silent-owner', rule: 'quietTimeEnded', begins: 'return;' },
  { name: 'the echo is not waited for', shownBy: 'echo-is-awaited', rule: 'echoHeard', begins: 'return true;' },
];
