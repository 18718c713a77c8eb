import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ServiceDefinition } from '../model/index.js';
import { processStat } from './process-group.js';
import { PrimitiveRunner, type WatchRequest } from './runner.js';
import { definitionOf, makefileWith, requestFor, until } from './testing.js';

let stateDir: string;
let runner: PrimitiveRunner;
const background: number[] = [];
const folders: string[] = [];

beforeEach(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'srrd-primitives-'));
  runner = new PrimitiveRunner({ node: { name: 'alpha', cluster: 'default' }, stateDir });
});

afterEach(async () => {
  await runner.stop();
  for (const pid of background.splice(0)) {
    if (isAlive(pid)) process.kill(pid, 'SIGKILL');
  }
  for (const folder of [stateDir, ...folders.splice(0)]) await rm(folder, { recursive: true, force: true });
});

describe('how a call ends', () => {
  test('a recipe that exits 0 succeeds, and its output is given back', async () => {
    const web = await service('.PHONY: status\nstatus:\n\t@echo one; echo two >&2; echo three\n');
    expect(await runner.run(requestFor(web, 'status'))).toEqual({ result: 'succeeded', output: 'one\ntwo\nthree\n' });
  });

  test('an empty target succeeds and says nothing', async () => {
    const web = await service('.PHONY: join\njoin:\n');
    expect(await runner.run(requestFor(web, 'join'))).toEqual({ result: 'succeeded', output: '' });
  });

  test('for a target that certainly does nothing make is not started', async () => {
    const web = { ...(await service('.PHONY: leave\nleave:\n')), variables: { PATH: '/nowhere' } };
    expect(await runner.run(requestFor(web, 'leave'))).toEqual({ result: 'succeeded', output: '' });
    expect(existsSync(stateDir) && readdirSync(stateDir)).toEqual([]);
  });

  test('the reason of a failure is the last line that the recipe printed, not the one of make', async () => {
    const web = await service('start:\n\t@echo trying; echo "no disk" >&2; echo; exit 3\n');
    expect(await runner.run(requestFor(web, 'start'))).toMatchObject({ result: 'failed', reason: 'no disk' });
  });

  test('a recipe that fails in silence is explained by make', async () => {
    const web = await service('start:\n\t@exit 3\n');
    const outcome = await runner.run(requestFor(web, 'start'));
    expect(outcome).toMatchObject({ result: 'failed', reason: expect.stringMatching(/Makefile:2: start\] Error 3$/) });
  });

  test('exit status 75 is a recall, also after a line without an end', async () => {
    const web = await service('start:\n\t@printf "resync 40 %%"; exit 75\n');
    expect(await runner.run(requestFor(web, 'start'))).toMatchObject({ result: 'recall' });
  });

  test('exit status 75 in a prerequisite is a recall too', async () => {
    const web = await service('.PHONY: start disk\nstart: disk\n\t@echo never\ndisk:\n\t@exit 75\n');
    expect(await runner.run(requestFor(web, 'start'))).toMatchObject({ result: 'recall' });
  });

  test('exit status 75 of a line whose failure is ignored is no recall', async () => {
    const web = await service('start:\n\t-@exit 75\n\t@echo broken; exit 1\n');
    expect(await runner.run(requestFor(web, 'start'))).toMatchObject({ result: 'failed', reason: 'broken' });
  });

  test('exit status 75 beside a real failure is a failure', async () => {
    const web = await service(
      'MAKEFLAGS += -k\n.PHONY: start a b\nstart: a b\na:\n\t@exit 75\nb:\n\t@echo broken; exit 1\n',
    );
    expect(await runner.run(requestFor(web, 'start'))).toMatchObject({ result: 'failed', reason: 'broken' });
  });

  test('a recipe ended by a signal is a failure', async () => {
    const web = await service('start:\n\t@echo so far; kill -TERM $$$$\n');
    expect(await runner.run(requestFor(web, 'start'))).toMatchObject({ result: 'failed', reason: 'so far' });
  });

  test('a missing target is a failure that names it', async () => {
    const web = await service('start:\n');
    const outcome = await runner.run(requestFor(web, 'leave'));
    expect(outcome).toMatchObject({ result: 'failed', reason: "make: *** No rule to make target 'leave'. Stop." });
  });

  test('a start that make skips because of a file of that name is a failure that says what to do', async () => {
    const web = await service('start:\n\t@echo started\n');
    writeFileSync(join(dirname(web.makefile), 'start'), '');
    const outcome = await runner.run(requestFor(web, 'start'));
    expect(outcome).toMatchObject({ result: 'failed', reason: expect.stringContaining('declare it .PHONY') });
  });

  test('a missing Makefile is a failure that names it', async () => {
    const outcome = await runner.run(requestFor(definitionOf('/nowhere/at all/Makefile'), 'start'));
    expect(outcome).toMatchObject({ result: 'failed', reason: expect.stringContaining('/nowhere/at all/Makefile') });
  });

  test('a machine without make is a failure that says so', async () => {
    const web = { ...(await service('start:\n')), variables: { PATH: '/nowhere' } };
    const outcome = await runner.run(requestFor(web, 'start'));
    expect(outcome).toMatchObject({ result: 'failed', reason: expect.stringContaining('install GNU make') });
  });

  test('of endless output the end is kept', async () => {
    const web = await service('start:\n\t@seq 1 200000; echo the end; exit 1\n');
    const outcome = await runner.run(requestFor(web, 'start'));
    expect(outcome).toMatchObject({ result: 'failed', reason: 'the end' });
    const output = 'output' in outcome ? outcome.output : '';
    expect(output.length).toBeLessThan(66_000);
    expect(output).toContain('\n199999\n200000\nthe end\n');
  });

  test('escape sequences and control characters do not reach the reader', async () => {
    const web = await service('status:\n\t@printf "\\033[31mred\\033[0m\\a\\r\\n"\n');
    expect(await runner.run(requestFor(web, 'status'))).toEqual({ result: 'succeeded', output: 'red\n' });
  });

  test('a recipe may open /dev/stderr, and has nothing on stdin', async () => {
    const web = await service('status:\n\t@echo heard > /dev/stderr; wc -c\n');
    expect(await runner.run(requestFor(web, 'status'))).toEqual({ result: 'succeeded', output: 'heard\n0\n' });
  });
});

