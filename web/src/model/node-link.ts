import type { NodeStatus } from '../api/types.js';

/**
 * Why there is no link to this node's own pages; null: there is one. A node says itself what it is called and where its
 * pages are, so something else must confirm it; and where two say the same, one may mean to be taken for the other.
 */
export function whyNoLink(node: NodeStatus, nodes: readonly NodeStatus[]): string | null {
  if (node.web === null) return 'tells of no web server (web.advertise)';
  if (node.webDoubt !== null) return `${node.web}: ${node.webDoubt}`;
  const others = nodes.filter(({ routerId }) => routerId !== node.routerId);
  const namesake = others.find(({ name }) => name === node.name);
  if (namesake !== undefined) return `${namesake.routerId} has the same name: go by the router ID`;
  const neighbour = others.find(({ web }) => web === node.web);
  return neighbour === undefined ? null : `${neighbour.routerId} tells of the same web server`;
}
