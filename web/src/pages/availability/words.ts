import type { AvailabilityDocument, NodeStatus } from '../../api/types.js';

export type Span = AvailabilityDocument['services'][number]['spans'][number];

/** Nodes beyond them share colours. */
const COLOURS = 6;

/** The colour of a node, which it keeps as long as no node comes before it. */
export function ownerClass(routerId: string, nodes: readonly Pick<NodeStatus, 'routerId'>[]): string {
  const index = nodes.findIndex((node) => node.routerId === routerId);
  return index < 0 ? 'strip-gone' : `strip-node-${index % COLOURS}`;
}

export function causeWords(cause: Span['cause']): string {
  switch (cause) {
    case 'failure':
      return 'Outage: it failed';
    case 'node-lost':
      return 'Outage: its node was lost';
    case 'daemon-lost':
      return 'Outage: srrd or ospfd there ended or fell silent';
    case 'handover':
      return 'Outage: it went from one node to another';
    case 'command':
      return 'An operator took it away';
    default:
      return 'Not known: srrd did not run on this node, or was isolated, or keeps nothing of that time';
  }
}

/** How long, to the millisecond below a second. */
export function lengthWords({ from, until }: Pick<Span, 'from' | 'until'>): string {
  const ms = Date.parse(until) - Date.parse(from);
  if (ms < 1000) return `${ms} ms`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** `99.998 %`: as many nines as there are, never rounded up to all. */
export function percent(share: number): string {
  if (share === 1) return '100 %';
  return `${(Math.floor(share * 100_000) / 1000).toFixed(3)} %`;
}
