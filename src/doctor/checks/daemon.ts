import type { TrustStatus } from '../../trust/index.js';
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
  const { connected, pid, duplicateRouterIds, failures, notCounted, trust } = daemon.value;
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
    ...(trust === null ? [] : checkProofs(trust)),
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

/** Who could speak for whom. Without keys the findings about ospfd's API and OSPF's authentication say it. */
function checkProofs({ mode, nodes }: TrustStatus): Finding[] {
  if (mode === 'off') return [];
  const unproven = nodes.filter(({ standing }) => standing !== 'proven' && standing !== 'asked');
  if (mode === 'sign') {
    return unproven.length === 0
      ? [fine('trust', 'All nodes that are heard prove what they announce: trust: require may be set.')]
      : unproven.map(({ routerId }) =>
          change(
            'trust',
            `${routerId} does not prove what it announces. With trust: require it would not be heard.`,
            remedy(ROOT_SHELL, 'srrctl trust status'),
          ),
        );
  }
  const refused = nodes.filter((node) => node.refused > 0);
  return refused.length === 0
    ? [fine('trust', 'Only what nodes prove is believed, and nothing else was heard since the start.')]
    : refused.map(({ routerId, refused: count }) =>
        change(
          'trust',
          `${count} announcements in the name of ${routerId} were not believed: it does not sign, its key is not listed, or somebody else speaks in its name.`,
          remedy(ROOT_SHELL, 'srrctl trust status'),
        ),
      );
}
