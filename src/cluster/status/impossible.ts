import { formatRouterId, type RouterId } from '../../model/index.js';
import { COMMANDS, mayStillRun, type ServiceCommand } from '../../tables/index.js';
import {
  answerAtOnce,
  type Commanded,
  commandedHere,
  onStandby,
  SHUTTING_DOWN,
  stillStopping,
  whyNotAsked,
  whyNotConfirmed,
  whyNotSent,
} from '../commands/index.js';
import { groupState } from '../group/index.js';
import type { NodeState, Replica } from '../state/index.js';
import type { Observed } from '../view/index.js';

/** The commands that would change nothing now, each with the reason in words; what is absent can be tried. */
export type Impossible = Readonly<Partial<Record<ServiceCommand, string>>>;

/** Of a replica of this node. */
export function impossibleHere(
  state: NodeState,
  replica: Replica,
  self: RouterId,
  notCounted: string | null,
): Impossible {
  const general = whyNoCommands(state, self) ?? null;
  const { name } = replica.definition;
  return impossible(
    commandedHere(state, replica, false),
    notCounted,
    (command) => general ?? (command === 'confirm-stopped' ? whyNotConfirmed(state, name, self) : null),
  );
}

/** Of another node's, as far as it has announced what decides it. */
export function impossibleThere(
  state: NodeState,
  { origin, announcement }: Observed,
  notCounted: string | null,
  isWaitedFor: boolean,
): Impossible {
  const { definition, failure, runState: run, standby, pinned } = announcement;
  const { name, group } = definition;
  const daemon = state.view.nodes.get(origin)?.daemon;
  const node = daemon?.hostName ?? formatRouterId(origin);
  const it: Commanded = {
    ...{ name, node, config: 'active', run, failure, standby, pinned },
    ...{ enabled: true, activationWanted: true, deactivated: false, notRequested: null },
    stopFailed: mayStillRun(failure?.code),
    inPlace: (run === 'starting' || run === 'started') && groupState(state, group).owner === origin,
    nodeObstacle: daemon?.standby ? onStandby(node) : run === 'stopping' ? stillStopping(name, node) : null,
  };
  return impossible(it, notCounted, (command) => {
    // It is asked here, about a node that cannot answer.
    if (command !== 'confirm-stopped') return whyNotSent(state, { of: 'service', service: name, command }, origin);
    return isWaitedFor ? null : `nothing waits for ${node} to let go of ${name}`;
  });
}

/** Why a node can be asked for nothing; undefined: it can be asked. */
export function whyNoCommands(state: NodeState, id: RouterId): string | undefined {
  if (state.self !== null && id !== state.self) return whyNotAsked(state.view, id) ?? undefined;
  return state.shuttingDown ? SHUTTING_DOWN : undefined;
}

/** `first`: what is known of a command before anything of the replica is looked at. */
export function impossible(
  it: Commanded,
  notCounted: string | null,
  first: (command: ServiceCommand) => string | null,
): Impossible {
  const all = Object.keys(COMMANDS.service) as ServiceCommand[];
  return Object.fromEntries(
    all.flatMap((command) => {
      const why = first(command) ?? answerAtOnce(command, it)?.text ?? idle(command, it, notCounted);
      return why === null ? [] : [[command, why]];
    }),
  );
}

/** It is carried out when it is asked for, and has no effect. */
function idle(command: ServiceCommand, { name, node, enabled, config }: Commanded, notCounted: string | null) {
  if (command === 'enable') return enabled ? `${name} is enabled on ${node} already` : null;
  if (command === 'disable') return config === 'disabled' ? `${name} is disabled on ${node} already` : null;
  return command === 'move' || command === 'start' ? notCounted : null;
}
