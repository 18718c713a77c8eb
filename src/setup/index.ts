/**
 * Sets a node up, and puts right what the doctor has found: FRR's files and what its daemons run with, nftables, srrd.yaml, keys and
 * certificates (docs/setup.md).
 *
 * It looks with the doctor's eyes, makes a plan that changes nothing and can be shown, carries it out with a copy of each file,
 * and undoes it. It must not know terminals, nor speak to srrd or to ospfd's API.
 */
export { type Applied, applyPlan } from './apply.js';
export { describePlan } from './describe.js';
export { configurationOf, type Look, lookAround, type SetupOf } from './look.js';
export { FIXABLE, isEmpty, type Plan, planFor } from './plan.js';
export { type Undone, undoLast } from './undo.js';
export { checkedKey, keyIn, NO_WISHES, type Wishes } from './wishes.js';
