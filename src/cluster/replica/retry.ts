import { delayPreemption } from '../group/index.js';
import type { Replica, Turn } from '../state/index.js';
import { beginStopping } from './stopping.js';
import { transition } from './transition.js';

export function retryDue(turn: Turn, replica: Replica): void {
  if (replica.persisted.stopFailed !== null) return;
  if (replica.run !== 'failed' && replica.config !== 'failed') return;
  endFailure(turn, replica, 'failure timeout is over');
  delayPreemption(turn, replica);
}

/**
 * The replica may be elected again. One whose stop failed in an earlier life was never activated in this one, nor does
 * anybody know what a restart of the machine has left: it is stopped and activated like any that was left running. Where
 * that stop fails too, the next `clear` is the word of somebody who has looked.
 */
export function endFailure(turn: Turn, replica: Replica, why: string): void {
  if (replica.config === 'failed') transition(turn, replica, 'inactive', 'stopped', why);
  else if (replica.recovering && !replica.stopEnded && replica.persisted.stopFailed !== null)
    beginStopping(turn, replica, why);
  else transition(turn, replica, 'active', 'stopped', why);
}
