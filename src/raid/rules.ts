import { type Ballot, compareBallots, comparePositions, samePosition } from './position.js';
import { isAncestor, type Leg, type NodeRecord, type View } from './view.js';

/**
 * What keeps acknowledged writes. Each can be left out on purpose: the model (model.test.ts) then finds a schedule that
 * loses one.
 */
export interface Rules {
  hasVote(record: NodeRecord): boolean;
  canHaveGoneOn(view: View, unreachable: ReadonlySet<string>): boolean;
  wasThereToTheEnd(view: View, node: string, lostOwnerOf: Ballot | undefined): boolean;
  isSource(view: View, node: string, record: NodeRecord): boolean;
  areIdentical(view: View): boolean;
  mayOverwrite(record: NodeRecord, view: View): boolean;
  isInForce(view: View, accepted: Acceptance, before: View | undefined): boolean;
  mayAdmit(view: View, isInForce: boolean): boolean;
  mustAgree(newest: View, answered: readonly string[], isCertain: boolean): readonly string[];
  mayAcknowledge(inForce: View, asked: readonly View[], confirmed: ReadonlySet<string>): boolean;
  readsFrom(inForce: View, self: string, base: string): string;
  acceptsBallot(record: NodeRecord, ballot: Ballot): boolean;
  acceptsView(record: NodeRecord, view: View): boolean;
  acceptsMembership(record: NodeRecord, view: View): boolean;
  acceptsData(record: NodeRecord, ballot: Ballot): boolean;
  parts(certain: boolean): boolean;
  whileFilled(leg: Leg): Leg;
}

export interface Acceptance {
  readonly members: ReadonlySet<string>;
  /** Of these, those that knew of a view before; or all, of the very first view. */
  readonly voters: ReadonlySet<string>;
}

export const RULES: Rules = {
  /** Who has lost its disk does not know what it once agreed to. */
  hasVote: ({ view }) => view !== undefined,

  /** A view needs a quorum of the voters. Of two voters, one that has no leg in use cannot go on alone. */
  canHaveGoneOn: (view, unreachable) =>
    countOf(view.voters, unreachable) >= quorumOf(view.voters) &&
    (view.voters.length !== 2 || countOf(view.members, unreachable) >= view.minimumLegs),

  /**
   * With two voters there is no majority. A member that served its owner until it vanished goes on without it, as its users
   * expect of a mirror; if the other one did, too, the data have parted, and neither is thrown away by itself. One that was
   * away in between waits.
   */
  wasThereToTheEnd: (view, node, lostOwnerOf) =>
    view.voters.length === 2 &&
    view.members.includes(node) &&
    lostOwnerOf !== undefined &&
    compareBallots(lostOwnerOf, view.ballot) === 0,

  /**
   * A member of the view before it will do, too: as long as one member has not written it down the new view is not in force, and
   * every write waits for the members of the old one.
   */
  isSource: (view, node, { leg }) =>
    view.members.includes(node) &&
    leg?.of !== undefined &&
    !leg.filling &&
    leg.size >= view.size &&
    (samePosition(leg.of, view) || (view.previous !== undefined && samePosition(leg.of, view.previous))),

  /** After an owner that did not stop, one leg may have a last write that another one lacks. */
  areIdentical: ({ clean }) => clean,

  /** What may have gone on for itself is kept until an operator discards it. */
  mayOverwrite: ({ leg }, view) =>
    leg !== undefined && leg.size >= view.size && (leg.of === undefined || isAncestor(leg.of, view)),

  /** `before` has other voters if the definition has changed: both must agree. */
  isInForce: (view, { members, voters }, before) =>
    view.members.length >= view.minimumLegs &&
    view.members.every((node) => members.has(node)) &&
    [view, before].every((each) => each === undefined || countOf(each.voters, voters) >= quorumOf(each.voters)),

  /**
   * A node that knows of no view is told of one that the others have put in force without it: what an owner that is none any more
   * would tell it must not count.
   */
  mayAdmit: ({ previous }, isInForce) => previous === undefined || isInForce,

  /**
   * Of two voters one is a quorum, so one could begin by itself with a view that the other one, which is in the view before,
   * has never heard of. Whom the start is based on must know of it.
   */
  mustAgree: ({ voters }, answered, isCertain) => (voters.length === 2 && isCertain ? answered : []),

  /** A view that was asked for since may have been written down by some: until a later one is in force, its members count, too. */
  mayAcknowledge: (inForce, asked, confirmed) =>
    countOf(inForce.members, confirmed) >= inForce.minimumLegs &&
    inForce.members.every((node) => confirmed.has(node)) &&
    asked.every(({ members }) => members.every((node) => confirmed.has(node))),

  /** A leg that has been left out since is no source, the one that the owner started from neither. */
  readsFrom: ({ members }, self, base) =>
    members.includes(self) ? self : members.includes(base) ? base : (members[0] ?? base),

  acceptsBallot: ({ promise }, ballot) => compareBallots(ballot, promise) > 0,

  acceptsView: ({ promise, view: known, leg }, view) =>
    compareBallots(view.ballot, promise) >= 0 &&
    (known === undefined || comparePositions(view, known) > 0) &&
    (leg?.of === undefined || isAncestor(leg.of, view)),

  /** The owner does not know yet that the disk of a member has been replaced, or that it was filled for somebody else. */
  acceptsMembership: ({ leg }, view) => {
    if (leg === undefined) return false;
    if (leg.filling) return leg.filledBy !== undefined && compareBallots(leg.filledBy, view.ballot) === 0;
    if (leg.of === undefined || view.previous === undefined) return leg.of === view.previous;
    return samePosition(leg.of, view.previous) || compareBallots(leg.of.ballot, view.ballot) === 0;
  },

  acceptsData: ({ promise }, ballot) => compareBallots(ballot, promise) === 0,

  /** Who goes on although others can have gone on takes another name for its data. */
  parts: (certain) => !certain,

  /** Written down before the first block: a crash on the way leaves what is of no time. */
  whileFilled: ({ size, of }) => ({ size, of, filling: true }),
};

/** More than half. Of two voters one: with two nodes either must be able to go on when the other one is lost. */
export function quorumOf(voters: readonly string[]): number {
  return voters.length === 2 ? 1 : Math.floor(voters.length / 2) + 1;
}

function countOf(nodes: readonly string[], set: ReadonlySet<string>): number {
  return nodes.filter((node) => set.has(node)).length;
}
