import type { ReplicaStatus, ServiceStatus } from '../cluster/index.js';
import type { StatusHead } from '../http/index.js';
import type { TerminalSize } from './output.js';
import { printable } from './printable.js';
import { describeStatus, nodeName } from './status-table.js';

/** The cluster at a moment. */
export interface Picture extends StatusHead {
  readonly services: readonly ServiceStatus[];
  /** ISO 8601. */
  readonly generatedAt: string;
}

/** What overwrites the table that is on the terminal: from the top left corner on, nothing beyond its size. */
export function drawing(picture: Picture, trouble: string | null, { columns, rows }: TerminalSize): string {
  const title =
    trouble === null
      ? `as of ${timeOf(picture.generatedAt)}, live`
      : `as of ${timeOf(picture.generatedAt)}: ${trouble}`;
  const lines = [title, '', ...printable(describeStatus(picture)).split('\n')];
  while (lines.at(-1) === '') lines.pop();
  const shown =
    lines.length < rows ? lines : [...lines.slice(0, rows - 2), `… and ${lines.length - rows + 2} lines more`];
  return `\x1b[H${shown.map((line) => `${[...line].slice(0, columns).join('')}\x1b[K\n`).join('')}\x1b[J`;
}

/** The whole, if there was nothing before; else a line for each replica, service and node that has changed. */
export function changeLines(before: Picture | undefined, now: Picture): string {
  if (before === undefined) return `${describeStatus(now)}\n`;
  const time = timeOf(now.generatedAt);
  const lines = [...nodeChanges(before, now), ...serviceChanges(before, now)];
  return lines.map((line) => `${time}  ${line}\n`).join('');
}

function nodeChanges(before: Picture, now: Picture): string[] {
  return now.nodes.flatMap((node) => {
    const old = before.nodes.find(({ routerId }) => routerId === node.routerId);
    if (old?.reachable === node.reachable && old.standby === node.standby) return [];
    return [`node ${node.name}: ${node.reachable ? 'reachable' : 'not reachable'}${node.standby ? ', standby' : ''}`];
  });
}

function serviceChanges(before: Picture, now: Picture): string[] {
  const old = new Map(before.services.map((service) => [service.name, service]));
  const changed = now.services.flatMap((service) => {
    const known = old.get(service.name);
    old.delete(service.name);
    if (known === service) return [];
    const owner = (routerId: string | null | undefined) => (routerId ? nodeName(now.nodes, routerId) : '-');
    const moved =
      known?.owner === service.owner
        ? []
        : [`${service.name}: owner ${owner(known?.owner)} -> ${owner(service.owner)}`];
    return [...replicaChanges(known, service, now), ...moved];
  });
  return [...changed, ...[...old.keys()].map((name) => `${name}: gone`)];
}

function replicaChanges(before: ServiceStatus | undefined, { name, replicas }: ServiceStatus, now: Picture): string[] {
  return replicas.flatMap((replica) => {
    const old = before?.replicas.find(({ routerId }) => routerId === replica.routerId);
    const [was, is] = [describe(old), describe(replica)];
    return was === is ? [] : [`${name} on ${nodeName(now.nodes, replica.routerId)}: ${was} -> ${is}`];
  });
}

function describe(replica: ReplicaStatus | undefined): string {
  if (replica === undefined) return 'nothing';
  if (!replica.reachable) return 'not reachable';
  const { config, state, failure } = replica;
  return `${config}/${state}${failure === null ? '' : ` (${failure.code}: ${failure.reason})`}`;
}

function timeOf(iso: string): string {
  return iso.slice(11, 23);
}
