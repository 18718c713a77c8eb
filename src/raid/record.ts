import { type Ballot, compareBallots } from './position.js';
import { RULES, type Rules } from './rules.js';
import { type NodeRecord, positionOf, type View } from './view.js';

/** Of a node that has promised a ballot. */
export function promised(record: NodeRecord, ballot: Ballot): NodeRecord {
  return { ...record, promise: ballot };
}

/** Of a node that has accepted a view. The leg of a member is what the view says from then on. */
export function accepted(record: NodeRecord, self: string, view: View): NodeRecord {
  const promise = compareBallots(view.ballot, record.promise) > 0 ? view.ballot : record.promise;
  const isMember = record.leg !== undefined && view.members.includes(self);
  return {
    promise,
    view,
    leg: isMember ? { size: record.leg.size, of: positionOf(view), filling: false } : record.leg,
  };
}

/** Of a node whose leg is about to be filled. */
export function beingFilled(record: NodeRecord, rules: Rules = RULES): NodeRecord {
  return { ...record, leg: record.leg && rules.whileFilled(record.leg) };
}

/** Of a node whose leg is as the others are, from now on: the owner sends it every write. */
export function filled(record: NodeRecord, by: Ballot): NodeRecord {
  return { ...record, leg: record.leg && { ...record.leg, filledBy: by } };
}

/** Whether a node may write a view down, whatever it is to be in it. `isInForce`: its owner says that it is. */
export function accepts(
  record: NodeRecord,
  self: string,
  view: View,
  isInForce: boolean,
  rules: Rules = RULES,
): boolean {
  if (!rules.acceptsView(record, view)) return false;
  if (view.members.includes(self)) return rules.acceptsMembership(record, view);
  return record.view !== undefined || rules.mayAdmit(view, isInForce);
}

/** Of a node whose data an operator gives up, so that they can be filled from those of the others. */
export function discarded(record: NodeRecord): NodeRecord {
  return { ...record, view: undefined, leg: record.leg && { size: record.leg.size, of: undefined, filling: true } };
}