describe('time', () => {
  test('a call that takes too long is killed with its grandchildren', async () => {
    const web = await service('start:\n\t@(sleep 300 & echo $$! > grandchild; wait) & echo waiting; wait\n');
    const outcome = await runner.run(requestFor(web, 'start', { timeoutMs: 3_000 }));
    expect(outcome).toMatchObject({
      result: 'timed-out',
      reason: 'not finished within 3 s; last output: waiting',
    });
    expect(isAlive(pidIn(web.makefile, 'grandchild'))).toBe(false);
  });

  test('a background process that holds the output does not hold up the call, and lives on', async () => {
    const web = await service(
      `start:\n\t@echo up; sh -c 'while :; do printf %1000s tick; sleep 0.01; done' & echo $$! > daemon\n`,
    );
    const outcome = await runner.run(requestFor(web, 'start'));
    const daemon = pidIn(web.makefile, 'daemon');
    background.push(daemon);
    expect(outcome).toMatchObject({ result: 'succeeded', output: expect.stringMatching(/^up\n/) });
    // It goes on printing: a closed pipe would end it, a full one would stop its clock.
    const before = bytesWritten(daemon);
    await until('the background process goes on', () => bytesWritten(daemon) > before + 100_000);
    expect(isAlive(daemon)).toBe(true);
  });

  test('a background process of a failed call is not killed either: that is for stop', async () => {
    const web = await service('start:\n\t@sleep 300 & echo $$! > daemon; exit 1\n');
    expect(await runner.run(requestFor(web, 'start'))).toMatchObject({ result: 'failed' });
    background.push(pidIn(web.makefile, 'daemon'));
    expect(isAlive(pidIn(web.makefile, 'daemon'))).toBe(true);
  });
});

describe('kill', () => {
  test('what runs is killed with its process group', async () => {
    const web = await service('start:\n\t@sleep 300 & echo $$! > child; wait\n');
    const request = requestFor(web, 'start');
    const outcome = runner.run(request);
    const child = await until(
      'the child runs',
      () => existsSync(childFile(web.makefile)) && (pidIn(web.makefile, 'child') || undefined),
    );
    runner.kill('WEB', request.run + 1);
    expect(isAlive(child)).toBe(true);
    runner.kill('WEB', request.run);
    expect(await outcome).toEqual({ result: 'killed' });
    expect(isAlive(child)).toBe(false);
  });

  test('what waits for its turn is not begun', async () => {
    const web = await service('start:\n\t@sleep 300\ncheck:\n\t@touch checked\n');
    const [start, check] = [requestFor(web, 'start'), requestFor(web, 'check')];
    const outcomes = [runner.run(start), runner.run(check)];
    runner.kill('WEB', check.run);
    expect(await outcomes[1]).toEqual({ result: 'killed' });
    runner.kill('WEB', start.run);
    expect(await outcomes[0]).toEqual({ result: 'killed' });
    expect(existsSync(join(dirname(web.makefile), 'checked'))).toBe(false);
  });

  test('stop of the runner kills all and answers all', async () => {
    const web = await service('start:\n\t@sleep 300\ncheck:\n');
    const outcomes = [runner.run(requestFor(web, 'start')), runner.run(requestFor(web, 'check'))];
    await runner.stop();
    expect(await Promise.all(outcomes)).toEqual([{ result: 'killed' }, { result: 'killed' }]);
    expect(await runner.run(requestFor(web, 'check'))).toEqual({ result: 'killed' });
    expect(readdirSync(join(stateDir, 'primitives', 'running'))).toEqual([]);
  });
});

