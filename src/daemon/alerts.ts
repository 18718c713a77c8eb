import type { Logger } from 'pino';
import { Alerts, runAlertThread } from '../alerts/index.js';
import type { Engine } from '../cluster/index.js';
import type { Configuration } from '../config/index.js';
import { formatRouterId } from '../model/index.js';

/** null: nobody is to be told. `state` is looked at when something has happened. */
export function createAlerts(
  { alerts, cluster, node }: Configuration,
  state: () => Engine['state'],
  log: Pick<Logger, 'warn'>,
): Alerts | null {
  if (alerts.length === 0) return null;
  const thread = runAlertThread({ alerts, sender: { cluster, node: node.name } }, (text) => log.warn(text));
  const self = () => {
    const id = state().self;
    return id === null ? null : formatRouterId(id);
  };
  return new Alerts({ alerts, thread, self, present: () => ({ self: self(), others: others(state()) }) });
}

/** Nodes whose daemons are there, as far as this one knows. */
function others({ view }: Engine['state']): string[] {
  const there = [...view.nodes.values()].filter(
    ({ reachable, silent, daemon, daemonPresence }) =>
      reachable && !silent && daemon !== null && daemonPresence === 'held',
  );
  return there.map(({ id }) => formatRouterId(id));
}
