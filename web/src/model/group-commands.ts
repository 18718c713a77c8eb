import { COMMANDS, type GroupCommand } from '../../../src/tables/index.js';
import type { ServiceStatus } from '../api/types.js';
import type { ClusterPicture } from '../store/cluster.js';
import { type Asker, possibilities, SERVICE_COMMANDS } from './commands.js';

/** Those that the menu has, in the order of a service's. */
export const GROUP_COMMANDS = SERVICE_COMMANDS.filter((command) => command in COMMANDS.group) as GroupCommand[];

/** What one may do to a group on the nodes. */
export interface GroupPossibility {
  readonly command: GroupCommand;
  /** Router IDs of the nodes of which this is true. */
  readonly on: readonly string[];
  /** null: it can be tried; the node still decides. */
  readonly whyNot: string | null;
}

/**
 * All commands to a group on all nodes, in the order of the menu. A command is possible if it is for one of the members:
 * the others answer for themselves. Nodes with the same reason why not stand together. Pure.
 */
export function groupPossibilities(
  members: readonly ServiceStatus[],
  picture: ClusterPicture,
  asker: Asker,
): GroupPossibility[] {
  return GROUP_COMMANDS.flatMap((command): GroupPossibility[] => {
    const onNodes = picture.nodes.map(({ routerId }) => ({
      routerId,
      whyNot: whyNotOn(command, members, routerId, picture, asker),
    }));
    const reasons = [...new Set(onNodes.map(({ whyNot }) => whyNot))];
    return reasons.map((whyNot) => ({
      command,
      whyNot,
      on: onNodes.filter((node) => node.whyNot === whyNot).map(({ routerId }) => routerId),
    }));
  });
}

function whyNotOn(
  command: GroupCommand,
  members: readonly ServiceStatus[],
  routerId: string,
  picture: ClusterPicture,
  asker: Asker,
): string | null {
  const reasons = members.map(
    (service) =>
      possibilities(service, routerId, picture, asker).find((each) => each.command === command)?.whyNot ?? null,
  );
  if (reasons.includes(null)) return null;
  const [first = null, ...others] = new Set(reasons);
  return others.length === 0 ? first : `${first}, and so on for ${others.length} more`;
}
