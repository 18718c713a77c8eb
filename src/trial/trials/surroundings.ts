import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Rig } from '../rig.js';
import { NotApplicable, TrialError } from '../trial-error.js';
import { started } from './life.js';

export async function addressGone(rig: Rig): Promise<string> {
  if (rig.definition.addresses.length === 0) throw new NotApplicable('a resource has no address');
  await started(rig);
  await rig.address('del');
  await rig.must('stop', '`stop` must not need the address: after a crash of srrd the kernel takes it away');
  await rig.mustBeGone('`stop`');
  return 'it succeeds, and nothing is left';
}

/** As after a power loss: no process of it lives, its files are there, and its numbers belong to others. */
export async function stalePid(rig: Rig): Promise<string> {
  await started(rig);
  const files = pidFiles(rig.folder);
  if (files.length === 0) throw new NotApplicable('it has no PID file in SRRD_STATE_DIR');
  await rig.killAll();
  const stranger = await rig.stranger();
  for (const file of files) writeFileSync(file, `${stranger}\n`);
  await rig.must('stop', '`stop` succeeds when the PID file is stale');
  mustLive(stranger, 'stop');
  await rig.must('start', '`start` succeeds when the PID file is stale');
  await rig.must('check', 'a stale PID file is no sign of a service that runs');
  mustLive(stranger, 'start');
  await rig.must('stop', 'see the trial `stop`');
  mustLive(stranger, 'stop');
  return `the stranger lives (${files.map((file) => file.slice(rig.folder.length + 1)).join(', ')})`;
}

/** The same service under another name, on another address: as on a machine that owns two of them. */
export async function second(rig: Rig): Promise<string> {
  const { definition } = rig;
  const addresses = definition.addresses.map((_, index) => `198.51.100.${index + 1}`);
  const name = `${definition.name}-2`.slice(-10);
  const other = rig.beside({ ...definition, name, group: name, addresses });
  await other.address('add');
  await started(rig);
  try {
    await other.must(
      'start',
      'two services of this Makefile must not meet: keep files in SRRD_STATE_DIR, listen on SRRD_ADDRESSES only',
    );
    await rig.must('check', 'the second instance must not break the first');
    await other.must('check', 'two services of this Makefile must not meet');
    await rig.must('stop', 'see the trial `stop`');
    await other.must('check', '`stop` ends its own service and no other: no pkill, no killall');
  } finally {
    await other.call('stop');
    await rig.call('stop');
  }
  return 'each has its own life';
}

export async function peers(rig: Rig): Promise<string> {
  await started(rig);
  const peer = '192.0.2.253';
  await rig.must('join', 'its failure has no consequence, but is logged', { peer });
  await rig.must('leave', 'its failure has no consequence, but is logged', { peer });
  const mark = join(rig.folder, 'carried-out');
  for (const text of hostileTexts(`touch ${mark}`)) {
    const failure = `check-failed: ${text}`;
    await rig.must('failed', '`failed` tells somebody; its own failure has no consequence', { failure });
    if (existsSync(mark)) {
      throw new TrialError(
        `\`failed\` carries out what is in SRRD_FAILURE: ${text.replace(mark, 'FILE')}`,
        'write "$$SRRD_FAILURE", in quotes and with two dollar signs; never $(SRRD_FAILURE), never eval',
      );
    }
  }
  return 'they succeed, and nothing in the text is carried out';
}

/** What a program printed can be in it: for the shell in three ways, and for make. */
function hostileTexts(command: string): readonly string[] {
  return [
    `$(${command})`,
    `\`${command}\``,
    `"; ${command}; "`,
    `'; ${command}; '`,
    `; ${command};`,
    `$(shell ${command})`,
  ];
}

/** Files that hold a number and nothing else. */
function pidFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => isSmallFile(path) && /^\s*\d+\s*$/.test(readFileSync(path, 'latin1')));
}

function isSmallFile(path: string): boolean {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat?.isFile() === true && stat.size > 0 && stat.size < 20;
}

function mustLive(stranger: number, target: string): void {
  try {
    process.kill(stranger, 0);
    if (readFileSync(`/proc/${stranger}/cmdline`).length > 0) return;
  } catch {
    // Told below.
  }
  throw new TrialError(
    `\`${target}\` has killed a stranger that has the number of the PID file`,
    'compare /proc/PID/cmdline with what you started before you signal it',
  );
}
