import type { Facts } from '../facts.js';
import { broken, change, type Finding, fine, inRouterOspf, ROOT_SHELL, remedy } from '../finding.js';

const WITHOUT_INIT = change(
  'init',
  'srrd is process 1 of its container. What services leave behind becomes its child, and stays as a zombie.',
  remedy('the command that starts the container', 'docker run --init …'),
);

/** What the running srrd says of itself. */
export function checkDaemon({ daemon }: Facts): Finding[] {
  if (!daemon.known) {
    // Without a configuration it is not known where to ask, and that has a finding of its own.
    return daemon.level === null ? [] : [broken('srrd', `${daemon.why}.`, remedy(ROOT_SHELL, 'systemctl start srrd'))];
  }
  const { connected, pid, duplicateRouterIds, failures, notCounted } = daemon.value;
  const connection = connected
    ? fine('srrd', 'srrd runs and is connected to ospfd.')
    : broken(
        'srrd',
        'srrd runs, but has no connection to ospfd: it runs nothing.',
        remedy(ROOT_SHELL, 'systemctl status frr'),
      );
  return [
    connection,
    ...(pid === 1 ? [WITHOUT_INIT] : []),
    ...duplicateRouterIds.map((id) =>
      broken(
        'router-id',
        `Two routers use the router ID ${id}, a machine and its clone perhaps: each undoes what the other floods.`,
        inRouterOspf('ospf router-id ANOTHER'),
      ),
    ),
    ...failures.map(({ service, node, why }) =>
      change(
        'failed',
        `${service} has failed on ${node}: ${why}. It does not go there until that is repaired and cleared.`,
        remedy(ROOT_SHELL, `srrctl service clear ${service} ${node}`),
      ),
    ),
    ...notCounted.map(({ service, node, why }) =>
      change('not-counted', `The replica of ${service} on ${node} does not count: ${why}.`),
    ),
  ];
}
