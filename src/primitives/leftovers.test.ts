import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { execa } from 'execa';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { bootId, processStat } from './process-group.js';
import { PrimitiveRunner } from './runner.js';
import { definitionOf, makefileWith, requestFor, until } from './testing.js';

const REPOSITORY = resolve(import.meta.dirname, '../..');

let program: string;
let stateDir: string;
const background: number[] = [];
const folders: string[] = [];

/** A daemon that is killed must be a process of its own: the module is compiled for it into a folder. */
beforeAll(async () => {
  program = await mkdtemp(join(tmpdir(), 'srrd-leftovers-'));
  symlinkSync(join(REPOSITORY, 'node_modules'), join(program, 'node_modules'));
  writeFileSync(join(program, 'package.json'), '{ "type": "module" }');
  const options = {
    extends: join(REPOSITORY, 'tsconfig.base.json'),
    files: [join(REPOSITORY, 'src/primitives/index.ts')],
  };
  const compilerOptions = {
    ...{ composite: false, declaration: false, sourceMap: false, noCheck: true },
    ...{ rootDir: join(REPOSITORY, 'src'), outDir: program, typeRoots: [join(REPOSITORY, 'node_modules/@types')] },
  };
  writeFileSync(join(program, 'tsconfig.json'), JSON.stringify({ ...options, compilerOptions }));
  await execa(join(REPOSITORY, 'node_modules/.bin/tsc'), ['-p', join(program, 'tsconfig.json')]);
  writeFileSync(
    join(program, 'daemon.mjs'),
    `import { PrimitiveRunner } from './primitives/index.js';
     const { stateDir, request } = JSON.parse(process.argv[2]);
     const runner = new PrimitiveRunner({ node: { name: 'alpha', cluster: 'default' }, stateDir });
     console.log(JSON.stringify(await runner.run(request)));
     setInterval(() => undefined, 1000);`,
  );
});

afterAll(() => rm(program, { recursive: true, force: true }));

beforeEach(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'srrd-primitives-'));
});

afterEach(async () => {
  for (const pid of background.splice(0)) {
    if (isAlive(pid)) process.kill(pid, 'SIGKILL');
  }
  for (const folder of [stateDir, ...folders.splice(0)]) await rm(folder, { recursive: true, force: true });
});

test('what a killed daemon left running is killed by the next one, grandchildren included', async () => {
  const makefile = await serviceWith('start:\n\t@sleep 300 & echo $$! > child; wait\n');
  const daemon = daemonRunning(makefile);
  const child = await pidFrom(makefile, 'child');
  const [processGroup] = await until('the record', () => records().length === 1 && records());
  await killed(daemon);
  expect(isAlive(child)).toBe(true);

  expect(await nextDaemon().killLeftovers()).toEqual([
    { service: 'WEB', primitive: 'start', processGroup: Number(processGroup), gone: true },
  ]);
  expect(isAlive(child)).toBe(false);
  expect(records()).toEqual([]);
});

test('a service that a finished start left in the background is not killed', async () => {
  const makefile = await serviceWith('start:\n\t@sleep 300 & echo $$! > child\n');
  const daemon = daemonRunning(makefile);
  await once(daemon.stdout as NodeJS.ReadableStream, 'data');
  const child = await pidFrom(makefile, 'child');
  background.push(child);
  await killed(daemon);

  expect(await nextDaemon().killLeftovers()).toEqual([]);
  expect(isAlive(child)).toBe(true);
});

test('a process that only has the number of a recorded one is not killed', async () => {
  const stranger = spawn('sleep', ['300'], { detached: true, stdio: 'ignore' });
  const pid = stranger.pid ?? 0;
  background.push(pid);
  const startTime = processStat(pid)?.startTime ?? 0;
  const record = { boot: bootId(), startTime, service: 'WEB', primitive: 'start' };
  for (const wrong of [{ ...record, startTime: startTime - 1 }, { ...record, boot: 'an earlier boot' }, 'cut sh']) {
    writeRecord(pid, wrong);
    expect(await nextDaemon().killLeftovers()).toEqual([]);
  }
  expect(isAlive(pid)).toBe(true);
  expect(records()).toEqual([]);

  writeRecord(pid, record);
  expect(await nextDaemon().killLeftovers()).toMatchObject([{ processGroup: pid }]);
  expect(isAlive(pid)).toBe(false);
});

test('a daemon does not take its own primitives for leftovers', async () => {
  const makefile = await serviceWith('start:\n\t@touch running; sleep 300\n');
  const runner = nextDaemon();
  const outcome = runner.run(requestFor(definitionOf(makefile), 'start'));
  await until('start runs', () => existsSync(join(dirname(makefile), 'running')));
  expect(await runner.killLeftovers()).toEqual([]);
  expect(records()).toHaveLength(1);
  await runner.stop();
  expect(await outcome).toEqual({ result: 'killed' });
});

function nextDaemon(): PrimitiveRunner {
  return new PrimitiveRunner({ node: { name: 'alpha', cluster: 'default' }, stateDir });
}

function daemonRunning(makefile: string): ChildProcess {
  const request = requestFor(definitionOf(makefile), 'start');
  return spawn(process.execPath, [join(program, 'daemon.mjs'), JSON.stringify({ stateDir, request })], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

async function killed(daemon: ChildProcess): Promise<void> {
  daemon.kill('SIGKILL');
  await once(daemon, 'exit');
}

async function serviceWith(rules: string): Promise<string> {
  const makefile = await makefileWith(rules);
  folders.push(dirname(makefile));
  return makefile;
}

function pidFrom(makefile: string, name: string): Promise<number> {
  const file = join(dirname(makefile), name);
  return until(`a PID in ${file}`, () => (existsSync(file) && Number(readFileSync(file, 'utf8'))) || undefined);
}

function writeRecord(pid: number, record: unknown): void {
  const folder = join(stateDir, 'primitives', 'running');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, String(pid)), typeof record === 'string' ? record : JSON.stringify(record));
}

function records(): string[] {
  const folder = join(stateDir, 'primitives', 'running');
  return existsSync(folder) ? readdirSync(folder).filter((name) => /^\d+$/.test(name)) : [];
}

function isAlive(pid: number): boolean {
  const stat = processStat(pid);
  return stat !== undefined && stat.state !== 'Z';
}
