import { closeSync, existsSync, readFileSync, writeSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Output, Tail } from './output.js';
import { Pipes } from './pipes.js';
import { PrimitiveRunner } from './runner.js';
import { definitionOf, makefileWith, requestFor, until } from './testing.js';

let stateDir: string;
let runner: PrimitiveRunner;
let folder: string;

beforeEach(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'srrd-primitives-'));
  runner = new PrimitiveRunner({ node: { name: 'alpha', cluster: 'default' }, stateDir });
});

afterEach(async () => {
  await runner.stop();
  for (const left of [stateDir, folder]) await rm(left, { recursive: true, force: true });
});

/** Bytes a process has written so far (proc(5), /proc/PID/io). */
function written(pid: number): number {
  return Number(/wchar: (\d+)/.exec(readFileSync(`/proc/${pid}/io`, 'utf8'))?.[1]);
}

async function endless(rules: string) {
  const web = definitionOf(await makefileWith(rules));
  folder = dirname(web.makefile);
  return web;
}

const pidIn = (name: string) => Number(readFileSync(join(folder, name), 'utf8'));

/** Without a bound some hundred MB in this time. */
const LOOK_MS = 2_000;
const AT_MOST_BYTES = 40_000_000;

test('a primitive whose output never ends is read slowly, and goes on', async () => {
  const web = await endless('start:\n\t@echo $$$$ > pid; exec yes\n');
  const outcome = runner.run(requestFor(web, 'start', { timeoutMs: LOOK_MS + 1_000 }));
  const pid = await until('it prints', () => existsSync(join(folder, 'pid')) && (pidIn('pid') || undefined));
  const [before, cpu] = [written(pid), process.cpuUsage()];
  await delay(LOOK_MS);
  const { user, system } = process.cpuUsage(cpu);
  console.log(`${(written(pid) - before) / LOOK_MS / 1000} MB/s, ${(user + system) / LOOK_MS / 10} % of a core`);
  expect(written(pid) - before).toBeLessThan(AT_MOST_BYTES);
  expect(await outcome).toMatchObject({ result: 'timed-out', reason: expect.stringMatching(/last output: y$/) });
});

test('what a primitive left in the background and never ends printing is read slowly, and lives', async () => {
  const web = await endless('start:\n\t@yes & echo $$! > pid\n');
  expect(await runner.run(requestFor(web, 'start'))).toMatchObject({ result: 'succeeded' });
  const pid = pidIn('pid');
  const before = written(pid);
  await delay(LOOK_MS);
  const after = written(pid);
  expect(after - before).toBeLessThan(AT_MOST_BYTES);
  await until('it goes on', () => written(pid) > after);
  process.kill(pid, 'SIGKILL');
});

test('output that comes line by line is not read line by line for ever', async () => {
  const pipes = new Pipes(join(stateDir, 'pipes'));
  const { readFd, writeFd } = await pipes.take();
  const output = new Output(readFd);
  const reads = vi.spyOn(Tail.prototype, 'add');
  const beganMs = performance.now();
  for (let line = 0; line < 2_000; line++) {
    writeSync(writeFd, 'x\n');
    await new Promise((resolve) => setImmediate(resolve));
  }
  const rests = (performance.now() - beganMs) / 50;
  expect(reads.mock.calls.length).toBeLessThan(100 * (rests + 1));
  reads.mockRestore();
  closeSync(writeFd);
  expect(output.finish().length).toBeGreaterThan(0);
  await pipes.clear();
});
