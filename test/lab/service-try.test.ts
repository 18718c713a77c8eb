import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, describe, expect, it } from 'vitest';

// The real programs in real namespaces: needs root.

const folders: string[] = [];

afterEach(async () => {
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true, force: true })));
});

const SRRCTL = join(import.meta.dirname, '../../bin/srrctl');
const SERVICES = join(import.meta.dirname, '../../services');

interface Report {
  readonly results: readonly { readonly name: string; readonly verdict: string; readonly text: string }[];
}

/** Failed trials by name, with what was seen. */
async function failedOf(folder: string, only: readonly string[]): Promise<Record<string, string>> {
  const chosen = only.length === 0 ? [] : ['--only', only.join(',')];
  const ended = await execa(SRRCTL, ['service', 'try', folder, '--json', '--seed', '1', ...chosen], { reject: false });
  expect(ended.stderr).toBe('');
  const { results } = JSON.parse(ended.stdout) as Report;
  expect(results.length).toBeGreaterThan(2);
  const failed = results.filter(({ verdict }) => verdict === 'failed');
  expect(ended.exitCode).toBe(failed.length === 0 ? 0 : 1);
  return Object.fromEntries(failed.map(({ name, text }) => [name, text]));
}

describe('what comes with srrd', () => {
  it.each(['nginx', 'exec'])('%s passes every trial', async (name) => {
    expect(await failedOf(join(SERVICES, name), [])).toEqual({});
  });

  it('a program that ends at once fails its start, with its last words', async () => {
    const command = 'COMMAND=echo no configuration; exit 4';
    const ended = await execa(SRRCTL, ['service', 'try', join(SERVICES, 'exec'), '--variable', command], {
      reject: false,
    });
    expect(ended.exitCode).toBe(1);
    expect(ended.stdout).toMatch(/FAILED +start, and a check.*`start` fails: COMMAND has ended.*: no configuration/);
  });

  it('a program runs as the user that it should, and ends with its children', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'srrd-tried-'));
    folders.push(folder);
    const definition = join(folder, 'try.yaml');
    const variables = {
      COMMAND: 'id -un; sleep 7777 & sleep 7778',
      RUN_AS: 'nobody',
      READY_LINE: 'nobody',
      DIRECTORY: '/',
    };
    await writeFile(definition, JSON.stringify({ name: 'SLEEP', addresses: [], kind: 'resource', variables }));
    const only = ['--only', 'stop-twice,start-killed,frozen'];
    const args = ['service', 'try', join(SERVICES, 'exec'), '--definition', definition, ...only];
    const ended = await execa(SRRCTL, args, { reject: false });
    expect(ended.stdout).toMatch(/6 passed, 0 failed/);
  });

  it('the template passes all but one: its check is still to be written', async () => {
    expect(Object.keys(await failedOf(join(SERVICES, 'template'), []))).toEqual(['check-stopped']);
  });
});

/** A service of one process, with nothing wrong. */
const GOOD = {
  activate: 'true',
  start: `runs || { rm -f $(PID); setsid sleep 7777 > /dev/null 2>&1 & echo $$! > $(PID); until runs; do sleep 0.01; done; }`,
  stop: 'runs && kill -s KILL $$(cat $(PID)); while runs; do sleep 0.01; done; rm -f $(PID)',
  check: 'runs || { echo it does not run; exit 1; }',
  failed: 'echo "$$SRRD_FAILURE" > /dev/null',
  join: 'true',
};

async function serviceWith(changes: Partial<Record<keyof typeof GOOD | 'watch', string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'srrd-tried-'));
  folders.push(folder);
  const empty = ['deactivate', 'reload', 'restart', 'leave', 'status'].map((target) => `${target}:`);
  const rules = Object.entries({ ...GOOD, ...changes }).map(([target, recipe]) => `${target}:\n\t$(RUNS); ${recipe}`);
  const targets = 'activate deactivate start stop reload restart join leave failed status check watch';
  const head = [
    `.PHONY: ${targets}`,
    '.SILENT:',
    'SHELL := /bin/bash',
    'PID := $(SRRD_STATE_DIR)/pid',
    `RUNS := runs() { read -r pid 2> /dev/null < $(PID) && grep -qa '^sleep.7777' /proc/$$pid/cmdline 2> /dev/null; }`,
  ];
  await writeFile(join(folder, 'Makefile'), `${[...head, ...empty, ...rules].join('\n')}\n`);
  return folder;
}