describe('order', () => {
  test('primitives of one service run one after the other, in order', async () => {
    const web = await service(
      [
        'stop start check:\n\t@mkdir busy || exit 1; sleep 0.05; echo $@ >> log; rmdir busy\n',
        '.PHONY: stop start check',
      ].join('\n'),
    );
    const outcomes = await Promise.all(
      (['check', 'stop', 'start', 'check'] as const).map((primitive) => runner.run(requestFor(web, primitive))),
    );
    expect(outcomes.map((outcome) => outcome.result)).toEqual(['succeeded', 'succeeded', 'succeeded', 'succeeded']);
    expect(readFileSync(join(dirname(web.makefile), 'log'), 'utf8')).toBe('check\nstop\nstart\ncheck\n');
  });

  test('different services run side by side', async () => {
    // Each waits for the other's mark: one after the other, neither would end.
    const rules = 'start:\n\t@touch $$SRRD_SERVICE; until test -e $$OTHER; do sleep 0.01; done\n';
    const makefile = (await service(rules)).makefile;
    const outcomes = await Promise.all([
      runner.run(requestFor(definitionOf(makefile, { name: 'A', variables: { OTHER: 'B' } }), 'start')),
      runner.run(requestFor(definitionOf(makefile, { name: 'B', variables: { OTHER: 'A' } }), 'start')),
    ]);
    expect(outcomes.map((outcome) => outcome.result)).toEqual(['succeeded', 'succeeded']);
  });

  test('hanging checks do not keep a start from running', async () => {
    const { makefile } = await service('check:\n\t@sleep 300\nstart:\n');
    const checks = Array.from({ length: 70 }, (_, index) =>
      runner.run(requestFor(definitionOf(makefile, { name: `S${index}` }), 'check')),
    );
    const start = await runner.run(requestFor(definitionOf(makefile, { name: 'URGENT' }), 'start'));
    expect(start).toMatchObject({ result: 'succeeded' });
    await runner.stop();
    expect(new Set((await Promise.all(checks)).map((outcome) => outcome.result))).toEqual(new Set(['killed']));
  });
});

test('a state directory that takes no records is reported and does not keep a service from being stopped', async () => {
  const warnings: string[] = [];
  const careful = new PrimitiveRunner({
    node: { name: 'alpha', cluster: 'default' },
    stateDir,
    warn: (text) => warnings.push(text),
  });
  mkdirSync(join(stateDir, 'primitives'));
  writeFileSync(join(stateDir, 'primitives', 'running'), 'not a folder');
  const web = await service('stop:\n\t@echo down\n');
  expect(await careful.run(requestFor(web, 'stop'))).toMatchObject({ result: 'succeeded' });
  expect(warnings[0]).toContain('stop of WEB runs without a record');
  await careful.stop();
});

async function service(rules: string) {
  const makefile = await makefileWith(rules);
  folders.push(dirname(makefile));
  return definitionOf(makefile);
}

const childFile = (makefile: string) => join(dirname(makefile), 'child');

function pidIn(makefile: string, name: string): number {
  return Number(readFileSync(join(dirname(makefile), name), 'utf8'));
}

/** undefined: it is not written yet. The shell makes the file before it writes the number into it. */
function writtenPid(makefile: string, name: string): number | undefined {
  return existsSync(join(dirname(makefile), name)) ? pidIn(makefile, name) || undefined : undefined;
}

function isAlive(pid: number): boolean {
  const stat = processStat(pid);
  return pid > 0 && stat !== undefined && stat.state !== 'Z';
}

/** Bytes a process has written so far (proc(5), /proc/PID/io). */
function bytesWritten(pid: number): number {
  return Number(/wchar: (\d+)/.exec(readFileSync(`/proc/${pid}/io`, 'utf8'))?.[1]);
}

