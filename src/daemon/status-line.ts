import type { ClusterStatus } from '../cluster/index.js';

/** So many names fit into a line that is read in a terminal. */
const MOST_NAMES = 5;

export interface StatusLineParts {
  readonly head: Pick<ClusterStatus, 'node' | 'ospf' | 'nodes'>;
  /** This node's replicas. */
  readonly own: Iterable<{ readonly name: string; readonly config: string; readonly run: string }>;
  /** What is still waited for; null: the daemon is not ending. */
  readonly ending: readonly string[] | null;
}

/** What `srrctl status` would say of this node, in one line. */
export function statusLine({ head, own, ending }: StatusLineParts): string {
  if (ending !== null) return `ending: waiting for ${named(ending) || 'the last announcements'}`;
  const replicas = [...own];
  const running = replicas.filter(({ run }) => run === 'started').map(({ name }) => name);
  const failed = replicas.filter(({ config, run }) => config === 'failed' || run === 'failed').map(({ name }) => name);
  const parts = [
    `${head.node.phase}${head.node.standby ? ' on standby' : ''}, ${reach(head)}`,
    running.length === 0 ? 'runs nothing' : `runs ${named(running)}`,
    ...(failed.length === 0 ? [] : [`failed here: ${named(failed)}`]),
  ];
  return parts.join('; ');
}

function reach({ ospf, nodes }: StatusLineParts['head']): string {
  if (!ospf.connected) return 'no connection to ospfd';
  if (ospf.fullNeighbours === 0) return 'no full neighbour';
  const lost = nodes.filter(({ reachable }) => !reachable).map(({ name }) => name);
  const count = `${nodes.length} node${nodes.length === 1 ? '' : 's'}`;
  return lost.length === 0 ? count : `${count}, not reachable: ${named(lost)}`;
}

/** Names come from other nodes, too: nothing in them may look like another line. */
function named(names: readonly string[]): string {
  const others = names.length - MOST_NAMES;
  const shown = others > 0 ? [...names.slice(0, MOST_NAMES), `${others} others`] : names;
  return shown.join(', ').replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '\ufffd');
}
