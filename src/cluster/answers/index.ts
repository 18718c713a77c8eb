/**
 * How somebody who asked for something gets the answer: here, or through the Daemon LSA on the node that was asked.
 *
 * It must not know what the commands do.
 */
export { type Answer, done, refused } from './answer.js';
export { askedAs, askedBy, askedWhere, noteOutcome, type Outcome, serviceOf } from './note-outcome.js';
export { currentOutcomes, MAX_OUTCOMES, outcomesExpired } from './outcomes-kept.js';
export { reply } from './reply.js';
