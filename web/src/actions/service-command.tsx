import { post } from '../api/client.js';
import type { ServiceStatus } from '../api/types.js';
import type { ServiceCommand } from '../model/commands.js';
import { confirm } from '../parts/dialog.js';
import { isHere, nodeName, picture } from '../store/cluster.js';
import { giveCommand } from '../store/commands.js';
import { Prediction } from './prediction.js';

/** What the buttons say. */
export const COMMAND_LABELS: Readonly<Record<ServiceCommand, string>> = {
  move: 'Move here',
  stop: 'Stop here',
  check: 'Check now',
  restart: 'Restart',
  reload: 'Reload',
  clear: 'Clear failure',
  activate: 'Activate',
  deactivate: 'Deactivate',
  unpin: 'Unpin',
  enable: 'Enable',
  disable: 'Disable',
};

export interface ServiceWish {
  readonly service: ServiceStatus;
  readonly routerId: string;
  readonly command: ServiceCommand;
  readonly pin?: boolean;
}

/** Asks first where something would stop, then gives the command, and keeps account of the answer. */
export async function commandService(wish: ServiceWish): Promise<void> {
  if (isDangerous(wish) && !(await confirm(questionOf(wish)))) return;
  const { service, routerId, command, pin = false } = wish;
  const what = `${COMMAND_LABELS[command].replace(' here', '').toLowerCase()} ${service.name} ${command === 'move' ? 'to' : 'on'} ${nodeName(routerId)}${pin ? ', pinned' : ''}`;
  const body = { ...(isHere(routerId) && command !== 'move' ? {} : { target: routerId }), ...(pin ? { pin } : {}) };
  await giveCommand(
    what,
    subjectOf(service.name, routerId),
    () => post<{ text: string }>(`/services/${encodeURIComponent(service.name)}/${command}`, body),
    ({ text }) => text,
  );
}

export function subjectOf(service: string, routerId: string): string {
  return `${service}@${routerId}`;
}

function isDangerous({ service, routerId, command }: ServiceWish): boolean {
  const replica = service.replicas.find((each) => each.routerId === routerId);
  const runs = replica !== undefined && ['started', 'starting', 'stopping'].includes(replica.state);
  switch (command) {
    case 'move':
      return service.owner !== null;
    case 'stop':
    case 'deactivate':
    case 'restart':
      return runs;
    case 'clear':
      return mayStillRun(wishReplicaFailure(service, routerId)) || replica?.waitsFor != null;
    default:
      return false;
  }
}

function wishReplicaFailure(service: ServiceStatus, routerId: string): string | undefined {
  return service.replicas.find((each) => each.routerId === routerId)?.failure?.code;
}

function mayStillRun(code: string | undefined): boolean {
  return code === 'stop-failed' || code === 'stop-timed-out';
}

function questionOf(wish: ServiceWish) {
  const { service, routerId, command, pin = false } = wish;
  const { name } = service;
  const node = nodeName(routerId);
  const tone = command === 'move' || command === 'restart' ? ('normal' as const) : ('danger' as const);
  switch (command) {
    case 'move':
      return {
        title: `Move ${name} to ${node}${pin ? ' and pin it there' : ''}?`,
        tone,
        deed: `Move to ${node}`,
        body: <MoveBody service={service} node={node} pin={pin} />,
      };
    case 'clear':
      return {
        title: `Clear ${name} on ${node}?`,
        tone,
        deed: 'It does not run: clear it',
        body: (
          <p>
            The cluster cannot tell whether {name} still runs. <strong>Make sure by hand that it does not</strong>:
            after this another node may start it, and two nodes would use it at once.
          </p>
        ),
      };
    case 'restart':
      return {
        title: `Restart ${name} on ${node}?`,
        tone,
        deed: 'Restart',
        body: <p>Its Makefile’s target restart is run now. The service is interrupted for as long as that takes.</p>,
      };
    default:
      return {
        title: `${COMMAND_LABELS[command].replace(' here', '')} ${name} on ${node}?`,
        tone,
        deed: COMMAND_LABELS[command].replace(' here', ''),
        body: (
          <>
            <p>
              {command === 'stop'
                ? `${name} is stopped on ${node}, and ${node} stays on standby for it until start or move names it.`
                : `${name} is stopped on ${node} and withdrawn. It stays inactive there, also after a restart of srrd, until somebody activates it.`}
            </p>
            <Prediction question={`stop ${routerId} ${name}`} />
          </>
        ),
      };
  }
}

function MoveBody({
  service,
  node,
  pin,
}: {
  readonly service: ServiceStatus;
  readonly node: string;
  readonly pin: boolean;
}) {
  const members = [...(picture.value?.services.values() ?? [])].filter(({ group }) => group === service.group);
  const owner = service.owner === null ? null : nodeName(service.owner);
  return (
    <>
      <p>
        {members.length > 1
          ? `The whole group ${service.group} goes with it: ${members.map(({ name }) => name).join(', ')}.`
          : `${service.name} stops on ${owner ?? 'its owner'} and starts on ${node}.`}{' '}
        It is interrupted for as long as its stop and start take.
      </p>
      <p class="muted">
        {pin
          ? `Pinned, it stays on ${node} against higher preferences until ${node} fails, or somebody stops or unpins it.`
          : `If another node has a higher preference, ${node} refuses and says so.`}
      </p>
    </>
  );
}
