import type { ServiceCommand } from '../../../src/tables/index.js';
import { mayStillRun } from '../../../src/tables/index.js';
import { post } from '../api/client.js';
import type { ServiceStatus } from '../api/types.js';
import { confirm, type Question } from '../parts/dialog.js';
import { isHere, nodeName, picture } from '../store/cluster.js';
import { giveCommand } from '../store/commands.js';
import { commandWords } from './command-words.js';
import {
  clearQuestion,
  confirmStoppedQuestion,
  moveQuestion,
  restartQuestion,
  type Subject,
  stopQuestion,
} from './questions.js';

export interface ServiceRequest {
  readonly service: ServiceStatus;
  readonly routerId: string;
  readonly command: ServiceCommand;
  readonly pin?: boolean;
}

/** Asks first where something would stop, then gives the command, and keeps account of the answer. */
export async function commandService(request: ServiceRequest): Promise<void> {
  const question = questionBefore(request);
  if (question !== null && !(await confirm(question))) return;
  const { service, routerId, command, pin = false } = request;
  const body =
    command === 'confirm-stopped'
      ? { on: routerId }
      : { ...(isHere(routerId) && command !== 'move' ? {} : { target: routerId }), ...(pin ? { pin } : {}) };
  await giveCommand(
    commandWords(command, service.name, nodeName(routerId), pin),
    subjectOf(service.name, routerId),
    () => post<{ text: string }>(`/services/${encodeURIComponent(service.name)}/${command}`, body),
    ({ text }) => text,
  );
}

export function subjectOf(service: string, routerId: string): string {
  return `${service}@${routerId}`;
}

/** null: nothing is interrupted by it. */
function questionBefore({ service, routerId, command, pin = false }: ServiceRequest): Question | null {
  const replica = service.replicas.find((each) => each.routerId === routerId);
  const runs = replica !== undefined && ['started', 'starting', 'stopping'].includes(replica.state);
  switch (command) {
    case 'move':
      return service.owner === null ? null : moveQuestion(aboutService(service), routerId, pin);
    case 'stop':
    case 'deactivate':
      return runs ? stopQuestion(command, aboutService(service), routerId) : null;
    case 'restart':
      return runs ? restartQuestion(service.name, routerId) : null;
    case 'clear':
      return mayStillRun(replica?.failure?.code) ? clearQuestion(service.name, routerId) : null;
    case 'confirm-stopped':
      return confirmStoppedQuestion(service.name, routerId);
    default:
      return null;
  }
}

function aboutService({ name, group, owner }: ServiceStatus): Subject {
  const all = [...(picture.value?.services.values() ?? [])];
  const members = all.filter((service) => service.group === group).map((service) => service.name);
  return { kind: 'service', name, words: name, owner, members, group };
}
