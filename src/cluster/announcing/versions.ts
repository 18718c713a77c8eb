import { type NodeState, report, type Turn } from '../state/index.js';
import { RULES_VERSION } from './announcing.js';

/** How many nodes of one version are named. */
const MOST_NAMES = 5;

/**
 * Another node is there, has gone, or its daemon says another thing. Says when nodes of other versions come, as in an upgrade of one
 * after the other, and when they are all alike again.
 */
export function nodesChanged(turn: Turn): void {
  const { state } = turn;
  const mixed = mixedVersions(state);
  if (mixed === state.mixedVersions) return;
  state.mixedVersions = mixed;
  report(turn, 'info', null, mixed ?? `all nodes run srrd ${state.settings.softwareVersion}`);
}

/** A sentence; null: all nodes that can be reached run what this one does. */
function mixedVersions({ view, settings }: NodeState): string | null {
  const others = [...view.nodes.values()].flatMap(({ reachable, daemon, daemonPresence }) =>
    reachable && daemon !== null && daemonPresence === 'held' ? [daemon] : [],
  );
  if (others.every(({ softwareVersion }) => softwareVersion === settings.softwareVersion)) return null;
  const byVersion = new Map([[settings.softwareVersion, [settings.nodeName]]]);
  for (const { softwareVersion, hostName } of others) {
    byVersion.set(softwareVersion, [...(byVersion.get(softwareVersion) ?? []), hostName]);
  }
  const parts = [...byVersion]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([version, names]) => `${version} on ${listed(names)}`);
  const rules = others.some(({ rulesVersion }) => rulesVersion !== RULES_VERSION);
  const advice = rules ? ', whose rules differ: bring all nodes to one version soon' : '';
  return `versions are mixed: ${parts.join('; ')}${advice}`;
}

function listed(names: readonly string[]): string {
  const sorted = names.toSorted();
  const more = sorted.length - MOST_NAMES;
  return [...sorted.slice(0, MOST_NAMES), ...(more > 0 ? [`${more} others`] : [])].join(', ');
}
