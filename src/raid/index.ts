/**
 * Network RAID-1: which leg of a mirrored disk has the latest data, who may write, and when a write may be acknowledged.
 *
 * Values in, values out. It must not know how legs are stored, how nodes talk, nor what a service is; the core in src/cluster
 * does not know it. docs/raid.md explains the rules, model.test.ts tries them.
 */
export { type Beginning, begun, created, stopped, withMember, without } from './change.js';
export {
  type Ballot,
  compareBallots,
  comparePositions,
  NO_BALLOT,
  type Position,
  samePosition,
} from './position.js';
export { accepted, accepts, beingFilled, discarded, filled, promised } from './record.js';
export { type Acceptance, quorumOf, RULES, type Rules } from './rules.js';
export { sentenceOf } from './sentences.js';
export { decideStart, type StartDecision, type Started, type StartRequest, type Waiting } from './start.js';
export { isAncestor, type Leg, type NodeRecord, newestView, positionOf, type Reports, type View } from './view.js';
