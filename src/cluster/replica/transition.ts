import { type ConfigState, type RunState, transitionWords } from '../../model/index.js';
import { mayStillRun } from '../../tables/index.js';
import {
  happened,
  markSharersDirty,
  persistService,
  type Replica,
  report,
  startHasBegun,
  type Turn,
} from '../state/index.js';

/** Changes the states, writes down what a later life must know, and says so in the log. Flooding follows (placement.ts). */
export function transition(turn: Turn, replica: Replica, config: ConfigState, run: RunState, why = ''): true {
  const before = `${replica.config}/${replica.run}`;
  // What is not active has no right to its addresses, and of that nothing is announced.
  if ((replica.config === 'active') !== (config === 'active')) markSharersDirty(turn, replica.definition);
  replica.config = config;
  replica.run = run;
  if (run !== 'starting') replica.verifying = null;
  if (run !== 'failed' && config !== 'failed') replica.failure = null;
  if (config === 'inactive' || (config === 'active' && run === 'stopped')) replica.refused = false;
  persistService(turn, replica, { notStopped: mayBeRunning(replica), stopFailed: stopFailure(replica) });
  const hasFailed = run === 'failed' || config === 'failed';
  const text = transitionWords(before, `${config}/${run}`, why);
  const { name } = replica.definition;
  report(turn, hasFailed ? 'error' : 'info', name, text);
  happened(turn, hasFailed ? 'failure' : 'state', text, { service: name, from: before, to: `${config}/${run}` });
  return true;
}

/** Whether a later life must stop the replica before anything else. */
export function mayBeRunning(replica: Replica): boolean {
  switch (replica.run) {
    case 'started':
    case 'stopping':
      return true;
    case 'starting':
      return replica.alias !== 'down' || startHasBegun(replica);
    case 'failed':
      return stopFailure(replica) !== null;
    case 'stopped':
      return false;
  }
}

function stopFailure(replica: Replica): string | null {
  const { failure } = replica;
  return failure !== null && mayStillRun(failure.code) ? failure.reason : null;
}
