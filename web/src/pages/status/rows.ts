import type { NodeStatus, ReplicaStatus, ServiceStatus } from '../../api/types.js';
import type { GroupPicture } from '../../model/groups.js';

/** A line of the status table. A group of one that bears the service's name needs no line of its own. */
export type StatusRow =
  | { readonly kind: 'group'; readonly key: string; readonly group: GroupPicture }
  | {
      readonly kind: 'service';
      readonly key: string;
      readonly service: ServiceStatus;
      readonly single: GroupPicture | null;
    };

export interface StatusFilter {
  readonly text: string;
  readonly only: 'all' | 'wrong' | 'moving';
}

/** The rows that pass the filter. A group is shown whole if any of it passes: half a group is a wrong picture. */
export function rowsOf(groups: readonly GroupPicture[], { text, only }: StatusFilter): StatusRow[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return groups.flatMap((group): StatusRow[] => {
    if (!passes(group, only)) return [];
    if (words.length > 0 && !group.services.some((service) => contains(service, words))) return [];
    const single = group.services.length === 1 && group.services[0]?.name === group.name ? group : null;
    const members = group.services.map(
      (service): StatusRow => ({ kind: 'service', key: `s:${service.name}`, service, single }),
    );
    return single === null ? [{ kind: 'group', key: `g:${group.name}`, group }, ...members] : members;
  });
}

function passes({ tone, services }: GroupPicture, only: StatusFilter['only']): boolean {
  if (only === 'all') return true;
  if (only === 'moving') return tone === 'busy';
  return (
    tone === 'bad' ||
    tone === 'warn' ||
    services.some(({ replicas }) => replicas.some(({ notCounted }) => notCounted !== null))
  );
}

function contains({ name, group, addresses, replicas }: ServiceStatus, words: readonly string[]): boolean {
  const failures = replicas.map(({ failure }) => failure?.code ?? '');
  const text = [name, group, ...addresses, ...failures].join(' ').toLowerCase();
  return words.every((word) => text.includes(word));
}

/** Pixels; the same as in styles.css. On a phone the nodes stand below each other. */
export function heightOf(row: StatusRow, nodes: readonly NodeStatus[], narrow: boolean): number {
  if (row.kind === 'group') return narrow ? 56 : 40;
  const { replicas } = row.service;
  if (!narrow) return replicas.some(isTroubled) ? 104 : 82;
  const cells = nodes.map(({ routerId }) => {
    const replica = replicas.find((each) => each.routerId === routerId);
    if (replica === undefined) return 34;
    return isTroubled(replica) ? 104 : 82;
  });
  return 80 + cells.reduce((sum, height) => sum + height, 0);
}

/** It has a line to say about what is wrong, or what it waits for. */
export function isTroubled({ failure, waitsFor, notCounted }: ReplicaStatus): boolean {
  return failure !== null || waitsFor !== null || notCounted !== null;
}
