import { begun, created } from './change.js';
import { type Ballot, comparePositions, type Position, samePosition } from './position.js';
import { RULES, type Rules } from './rules.js';
import { newestView, type Reports, type View } from './view.js';

export interface StartRequest {
  readonly self: string;
  readonly ballot: Ballot;
  /** Of the nodes that could be asked, this one included. */
  readonly reports: Reports;
  readonly voters: readonly string[];
  readonly minimumLegs: number;
  readonly size: number;
  /** The owner that this node served as a member until it vanished, if it has not been restarted since. */
  readonly lostOwnerOf: Ballot | undefined;
  /** An operator has said that what others may have is to be given up. */
  readonly force: boolean;
  /** A random name, for data that part from others. */
  readonly freshLineage: string;
}

export type StartDecision = Started | Waiting;

export interface Started {
  readonly kind: 'start';
  /** To be written down before the first write; its members may have to be filled first (`minimumLegs`). */
  readonly view: View;
  /** The leg that is read, and that the others are filled from. */
  readonly base: string;
  /** Legs that are reached and may be filled, those that `minimumLegs` waits for included. */
  readonly fill: readonly string[];
  /** Who has to write the view down besides its members and a quorum. */
  readonly agree: readonly string[];
  /** Legs that have gone on for themselves, or are too small; they stay as they are. */
  readonly refused: readonly string[];
}

export interface Waiting {
  readonly kind: 'wait';
  readonly why:
    | { readonly code: 'fenced'; readonly by: Ballot }
    | { readonly code: 'first-start-needs-all'; readonly missing: readonly string[] }
    | { readonly code: 'may-be-newer'; readonly view: View; readonly missing: readonly string[] }
    | { readonly code: 'no-source'; readonly view: View; readonly missing: readonly string[] }
    | { readonly code: 'too-few-legs'; readonly have: number; readonly minimumLegs: number }
    | { readonly code: 'wrong-size'; readonly node: string; readonly has: number; readonly expected: number };
}

/** From which leg an owner may start: from one that none, reached or not, can be newer than. */
export function decideStart(request: StartRequest, rules: Rules = RULES): StartDecision {
  const { reports, ballot, self, force } = request;
  const fenced = [...reports.values()].find(({ promise }) => promise.claim > ballot.claim);
  if (fenced !== undefined && !force) return waiting({ code: 'fenced', by: fenced.promise });
  const newest = newestView(reports);
  if (newest === undefined) return firstStart(request, rules);
  const silent = new Set(newest.voters.filter((node) => !hasVoted(reports, node, rules)));
  const missing = newest.members.filter((node) => silent.has(node));
  const isCertain = !rules.canHaveGoneOn(newest, silent);
  if (!isCertain && !force && !rules.wasThereToTheEnd(newest, self, request.lostOwnerOf)) {
    return waiting({ code: 'may-be-newer', view: newest, missing: missing.length > 0 ? missing : [...silent] });
  }
  const sources = [...reports].filter(([node, record]) => rules.isSource(newest, node, record)).map(([node]) => node);
  const base = chosen(sources, self) ?? (force ? latestLeg(reports) : undefined);
  if (base === undefined) return waiting({ code: 'no-source', view: newest, missing });
  // A disk does not shrink: whoever wrote the definition meant another one.
  if (request.size < newest.size) {
    return waiting({ code: 'wrong-size', node: base, has: newest.size, expected: request.size });
  }
  return fromBase(request, rules, { newest, base, sources, isCertain: isCertain && sources.length > 0, silent });
}

/** Nobody knows of any data: that is certain only if everybody says so. */
function firstStart(request: StartRequest, rules: Rules): StartDecision {
  const { reports, voters, minimumLegs, size, ballot, self } = request;
  const missing = voters.filter((node) => !reports.has(node));
  if (missing.length > 0 && !request.force) return waiting({ code: 'first-start-needs-all', missing });
  const legs = [...reports].flatMap(([node, { leg }]) =>
    leg === undefined || leg.filling ? [] : [{ node, has: leg.size }],
  );
  const small = legs.find(({ has }) => has < size);
  if (small !== undefined) return waiting({ code: 'wrong-size', ...small, expected: size });
  const base = chosen(
    legs.map(({ node }) => node),
    self,
  );
  if (base === undefined) return waiting({ code: 'too-few-legs', have: 0, minimumLegs });
  const answered = voters.filter((node) => reports.has(node));
  const view = created({ ballot, members: [base], voters: answered, minimumLegs, size }, request.freshLineage);
  return enough(request, rules, {
    view,
    base,
    agree: rules.mustAgree(view, answered, true),
  });
}

interface Found {
  readonly newest: View;
  readonly base: string;
  readonly sources: readonly string[];
  readonly isCertain: boolean;
  readonly silent: ReadonlySet<string>;
}

function fromBase(
  request: StartRequest,
  rules: Rules,
  { newest, base, sources, isCertain, silent }: Found,
): StartDecision {
  const from = request.reports.get(base)?.leg?.of;
  if (from === undefined) return waiting({ code: 'no-source', view: newest, missing: [] });
  const same = rules.areIdentical(newest) ? sources.filter((node) => isAt(request.reports, node, from)) : [];
  const { ballot, minimumLegs, reports, force } = request;
  // Those that an operator gives up may never come back: they have a vote again from the next start on that they answer to.
  const voters = force && !isCertain ? request.voters.filter((node) => reports.has(node)) : request.voters;
  const members = [...new Set([base, ...same])].sort();
  const lineage = rules.parts(isCertain) ? request.freshLineage : undefined;
  const view = begun(newest, from, { ballot, members, voters, minimumLegs, size: newest.size }, lineage);
  const answered = newest.voters.filter((node) => !silent.has(node));
  return enough(request, rules, { view, base, agree: rules.mustAgree(newest, answered, isCertain) });
}

/** Legs are filled before the start where `minimumLegs` asks for more than there are. */
function enough(
  request: StartRequest,
  rules: Rules,
  { view, base, agree }: Pick<Started, 'view' | 'base' | 'agree'>,
): StartDecision {
  const others = [...request.reports].filter(([node, { leg }]) => leg !== undefined && !view.members.includes(node));
  const fill = others.filter(([, record]) => rules.mayOverwrite(record, view)).map(([node]) => node);
  const refused = others.map(([node]) => node).filter((node) => !fill.includes(node));
  const have = view.members.length + fill.length;
  if (have < view.minimumLegs) return waiting({ code: 'too-few-legs', have, minimumLegs: view.minimumLegs });
  return { kind: 'start', view, base, fill, agree, refused };
}

function hasVoted(reports: Reports, node: string, rules: Rules): boolean {
  const record = reports.get(node);
  return record !== undefined && rules.hasVote(record);
}

/** The node's own leg before others: it is read without a network. */
function chosen(legs: readonly string[], self: string): string | undefined {
  return legs.includes(self) ? self : legs[0];
}

/** For `force-start`: the best that is there. */
function latestLeg(reports: Reports): string | undefined {
  const legs = [...reports].flatMap(([node, { leg }]) =>
    leg?.of === undefined || leg.filling ? [] : [{ node, of: leg.of }],
  );
  return legs.sort((a, b) => comparePositions(b.of, a.of))[0]?.node;
}

function isAt(reports: Reports, node: string, position: Position): boolean {
  const of = reports.get(node)?.leg?.of;
  return of !== undefined && samePosition(of, position);
}

function waiting(why: Waiting['why']): Waiting {
  return { kind: 'wait', why };
}
