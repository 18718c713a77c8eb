import { emit, happened, report, type Turn } from './state/index.js';

/** Everything is stopped and withdrawn, in order of dependency. */
export function shutDown(turn: Turn): void {
  const { state } = turn;
  if (state.shuttingDown) return;
  state.shuttingDown = true;
  const text = 'shutting down: stopping and withdrawing every service';
  report(turn, 'info', null, text);
  happened(turn, 'node', text, { to: 'ending' });
  for (const group of state.groups.keys()) turn.dirty.add(group);
}

/** Nothing runs here any more, or nothing that could be stopped. */
export function finishWhenIdle(turn: Turn): void {
  const { state } = turn;
  for (const replica of state.replicas.values()) {
    const stuck = replica.config === 'active' && replica.run === 'failed' && replica.persisted.stopFailed !== null;
    const idle = replica.config === 'inactive' || replica.config === 'disabled' || replica.config === 'failed';
    if (replica.job !== null || !(idle || stuck)) return;
  }
  state.finished = true;
  emit(turn, { type: 'withdraw', subject: { kind: 'daemon' } });
  emit(turn, { type: 'finished' });
}
