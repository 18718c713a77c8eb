import type { Ballot, NodeRecord, Rules, View } from '../index.js';
import { compareBallots, NO_BALLOT } from '../position.js';

/** What a program that owns the disk does next each time it is resumed; it ends when it has stopped or was refused. */
export type Program = Generator<void, void, void>;

export interface ModelNode {
  readonly name: string;
  /** On its disk. */
  record: NodeRecord;
  /** On its disk: a bit for each write that its leg holds. */
  data: number;
  /** Blocks of two moments in one leg: good for nothing. */
  isMixed: boolean;
  isUp: boolean;
  isFrozen: boolean;
  /** In memory. */
  serves: Ballot | undefined;
  lostOwnerOf: Ballot | undefined;
  program: Program | undefined;
  heard: number;
  /** How often its disk was replaced. */
  disks: number;
}

export interface World {
  readonly random: () => number;
  readonly rules: Rules;
  readonly nodes: readonly ModelNode[];
  readonly minimumLegs: number;
  /** Pairs that cannot talk, as `a b`. */
  readonly cuts: Set<string>;
  /** Calls that are still on their way; their answers go to nobody. */
  readonly late: (() => void)[];
  /** A bit for each write that was acknowledged. */
  acknowledged: number;
  /** Acknowledged writes whose every copy was on a disk that was destroyed. */
  excused: number;
  nextWrite: number;
  isForced: boolean;
  lineages: number;
  violation: string | undefined;
  story: string[] | undefined;
}

export function createWorld(random: () => number, rules: Rules, isTold: boolean): World {
  const count = random() < 0.35 ? 2 : 3;
  const hasWitness = count === 3 && random() < 0.25;
  const names = ['a', 'b', 'c'].slice(0, count);
  const nodes = names.map((name, index) => newNode(name, hasWitness && index === 2));
  const minimumLegs = random() < 0.4 ? 2 : 1;
  return {
    random,
    rules,
    nodes,
    minimumLegs,
    cuts: new Set(),
    late: [],
    acknowledged: 0,
    excused: 0,
    nextWrite: 0,
    isForced: false,
    lineages: 0,
    violation: undefined,
    story: isTold ? [`${names.join(' ')}${hasWitness ? ', c a witness' : ''}, minimumLegs ${minimumLegs}`] : undefined,
  };
}

export function blank(isWitness: boolean): NodeRecord {
  return {
    promise: NO_BALLOT,
    view: undefined,
    leg: isWitness ? undefined : { size: 1, of: undefined, filling: false },
  };
}

function newNode(name: string, isWitness: boolean): ModelNode {
  const memory = { serves: undefined, lostOwnerOf: undefined, program: undefined, heard: 0, disks: 0 };
  return { name, record: blank(isWitness), data: 0, isMixed: false, isUp: true, isFrozen: false, ...memory };
}

/** What `to` answers; undefined if the call or its answer is lost. A call that is lost may arrive later. */
export function call<T>(world: World, from: ModelNode, to: ModelNode, ask: (node: ModelNode) => T): T | undefined {
  return calling(world, { from, to, isOnlyInOrder: false }, ask);
}

/** Data arrive in the order of their connection: what comes of an earlier one is not read any more. */
export function send<T>(world: World, from: ModelNode, to: ModelNode, ask: (node: ModelNode) => T): T | undefined {
  return calling(world, { from, to, isOnlyInOrder: true }, ask);
}

interface Way {
  readonly from: ModelNode;
  readonly to: ModelNode;
  readonly isOnlyInOrder: boolean;
}

function calling<T>(world: World, { from, to, isOnlyInOrder }: Way, ask: (node: ModelNode) => T): T | undefined {
  if (from === to) return ask(to);
  if (!canTalk(world, from, to)) return undefined;
  const luck = world.random();
  if (to.isFrozen || luck < 0.03) {
    const heard = to.heard;
    if (luck < 0.5) world.late.push(() => to.isUp && (!isOnlyInOrder || to.heard === heard) && ask(to));
    return undefined;
  }
  to.heard += 1;
  const answer = ask(to);
  return luck < 0.06 ? undefined : answer;
}

export function canTalk(world: World, a: ModelNode, b: ModelNode): boolean {
  return a === b || (a.isUp && b.isUp && !world.cuts.has(pairOf(a.name, b.name)));
}

export function pairOf(a: string, b: string): string {
  return a < b ? `${a} ${b}` : `${b} ${a}`;
}

/** Two nodes that both go on, as they may, or an operator, can part the data: then no leg has all, but each is kept. */
export function mayPart({ nodes, minimumLegs, isForced }: World): boolean {
  return isForced || (nodes.length === 2 && minimumLegs === 1);
}

export function tell(world: World, line: string): void {
  world.story?.push(line);
}

export function violate(world: World, what: string): void {
  world.violation ??= what;
  tell(world, `VIOLATION: ${what}`);
}

export function bitsOf(data: number): string {
  return [...Array(31).keys()].filter((bit) => data & (1 << bit)).join(',');
}

/** No acknowledged write may be on no leg any more. */
export function nothingIsGone(world: World, because: string): void {
  let anywhere = 0;
  for (const node of world.nodes) if (!node.isMixed) anywhere |= node.data;
  const gone = world.acknowledged & ~world.excused & ~anywhere;
  if (gone !== 0) violate(world, `acknowledged write ${bitsOf(gone)} is on no leg any more: ${because}`);
}

export function words(view: View): string {
  const { lineage, ballot, generation, members, clean } = view;
  return `${lineage}:${ballot.claim}.${ballot.round}${ballot.node}:${generation} {${members.join(' ')}}${clean ? ' clean' : ''}`;
}

export function isNewer(a: Ballot, b: Ballot | undefined): boolean {
  return b === undefined || compareBallots(a, b) > 0;
}
