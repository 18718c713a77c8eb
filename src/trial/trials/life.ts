import { setTimeout as delay } from 'node:timers/promises';
import { type Rig, wordsOf } from '../rig.js';
import { holderOf } from '../service-processes.js';
import { NotApplicable, TrialError } from '../trial-error.js';

const RELOADS = 3;

export async function activate(rig: Rig): Promise<string> {
  await rig.must(
    'activate',
    'install or make what it says is missing; a node on which `activate` fails is no candidate',
  );
  return 'it succeeds';
}

export async function stopFirst(rig: Rig): Promise<string> {
  await rig.must(
    'stop',
    'succeed when there is nothing to stop: srrd calls `stop` after a crash, and first of all for a resource',
  );
  await rig.mustBeGone('`stop`');
  return 'it succeeds';
}

export async function start(rig: Rig): Promise<string> {
  await rig.must('start', 'see the reason; the addresses are up when `start` is called');
  await rig.must('check', 'let `start` come back when the service serves, not when it has been started');
  const running = rig.processes().map(({ words }) => words);
  return running.length === 0 ? 'it serves, without a process of its own' : `it serves: ${running.join(', ')}`;
}

export async function stop(rig: Rig): Promise<string> {
  await started(rig);
  await rig.must('stop', 'a `stop` that fails leaves a service failed until an operator has looked');
  await rig.mustBeGone('`stop`');
  return 'nothing is left';
}

export async function startTwice(rig: Rig): Promise<string> {
  await started(rig);
  const before = instances(rig);
  await rig.must('start', '`start` of what runs succeeds: after a crash nobody knows whether it does');
  await rig.must('check', '`start` of what runs must not break it');
  const after = instances(rig);
  if (after.length > before.length) {
    throw new TrialError(
      `after a second \`start\` there is also ${after.at(-1)}`,
      'find out first whether it runs, by its PID and what /proc/PID/cmdline says',
    );
  }
  return 'one instance runs';
}

export async function stopTwice(rig: Rig): Promise<string> {
  await started(rig);
  for (const _ of [1, 2]) await rig.must('stop', '`stop` of what is stopped succeeds');
  await rig.mustBeGone('`stop`');
  return 'it succeeds';
}

export async function checkStopped(rig: Rig): Promise<string> {
  await started(rig);
  await rig.must('stop', 'see the trial `stop`');
  const outcome = await rig.call('check');
  if (outcome.result === 'succeeded') {
    throw new TrialError(
      '`check` succeeds though nothing runs',
      'use the service as a client would: a check that cannot fail finds no failure',
    );
  }
  return `it ${wordsOf(outcome)}`;
}

export async function output(rig: Rig): Promise<string> {
  await started(rig);
  const holder = holderOf(rig.processes(), '/primitives/pipes/');
  if (holder !== undefined) {
    throw new TrialError(
      `${holder.words} still writes to the output of \`start\``,
      'what stays in the background gets a session and a file: setsid PROGRAM > "$$SRRD_STATE_DIR/log" 2>&1 &',
    );
  }
  return 'none does';
}

export async function status(rig: Rig): Promise<string> {
  await started(rig);
  const outcome = await rig.call('status');
  if (outcome.result !== 'succeeded')
    throw new TrialError(`\`status\` ${wordsOf(outcome)}`, 'print what helps, exit 0');
  const [line = ''] = outcome.output.trim().split('\n');
  if (line === '') throw new NotApplicable('it prints nothing');
  return line;
}

export async function restart(rig: Rig): Promise<string> {
  await started(rig);
  await rig.must('restart', '`restart` is what a node tries before it gives a service up');
  await rig.must('check', 'let `restart` come back when the service serves');
  return 'it serves again';
}

/** A check is a client; one that fails meanwhile is a client that was turned away. */
export async function reload(rig: Rig): Promise<string> {
  await started(rig);
  const clients = { checks: 0, isOver: false, failure: null as string | null };
  const client = rig.client();
  const asking = (async () => {
    while (!clients.isOver && clients.failure === null) {
      const outcome = await client.call('check');
      clients.checks += 1;
      if (outcome.result !== 'succeeded') clients.failure = wordsOf(outcome);
    }
  })();
  try {
    for (let count = 0; count < RELOADS; count += 1) {
      await rig.must('reload', '`reload` takes a changed configuration; without one it changes nothing, and succeeds');
      await delay(50);
    }
  } finally {
    clients.isOver = true;
    await asking;
  }
  if (clients.failure !== null) {
    throw new TrialError(`a \`check\` during \`reload\` ${clients.failure}`, 'reload without stopping');
  }
  return `${clients.checks} checks succeeded meanwhile`;
}

export async function deactivate(rig: Rig): Promise<string> {
  await started(rig);
  await rig.must('stop', 'see the trial `stop`');
  await rig.must('deactivate', '`deactivate` undoes `activate`');
  await rig.mustBeGone('`deactivate`');
  return 'nothing is left';
}

/** How most trials begin. */
export async function started(rig: Rig): Promise<void> {
  await rig.must('start', 'see the trial `start`: it succeeded there');
}

/** What has been left in the background, without its children. */
function instances(rig: Rig): string[] {
  return rig
    .processes()
    .filter(({ parent }) => parent === 1)
    .map(({ words }) => words);
}
