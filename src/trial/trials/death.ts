import { type Rig, wordsOf } from '../rig.js';
import { signalAll } from '../service-processes.js';
import { NotApplicable, TrialError } from '../trial-error.js';
import { started } from './life.js';

const KILLS = 10;
/** A watch that sees a death later is no better than a check. */
const SEEN_WITHIN_MS = 5_000;
/** One that ends sooner, though all is well, does not watch. */
const WELL_MS = 500;

export async function startKilled(rig: Rig): Promise<string> {
  const took = rig.times.get('start') ?? [];
  const usual = Math.max(5, took.reduce((sum, ms) => sum + ms, 0) / Math.max(1, took.length));
  let killed = 0;
  for (let count = 0; count < KILLS; count += 1) {
    const afterMs = rig.random() * usual;
    if (await rig.killStartAfter(afterMs)) killed += 1;
    const when = `a \`start\` killed after ${afterMs.toFixed(0)} ms`;
    const outcome = await rig.call('stop');
    if (outcome.result !== 'succeeded') {
      throw new TrialError(
        `after ${when}, \`stop\` ${wordsOf(outcome)}`,
        'write down what `stop` needs before you need it',
      );
    }
    await rig.mustBeGone(`${when}, and \`stop\``);
  }
  await started(rig);
  await rig.must('check', 'a `start` after a killed one must work as the first');
  return `${killed} of ${KILLS} were killed in time; nothing was left`;
}

export async function killed(rig: Rig): Promise<string> {
  await started(rig);
  await killAll(rig);
  const outcome = await rig.call('check');
  if (outcome.result === 'succeeded') throw new TrialError('`check` succeeds though its processes are dead', USE_IT);
  await rig.must('stop', '`stop` of what has died succeeds');
  await started(rig);
  await rig.must('check', 'a `start` after a death must work as the first: mind locks, sockets and PID files');
  return `\`check\` ${wordsOf(outcome)}`;
}

export async function frozen(rig: Rig): Promise<string> {
  await started(rig);
  if (
    signalAll(
      rig.processes().map(({ pid }) => pid),
      'SIGSTOP',
    ) === 0
  )
    throw withoutProcess();
  const begin = performance.now();
  const outcome = await rig.call('check');
  const seconds = ((performance.now() - begin) / 1000).toFixed(1);
  if (outcome.result === 'succeeded') throw new TrialError('`check` succeeds though the service hangs', USE_IT);
  if (outcome.result === 'timed-out') {
    throw new TrialError(
      `\`check\` ${wordsOf(outcome)}`,
      'give it a limit of its own, so that the reason says what did not answer',
    );
  }
  await rig.must('stop', 'kill (SIGKILL) what does not end by itself within a few seconds');
  await rig.mustBeGone('a hang and `stop`');
  return `\`check\` ${wordsOf(outcome)}, after ${seconds} s`;
}

export async function watch(rig: Rig): Promise<string> {
  if (!rig.definition.watched) throw new NotApplicable('its Makefile has no watch');
  await started(rig);
  const ended = rig.watch();
  const early = await Promise.race([ended, new Promise<'well'>((resolve) => setTimeout(resolve, WELL_MS, 'well'))]);
  if (early !== 'well')
    throw new TrialError(`it ends at once: ${early}`, '`watch` runs as long as the service is well');
  const begin = performance.now();
  try {
    // What watches lives on, as one of ours.
    await killAll(rig);
    const late = new Promise<'late'>((resolve) => setTimeout(resolve, SEEN_WITHIN_MS, 'late'));
    const seen = await Promise.race([ended, late]);
    if (seen === 'late') {
      throw new TrialError(
        `it does not see the death within ${SEEN_WITHIN_MS / 1000} s`,
        'end when the process has ended',
      );
    }
    return `it ends after ${(performance.now() - begin).toFixed(0)} ms: ${seen ?? 'without a reason'}`;
  } finally {
    rig.endWatch();
    await ended;
  }
}

const USE_IT = 'use the service as a client would: that its PID file or its port is there proves nothing';

async function killAll(rig: Rig): Promise<void> {
  if ((await rig.killAll()) === 0) throw withoutProcess();
}

function withoutProcess(): NotApplicable {
  return new NotApplicable('it has no process of its own');
}