describe('a watch', () => {
  test('runs until it ends by itself; its last line is the reason', async () => {
    const web = await service(
      'watch:\n\t@echo "following $$SRRD_SERVICE"; until [ -e ended ]; do sleep 0.01; done; echo gone\n',
    );
    const ended = runner.watch(watchOf(web));
    await until('it runs', () => running().length === 1);
    writeFileSync(join(dirname(web.makefile), 'ended'), '');
    expect(await ended).toBe('gone');
    expect(running()).toEqual([]);
  });

  test.each([
    ['watch:\n\t@exit 3\n', /Makefile:2: watch\] Error 3$/],
    ['watch:\n\t@kill -KILL $$PPID; sleep 5\n', /^make was ended by SIGKILL and said nothing$/],
    ['.PHONY: watch\nwatch:\n', /Nothing to be done for 'watch'/],
    ['start:\n', /No rule to make target 'watch'/],
  ])('that cannot watch says why: %j', async (rules, reason) => {
    expect(await runner.watch(watchOf(await service(rules)))).toMatch(reason);
  });

  test('without make has ended', async () => {
    const web = definitionOf('/nowhere/Makefile');
    expect(await runner.watch(watchOf(web))).toMatch(/cannot read the Makefile/);
  });

  test('is killed with all its processes, says nothing then, and is gone before stop is called', async () => {
    const web = await service(
      `watch:\n\t@echo $$$$ > watcher; trap "" TERM; sleep 60; true\nstop:\n\t@if grep -q . /proc/$$(cat watcher)/cmdline 2> /dev/null; then echo it runs; exit 1; fi\n`,
    );
    const watch = watchOf(web);
    const ended = runner.watch(watch);
    await until('it runs', () => writtenPid(web.makefile, 'watcher'));
    runner.endWatch('WEB', watch.run);
    expect(await runner.run(requestFor(web, 'stop'))).toMatchObject({ result: 'succeeded' });
    expect(await ended).toBe(null);
  });

  test('takes no place and no turn from the primitives, of its own service either', async () => {
    const one = new PrimitiveRunner({ node: { name: 'alpha', cluster: 'default' }, stateDir, maximumAtOnce: 4 });
    const web = await service('.PHONY: watch check\nwatch:\n\t@sleep 60\ncheck:\n');
    const watches = Array.from({ length: 8 }, () => one.watch(watchOf(web)));
    await until('they run', () => running().length === 8);
    expect(await one.run(requestFor(web, 'check'))).toMatchObject({ result: 'succeeded' });
    await one.stop();
    expect(await Promise.all(watches)).toEqual(Array(8).fill(null));
  });

  test('that an earlier life left running is killed', async () => {
    const web = await service('watch:\n\t@sleep 60\n');
    const ended = runner.watch(watchOf(web));
    await until('it runs', () => running().length === 1);
    const next = new PrimitiveRunner({ node: { name: 'alpha', cluster: 'default' }, stateDir });
    const [processGroup] = running();
    expect(await next.killLeftovers()).toEqual([{ service: 'WEB', primitive: 'watch', processGroup, gone: true }]);
    expect(await ended).toMatch(/SIGKILL/);
  });
});

test('a check that a start waits for is not held up by the checks of others', async () => {
  const one = new PrimitiveRunner({ node: { name: 'alpha', cluster: 'default' }, stateDir, maximumAtOnce: 4 });
  const hanging = await service('.PHONY: check\ncheck:\n\t@sleep 60\n');
  const others = Array.from({ length: 8 }, (_, index) =>
    one.run({ ...requestFor(hanging, 'check'), service: `OTHER${index}`, timeoutMs: 60_000 }),
  );
  await until('as many as may hang', () => running().length === 3);
  const web = await service('.PHONY: check\ncheck:\n\t@echo well\n');
  expect(await one.run({ ...requestFor(web, 'check'), urgent: true })).toMatchObject({ result: 'succeeded' });
  await one.stop();
  expect(await Promise.all(others)).toEqual(Array(8).fill({ result: 'killed' }));
});

function watchOf(definition: ServiceDefinition): WatchRequest {
  const { primitive: _primitive, timeoutMs: _timeoutMs, ...request } = requestFor(definition, 'check');
  return request;
}

/** The process groups on record. */
function running(): number[] {
  const folder = join(stateDir, 'primitives', 'running');
  return existsSync(folder) ? readdirSync(folder).map(Number) : [];
}
