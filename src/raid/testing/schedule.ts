import { RULES, type Rules } from '../index.js';
import { own } from './owner.js';
import { randomOf } from './random.js';
import {
  bitsOf,
  blank,
  canTalk,
  createWorld,
  type ModelNode,
  mayPart,
  nothingIsGone,
  pairOf,
  tell,
  violate,
  type World,
} from './world.js';

export interface Outcome {
  readonly violation: string | undefined;
  readonly story: readonly string[];
}

/** A life of a mirrored disk: its nodes lose power, are cut off, freeze, lose their disks, and come back in any order. */
export function runSchedule(seed: number, rules: Rules = RULES, isTold = false): Outcome {
  const random = randomOf(seed);
  const world = createWorld(random, rules, isTold);
  const steps = 60 + Math.floor(random() * 200);
  for (let step = 0; step < steps && world.violation === undefined; step += 1) {
    if (random() < 0.12) mishap(world);
    else goOn(world);
    if (random() < 0.08) elect(world);
  }
  if (world.violation === undefined) atRest(world);
  return { violation: world.violation, story: world.story ?? [] };
}

function goOn(world: World): void {
  const late = world.late.length > 0 && world.random() < 0.1 ? world.late.shift() : undefined;
  late?.();
  const running = world.nodes.filter(({ program, isUp, isFrozen }) => program !== undefined && isUp && !isFrozen);
  const node = running[Math.floor(world.random() * running.length)];
  if (node?.program?.next().done === true) node.program = undefined;
  noteLosses(world);
}

/** A node sees that its owner is gone when their connection breaks. */
function noteLosses(world: World): void {
  for (const node of world.nodes) {
    const owner = world.nodes.find(({ name }) => name === node.serves?.node);
    if (!node.isUp || node.serves === undefined || owner === undefined) continue;
    if (owner.program !== undefined && !owner.isFrozen && canTalk(world, owner, node)) continue;
    node.lostOwnerOf = node.serves;
    node.serves = undefined;
  }
}

function elect(world: World): void {
  const able = world.nodes.filter(({ isUp, isFrozen }) => isUp && !isFrozen);
  const node = able[Math.floor(world.random() * able.length)];
  if (node === undefined || (node.program !== undefined && world.random() < 0.7)) return;
  const heard = world.nodes.filter((other) => canTalk(world, node, other)).map(({ record }) => record.promise.claim);
  // Rarely an older one: srrd has lost what it knew.
  const claim = Math.max(1, Math.max(...heard) + (world.random() < 0.1 ? 0 : 1));
  if (node.program !== undefined) tell(world, `${node.name} begins anew`);
  const force = world.random() < 0.01;
  node.program = own(world, node, claim, force);
}

function mishap(world: World): void {
  const { random, nodes } = world;
  const node = nodes[Math.floor(random() * nodes.length)];
  if (node === undefined) return;
  const luck = random();
  if (luck < 0.25) node.isUp ? losePower(world, node) : returns(world, node);
  else if (luck < 0.45) returns(world, node);
  else if (luck < 0.6) cut(world, node);
  else if (luck < 0.75) heal(world);
  else if (luck < 0.85) freeze(world, node);
  else if (luck < 0.97) thaw(world, node);
  else loseDisk(world, node);
}

function losePower(world: World, node: ModelNode): void {
  tell(world, `${node.name} loses power`);
  Object.assign(node, { isUp: false, isFrozen: false, serves: undefined, lostOwnerOf: undefined, program: undefined });
  noteLosses(world);
}

function returns(world: World, node: ModelNode): void {
  if (!node.isUp) tell(world, `${node.name} returns`);
  node.isUp = true;
}

function cut(world: World, node: ModelNode): void {
  const others = world.nodes.filter((other) => other !== node);
  const from = world.random() < 0.6 ? others : others.slice(0, 1);
  for (const other of from) world.cuts.add(pairOf(node.name, other.name));
  tell(world, `${node.name} is cut from ${from.map(({ name }) => name).join(' ')}`);
  noteLosses(world);
}

function heal(world: World): void {
  if (world.cuts.size > 0) tell(world, 'healed');
  world.cuts.clear();
}

function freeze(world: World, node: ModelNode): void {
  if (!node.isUp) return;
  tell(world, `${node.name} freezes`);
  node.isFrozen = true;
  noteLosses(world);
}

function thaw(world: World, node: ModelNode): void {
  if (node.isFrozen) tell(world, `${node.name} thaws`);
  node.isFrozen = false;
}

function loseDisk(world: World, node: ModelNode): void {
  losePower(world, node);
  tell(world, `${node.name} gets another disk`);
  let elsewhere = 0;
  for (const other of world.nodes) if (other !== node && other.record.leg?.filling === false) elsewhere |= other.data;
  world.excused |= world.acknowledged & ~elsewhere;
  Object.assign(node, { record: blank(node.record.leg === undefined), data: 0, isMixed: false, disks: node.disks + 1 });
}

/** Everything is back: the disk must start, with every acknowledged write. */
function atRest(world: World): void {
  heal(world);
  for (const late of world.late.splice(0)) late();
  for (const node of world.nodes) {
    node.program = undefined;
    thaw(world, node);
    returns(world, node);
  }
  noteLosses(world);
  tell(world, 'at rest');
  nothingIsGone(world, 'at rest');
  const all = world.acknowledged & ~world.excused;
  for (let attempt = 0; attempt < 20 && world.violation === undefined; attempt += 1) {
    const node = world.nodes[attempt % world.nodes.length];
    if (node === undefined) return;
    node.program = own(world, node, 100 + attempt, false);
    const before = world.story?.length;
    for (let step = 0; step < 60 && node.program.next().done !== true; step += 1);
    node.program = undefined;
    if (before !== undefined && world.story !== undefined && world.story.length === before)
      tell(world, `${node.name} waits`);
  }
  nothingIsGone(world, 'at the end');
  if (world.violation !== undefined || mayPart(world)) return;
  if (!world.nodes.some(({ data, isMixed }) => !isMixed && (all & ~data) === 0)) {
    violate(world, `no leg has all acknowledged writes ${bitsOf(all)}`);
  }
}