describe('a service with a fault', () => {
  const start = `setsid sleep 7777 > /dev/null 2>&1 & echo $$! > $(PID)`;

  it('and one without, which passes', async () => {
    const only = ['stop-first', 'start-twice', 'stop-twice', 'check-stopped', 'output', 'start-killed', 'killed'];
    expect(await failedOf(await serviceWith({}), [...only, 'address-gone', 'stale-pid', 'second', 'peers'])).toEqual(
      {},
    );
  });

  it.each([
    ['that stop does not stop', 'stop', { stop: 'true' }, /there still is sleep \(PID \d+\)/],
    ['whose stop needs what is not there', 'stop-first', { stop: 'kill $$(cat $(PID)) && sleep 0.05' }, /`stop` fails/],
    ['whose start starts another one', 'start-twice', { start }, /there is also sleep/],
    ['whose check cannot fail', 'check-stopped', { check: 'true' }, /though nothing runs/],
    [
      'that keeps the output of start',
      'output',
      { start: 'runs || { sleep 7777 & echo $$! > $(PID); }' },
      /still writes/,
    ],
    [
      'that writes its PID down too late',
      'start-killed',
      { start: 'runs || { setsid sleep 7777 > /dev/null 2>&1 & sleep 0.3; echo $$! > $(PID); }' },
      /there still is sleep/,
    ],
    ['whose check does not see a death', 'killed', { check: '[ -e $(PID) ]' }, /though its processes are dead/],
    ['whose check does not see a hang', 'frozen', {}, /though the service hangs/],
    ['whose PID file is believed', 'stale-pid', { stop: 'kill -9 $$(cat $(PID)); rm -f $(PID)' }, /killed a stranger/],
    ['whose stop hits others', 'second', { stop: 'pkill -9 sleep; sleep 0.05; rm -f $(PID)' }, /`check` fails/],
    ['that carries out what it is told', 'peers', { failed: 'eval "echo $$SRRD_FAILURE" || true' }, /carries out/],
    ['whose watch ends at once', 'watch', { watch: 'echo bored' }, /it ends at once: bored/],
    ['whose watch sees nothing', 'watch', { watch: 'exec sleep 60' }, /does not see the death/],
  ] as const)('%s fails the trial "%s"', async (_, name, changes, seen) => {
    const failed = await failedOf(await serviceWith(changes), [name]);
    expect(failed[name]).toMatch(seen);
  });
});

it('what cannot be tried is said in a sentence', async () => {
  const folder = await serviceWith({});
  await writeFile(join(folder, 'wrong.yaml'), 'name: WEB\nadresses: []\n');
  const refusal = async (...args: string[]): Promise<string> => {
    const { exitCode, stderr } = await execa(SRRCTL, ['service', 'try', ...args], { reject: false });
    expect(exitCode).toBe(1);
    return stderr;
  };
  expect(await refusal('/nowhere')).toMatch(/expected a Makefile in \/nowhere, found none/);
  expect(await refusal(folder, '--definition', join(folder, 'wrong.yaml'))).toMatch(/adresses/);
  expect(await refusal(folder, '--only', 'all')).toMatch(/got "all"; there are activate/);
});

it('leaves nothing behind when it is ended', async () => {
  const before = triedNow();
  const trying = execa(SRRCTL, ['service', 'try', await serviceWith({})], { reject: false });
  await once(trying.stdout, 'data');
  trying.kill('SIGINT');
  const { exitCode, stderr } = await trying;
  expect(exitCode).toBe(1);
  expect(stderr).toContain('ended before the last trial');
  expect(triedNow()).toEqual(before);
});

function triedNow(): string[] {
  return readdirSync(tmpdir()).filter((name) => name.startsWith('srrd-try-'));
}
