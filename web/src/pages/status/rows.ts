import type { ServiceStatus } from '../../api/types.js';
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
export function heightOf(row: StatusRow, nodes: number, narrow: boolean): number {
  if (row.kind === 'group') return narrow ? 56 : 40;
  const trouble = row.service.replicas.some(({ failure, waitsFor, notCounted }) => failure ?? waitsFor ?? notCounted);
  const cell = trouble ? 104 : 82;
  return narrow ? 74 + nodes * (cell + 4) : cell;
}
