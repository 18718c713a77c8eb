import { RULES, type Rules } from '../index.js';

/** Each leaves one rule out. */
export const MUTATIONS: Readonly<Record<string, Partial<Rules>>> = {
  'a node that has lost its disk votes': { hasVote: () => true },
  'others are taken for dead': { canHaveGoneOn: () => false },
  'of two, one that was away goes on': { wasThereToTheEnd: (view, node) => view.members.includes(node) },
  'a leg that was left out is a source': {
    isSource: (view, _node, { leg }) => leg?.of !== undefined && !leg.filling && leg.size >= view.size,
  },
  'a leg that is being filled is a source': { whileFilled: (leg) => leg },
  'legs are the same after a crash': { areIdentical: () => true },
  'data that have parted are overwritten': { mayOverwrite: ({ leg }) => leg !== undefined },
  'a view is in force without a quorum': {
    isInForce: ({ members, minimumLegs }, accepted) =>
      members.length >= minimumLegs && members.every((node) => accepted.members.has(node)),
  },
  'a view is in force before its members have written it down': {
    isInForce: (view, accepted, before) => RULES.isInForce({ ...view, members: [], minimumLegs: 0 }, accepted, before),
  },
  'of two, a start that the other one has not heard of': { mustAgree: () => [] },
  'a write is acknowledged that a member has missed': {
    mayAcknowledge: ({ minimumLegs }, _asked, confirmed) => confirmed.size >= minimumLegs,
  },
  'a write does not wait for a view that is asked for': {
    mayAcknowledge: (inForce, _asked, confirmed) => RULES.mayAcknowledge(inForce, [], confirmed),
  },
  'a write waits for the last view that is asked for alone': {
    mayAcknowledge: (inForce, asked, confirmed) => RULES.mayAcknowledge(inForce, asked.slice(-1), confirmed),
  },
  'a leg is filled from one that was left out': { readsFrom: (_view, _self, base) => base },
  'an owner is promised what another one has been promised': { acceptsBallot: () => true },
  'a view of an older owner is accepted': {
    acceptsView: ({ leg }, view) =>
      RULES.acceptsView({ promise: { claim: 0, round: 0, node: '' }, view: undefined, leg }, view),
  },
  'a disk that was replaced is a member': { acceptsMembership: () => true },
  'writes of an older owner are accepted': { acceptsData: () => true },
  'data that part keep their lineage': { parts: () => false },
};
