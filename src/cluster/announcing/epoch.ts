import { MAX_COUNTER, MAX_GIVEN_EPOCH, MAX_NONCE } from '../../model/index.js';
import { persistNode, report, type Turn } from '../state/index.js';
import { announceAnew } from './announcing.js';

/**
 * The epoch of a new life: above the last one, and at least the time of day, in Unix seconds. A clock or a record that would use
 * up the range is not believed.
 */
export function nextEpoch(turn: Turn, last: number, unixSeconds: number): number {
  const believedLast = last <= MAX_GIVEN_EPOCH ? last : 0;
  const believedClock = unixSeconds >= 0 && unixSeconds <= MAX_GIVEN_EPOCH ? Math.floor(unixSeconds) : 0;
  if (believedLast !== last)
    report(turn, 'error', null, `the last epoch on disk, ${last}, is impossible: the time of day is taken instead`);
  if (believedClock === 0 && unixSeconds !== 0)
    report(
      turn,
      'error',
      null,
      `the clock is wrong: ${unixSeconds} s since 1970. The epoch is one more than the last one`,
    );
  return Math.max(believedLast + 1, believedClock);
}

/** The next announcements will have a counter, and commands a nonce, that the others still take. */
export function raiseEpochAtEnd(turn: Turn): void {
  const { state } = turn;
  if (state.counter < MAX_COUNTER && state.remote.nextNonce <= MAX_NONCE) return;
  state.epoch += 1;
  state.remote.nextNonce = 1;
  persistNode(turn, { epoch: state.epoch });
  report(
    turn,
    'info',
    null,
    `the counter of announcements or commands is at its end: goes on with epoch ${state.epoch}`,
  );
  announceAnew(turn);
}
