/** The questions before commands that stop something, for one service and for a group alike. */
import type { Question } from '../parts/dialog.js';
import { nodeName } from '../store/cluster.js';
import { Prediction } from './prediction.js';

/** What a command is given to. */
export interface Subject {
  readonly kind: 'service' | 'group';
  readonly name: string;
  /** "WEB", "the group SHOP". */
  readonly words: string;
  /** Where it is started, router ID; null: nowhere. */
  readonly owner: string | null;
  /** All services of the group, the subject among them. */
  readonly members: readonly string[];
  /** "SHOP". */
  readonly group: string;
}

export function moveQuestion(subject: Subject, routerId: string, pin: boolean): Question {
  const node = nodeName(routerId);
  return {
    title: `Move ${subject.words} to ${node}${pin ? ' and pin it there' : ''}?`,
    tone: 'normal',
    deed: `Move to ${node}`,
    body: <MoveBody subject={subject} routerId={routerId} pin={pin} />,
  };
}

interface MoveBodyProps {
  readonly subject: Subject;
  readonly routerId: string;
  readonly pin: boolean;
}

function MoveBody({ subject, routerId, pin }: MoveBodyProps) {
  const { words, members, group, owner } = subject;
  const node = nodeName(routerId);
  return (
    <>
      <p>
        {members.length > 1
          ? `The whole group ${group} goes with it: ${members.join(', ')}.`
          : `${words} stops on ${owner === null ? 'its owner' : nodeName(owner)} and starts on ${node}.`}{' '}
        It is interrupted for as long as its stop and start take.
      </p>
      {pin && (
        <p class="muted">
          Pinned, it stays on {node} against higher preferences until {node} fails, or somebody stops or unpins it.
        </p>
      )}
      <Prediction question={{ change: pin ? 'pin' : 'move', node: routerId, ...named(subject) }} />
    </>
  );
}

function named({ kind, name }: Subject): { readonly group: string } | { readonly service: string } {
  return kind === 'group' ? { group: name } : { service: name };
}

export function stopQuestion(command: 'stop' | 'deactivate', subject: Subject, routerId: string): Question {
  const node = nodeName(routerId);
  const { words } = subject;
  const verb = command === 'stop' ? 'Stop' : 'Deactivate';
  return {
    title: `${verb} ${words} on ${node}?`,
    tone: 'danger',
    deed: verb,
    body: (
      <>
        <p>
          {command === 'stop'
            ? `${capital(words)} is stopped on ${node}, and ${node} stays on standby for it until start or move names it.`
            : `${capital(words)} is stopped on ${node} and withdrawn. It stays inactive there, also after a restart of srrd, until somebody activates it.`}
        </p>
        <Prediction question={{ change: 'stop', node: routerId, ...named(subject) }} />
      </>
    ),
  };
}

export function clearQuestion(words: string, routerId: string): Question {
  return {
    title: `Clear ${words} on ${nodeName(routerId)}?`,
    tone: 'danger',
    deed: 'It does not run: clear it',
    body: (
      <p>
        The cluster cannot tell whether {words} still runs. <strong>Make sure by hand that it does not</strong>: after
        this another node may start it, and two nodes would use it at once.
      </p>
    ),
  };
}

/** The manual confirmation of fencing. Nobody but a person can know. */
export function confirmStoppedQuestion(words: string, routerId: string): Question {
  const node = nodeName(routerId);
  return {
    title: `Have you made sure that ${words} does not run on ${node}?`,
    tone: 'danger',
    deed: `It does not run on ${node}`,
    body: (
      <p>
        {node} held it when it fell silent, and the cluster cannot tell whether it still does.{' '}
        <strong>Look on {node}, or switch it off, first.</strong> After this another node may start {words} at once; if
        it still runs on {node}, two nodes use it, and its data may be lost.
      </p>
    ),
  };
}

export function restartQuestion(words: string, routerId: string): Question {
  return {
    title: `Restart ${words} on ${nodeName(routerId)}?`,
    tone: 'normal',
    deed: 'Restart',
    body: <p>Its Makefile’s target restart is run now. The service is interrupted for as long as that takes.</p>,
  };
}

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
