/**
 * What other nodes have announced, as far as it is kept: by service, by node, and which of it is newest.
 *
 * It must not know what is true of this node, nor decide what counts.
 */
export { digest, hasHeardAll } from './digest.js';
export {
  askList,
  carriedBy,
  emptyView,
  groupsOf,
  indexDefinition,
  type KnownNode,
  knownNode,
  nodeLabel,
  type Observed,
  observeService,
  reachableReplicas,
  sharers,
  type View,
  withdrawService,
} from './view.js';
