import { COMMANDS, type CommandRow, type ServiceCommand } from '../../../src/tables/index.js';
import type { Role, ServiceStatus } from '../api/types.js';
import type { ClusterPicture } from '../store/cluster.js';

const ROWS: Readonly<Record<ServiceCommand, CommandRow>> = COMMANDS.service;

/** Those that the menu has, in its order. */
export const SERVICE_COMMANDS = (Object.keys(ROWS) as ServiceCommand[])
  .filter((command) => ROWS[command].button !== undefined)
  .sort((a, b) => placeOf(a) - placeOf(b));

function placeOf(command: ServiceCommand): number {
  return ROWS[command].button?.place ?? 0;
}

/** What one may do to a service on one node, or why not. */
export interface Possibility {
  readonly command: ServiceCommand;
  /** null: it can be tried; the node still decides. */
  readonly whyNot: string | null;
}

/** Who asks, and whether the node can be asked at all. */
export interface Asker {
  readonly role: Role;
  readonly readOnly: boolean;
  readonly live: boolean;
}

/** All commands to a service on a node, in the order of the menu, as the status and the asker's role let them. Pure. */
export function possibilities(
  service: ServiceStatus,
  routerId: string,
  picture: ClusterPicture,
  asker: Asker,
): Possibility[] {
  const general = whyNobody(asker);
  const replica = service.replicas.find((each) => each.routerId === routerId);
  return SERVICE_COMMANDS.map((command) => {
    const whyNot = replica === undefined ? ofAbsent(command, service, routerId, picture) : replica.impossible[command];
    return { command, whyNot: general ?? whyNot ?? null };
  });
}

/** What is not active on another node is not announced: all that is known of it here is whether something waits for it. */
function ofAbsent(
  command: ServiceCommand,
  { name, waitsForHolders }: ServiceStatus,
  routerId: string,
  { nodes }: ClusterPicture,
): string | undefined {
  if (command === 'confirm-stopped' && waitsForHolders.includes(routerId)) return undefined;
  const node = nodes.find((each) => each.routerId === routerId);
  if (node?.whyNoCommands !== undefined || command === 'activate') return node?.whyNoCommands;
  return `${name} is not active on ${node?.name ?? routerId}, or not configured`;
}

/** Why none of the commands for operators can be given to this node; null: they can. */
export function whyNothing(routerId: string, { nodes }: ClusterPicture, asker: Asker): string | null {
  return whyNobody(asker) ?? nodes.find((each) => each.routerId === routerId)?.whyNoCommands ?? null;
}

function whyNobody(asker: Asker): string | null {
  if (!asker.live) return 'the connection to this node is lost';
  if (asker.readOnly) return 'this server is read-only: it has no web.tls';
  return asker.role === 'viewer' ? 'it needs the role operator, and you are viewer' : null;
}
