import type { GroupCommand } from '../../../src/tables/index.js';
import { mayStillRun } from '../../../src/tables/index.js';
import { post } from '../api/client.js';
import type { GroupPicture } from '../model/groups.js';
import { confirm, type Question } from '../parts/dialog.js';
import { isHere, nodeName } from '../store/cluster.js';
import { giveCommand } from '../store/commands.js';
import { commandWords } from './command-words.js';
import { clearQuestion, moveQuestion, type Subject, stopQuestion } from './questions.js';

export interface GroupRequest {
  readonly group: GroupPicture;
  readonly routerId: string;
  readonly command: GroupCommand;
  readonly pin?: boolean;
}

/** As to a service, to all members of a group at once. */
export async function commandGroup(request: GroupRequest): Promise<void> {
  const question = questionBefore(request);
  if (question !== null && !(await confirm(question))) return;
  const { group, routerId, command, pin = false } = request;
  const body = { ...(isHere(routerId) && command !== 'move' ? {} : { target: routerId }), ...(pin ? { pin } : {}) };
  await giveCommand(
    commandWords(command, `the group ${group.name}`, nodeName(routerId), pin),
    `group ${group.name}@${routerId}`,
    () => post<{ text: string }>(`/groups/${encodeURIComponent(group.name)}/${command}`, body),
    ({ text }) => text,
  );
}

/** null: nothing is interrupted by it. */
function questionBefore({ group, routerId, command, pin = false }: GroupRequest): Question | null {
  const replicas = group.services.flatMap((service) => service.replicas.filter((each) => each.routerId === routerId));
  const runs = replicas.some(({ state }) => state === 'started' || state === 'starting' || state === 'stopping');
  const subject = aboutGroup(group);
  switch (command) {
    case 'move':
      return subject.owner === null ? null : moveQuestion(subject, routerId, pin);
    case 'stop':
    case 'deactivate':
      return runs ? stopQuestion(command, subject, routerId) : null;
    case 'clear': {
      const isRisky = replicas.some(({ failure }) => mayStillRun(failure?.code));
      return isRisky ? clearQuestion(subject.words, routerId) : null;
    }
    default:
      return null;
  }
}

function aboutGroup({ name, services }: GroupPicture): Subject {
  return {
    kind: 'group',
    name,
    words: `the group ${name}`,
    owner: services.find(({ owner }) => owner !== null)?.owner ?? null,
    members: services.map((service) => service.name),
    group: name,
  };
}
