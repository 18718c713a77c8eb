/**
 * The words that all parts share: router IDs, states, definitions, announcements, and the limits of their numbers.
 *
 * Plain data, and what follows from it alone. It knows nothing else of ours, and must not: no rule, no wire, no file.
 */
export { agrees, differingKeys } from './agreement.js';
export {
  type Announcement,
  type Assent,
  type CommandAnnouncement,
  type CommandOutcome,
  compareSequence,
  type DaemonAnnouncement,
  type Digest,
  holds,
  type Ipv4Address,
  type RevocationNumber,
  type Scope,
  type Sequence,
  type ServiceAnnouncement,
  type ServiceKind,
  type SharedDefinition,
  stopHasFailed,
} from './announcement.js';
export { type Limits, type NativeCheck, PRIMITIVES, type Primitive, type ServiceDefinition } from './definition.js';
export { HAPPENING_KINDS, type Happening, type HappeningKind, transitionWords } from './happening.js';
export { MAX_CLAIM, MAX_CLAIM_STEP, MAX_COUNTER, MAX_EPOCH, MAX_GIVEN_EPOCH, MAX_NONCE } from './limits.js';
export { isName, MAX_ADDRESSES, MAX_DEPENDENCIES, NAME_EXPECTED } from './names.js';
export {
  MAX_PERSISTED_HOLDERS,
  NOTHING_PERSISTED,
  NOTHING_PERSISTED_OF_NODE,
  type PersistedIssuer,
  type PersistedNode,
  type PersistedService,
} from './persistence.js';
export type { Permitted, RemoteCommandRules } from './remote-commands.js';
export { formatRouterId, parseRouterId, type RouterId, routerId } from './router-id.js';
export { EXTERNAL_ROUTE_TAG, FEW_ADDRESSES, MANY_ADDRESSES, type RouteWay } from './routes.js';
export type { ConfigState, Failure, RunState } from './states.js';
export { isReservedVariable } from './variables.js';
