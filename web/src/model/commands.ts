import { COMMANDS, type CommandRow, type ServiceCommand } from '../../../src/tables/index.js';
import type { ReplicaStatus, Role, ServiceStatus } from '../api/types.js';
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

/**
 * All commands to a service on a node, in the order of the menu. The conditions are those of docs/states-and-rules.md,
 * "Commands", as far as the status tells them. Pure.
 */
export function possibilities(
  service: ServiceStatus,
  routerId: string,
  picture: ClusterPicture,
  asker: Asker,
): Possibility[] {
  const general = whyNothing(routerId, picture, asker);
  const replica = service.replicas.find((each) => each.routerId === routerId);
  return SERVICE_COMMANDS.map((command) => ({
    command,
    whyNot:
      command === 'confirm-stopped'
        ? whyNotConfirm(service, routerId, asker)
        : (general ?? (replica === undefined ? ofAbsent(command) : obstacle(command, service, replica, picture))),
  }));
}

/** Why none of the commands for operators can be given to this node; null: they can. */
export function whyNothing(routerId: string, { nodes }: ClusterPicture, asker: Asker): string | null {
  const general = whyNobody(asker);
  if (general !== null) return general;
  const node = nodes.find((each) => each.routerId === routerId);
  return node?.reachable === false ? `${node.name} is unreachable` : null;
}

/** It is this page's node that is told, so the node that it is about need not be there. */
function whyNotConfirm({ waitsForHolders }: ServiceStatus, routerId: string, asker: Asker): string | null {
  const general = whyNobody(asker);
  if (general !== null) return general;
  return waitsForHolders.includes(routerId) ? null : 'nothing waits for that node to let go of it';
}

function whyNobody(asker: Asker): string | null {
  if (!asker.live) return 'the connection to this node is lost';
  if (asker.readOnly) return 'this server is read-only: it has no web.tls';
  return asker.role === 'viewer' ? 'it needs the role operator, and you are viewer' : null;
}

/** What is not active on another node is not announced: nothing is known of it here. */
function ofAbsent(command: ServiceCommand): string | null {
  return command === 'activate' ? null : 'it is not active there, or not configured';
}

function obstacle(
  command: ServiceCommand,
  service: ServiceStatus,
  replica: ReplicaStatus,
  picture: ClusterPicture,
): string | null {
  const isHere = picture.node.routerId === replica.routerId;
  const failed = replica.state === 'failed' || replica.config === 'failed';
  switch (command) {
    case 'move':
      return whyNotMove(service, replica, picture);
    case 'stop':
      if (replica.config !== 'active') return `it is ${replica.config} there`;
      return replica.standby ? 'it is on standby there already' : null;
    case 'check':
    case 'restart':
    case 'reload':
      return replica.state === 'started' ? null : `it is ${replica.state} there, and ${command} needs it started`;
    case 'clear':
      return failed ? null : 'nothing has failed there';
    case 'activate':
      if (replica.config === 'disabled') return 'it is disabled there: enable it first';
      return replica.config === 'active' && !failed ? 'it is active there already' : null;
    case 'deactivate':
      return replica.config === 'active' || replica.config === 'injected' ? null : `it is ${replica.config} there`;
    case 'unpin':
      return replica.pinned ? null : 'it is not pinned there';
    case 'enable':
      if (!isHere) return 'it is asked on the node itself: open this page there';
      return replica.config === 'disabled' ? null : 'it is enabled already';
    case 'disable':
      if (!isHere) return 'it is asked on the node itself: open this page there';
      if (replica.config === 'disabled') return 'it is disabled already';
      return replica.config === 'inactive' || replica.config === 'failed'
        ? null
        : `it is ${replica.config} there: deactivate it first`;
    default:
      return null;
  }
}

function whyNotMove(service: ServiceStatus, replica: ReplicaStatus, { nodes }: ClusterPicture): string | null {
  if (service.owner === replica.routerId) return 'it runs there already';
  if (replica.config !== 'active') return `it is ${replica.config} there: activate it first`;
  if (replica.state === 'failed') return `it has failed there (${replica.failure?.code ?? 'unknown'}): clear it first`;
  if (replica.state === 'starting') return 'it is starting there';
  if (replica.state === 'stopping') return 'it is stopping there: wait until it has';
  if (nodes.find(({ routerId }) => routerId === replica.routerId)?.standby) {
    return 'the node is on standby: end that first';
  }
  if (replica.joining) return 'the node is joining the cluster: wait a moment';
  return replica.notCounted === null ? null : `it does not count there: ${replica.notCounted}`;
}
