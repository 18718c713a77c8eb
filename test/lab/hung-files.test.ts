import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { runAlertThread } from '../../src/alerts/index.js';
import { askDaemon } from '../../src/cli/client.js';
import { atSocket } from '../../src/cli/daemon-address.js';
import { endOf, logOf, PRIMITIVES, RealNode } from '../../src/cli/testing-process.js';
import { loadDefinitionsInTurns } from '../../src/config/index.js';
import { DefinitionEditor } from '../../src/definitions/index.js';
import { ForeignFiles, stepAt } from '../../src/files/index.js';
import { PrimitiveRunner } from '../../src/primitives/index.js';
import { definitionOf, requestFor } from '../../src/primitives/testing.js';
import { ForeignLists } from '../../src/revocations/foreign-lists.js';

let root: string;
let hung: string;
let holder: ChildProcess;

/** A FUSE file system of which nobody answers a question: whoever asks waits until it is given up. */
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'srrd-hung-'));
  hung = join(root, 'hung');
  mkdirSync(hung);
  const options = 'fd=9,rootmode=40000,user_id=0,group_id=0';
  const script = 'exec 9<>/dev/fuse; mount -i -t fuse -o "$1" hung "$2" && echo mounted && exec sleep 600';
  holder = spawn('sh', ['-c', script, 'sh', options, hung], { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise((resolve, reject) => {
    holder.stdout?.once('data', resolve);
    holder.once('exit', () => reject(new Error('no FUSE file system could be mounted')));
  });
});

afterEach(async () => {
  const ended = endOf(holder);
  holder.kill();
  await ended;
  await endOf(spawn('umount', ['-l', hung]));
  rmSync(root, { recursive: true });
});

test('services whose Makefiles hang fail alone, in words, and keep no other primitive waiting', async () => {
  const stateDir = join(root, 'state');
  writeFileSync(join(root, 'Makefile'), '.PHONY: check join\ncheck:\n\t@echo well\njoin:\n');
  const runner = new PrimitiveRunner({ node: { name: 'alpha', cluster: 'default' }, stateDir });
  const stuck = Array.from({ length: 8 }, (_, index) =>
    runner.run(
      requestFor(definitionOf(join(hung, `S${index}`, 'Makefile'), { name: `S${index}` }), 'check', {
        timeoutMs: 20_000,
      }),
    ),
  );
  const well = definitionOf(join(root, 'Makefile'));
  let hasEnded = false;
  void Promise.race(stuck).then(() => {
    hasEnded = true;
  });
  expect(await runner.run(requestFor(well, 'check'))).toEqual({ result: 'succeeded', output: 'well\n' });
  expect(hasEnded).toBe(false);
  for (const outcome of await Promise.all(stuck)) {
    expect(outcome).toMatchObject({ result: 'timed-out', reason: expect.stringMatching(/^not finished within 20 s/) });
  }
  expect(await runner.run(requestFor(well, 'join'))).toEqual({ result: 'succeeded', output: '' });
  await runner.stop();
});

test('definitions and Makefiles that hang are told in words, and the others are read', async () => {
  const stateDir = join(root, 'state');
  const services = join(stateDir, 'services');
  mkdirSync(services, { recursive: true });
  writeFileSync(join(root, 'Makefile'), `${PRIMITIVES}:\n\t@true\n`);
  const define = (name: string, makefile: string) =>
    writeFileSync(join(services, `${name}.yaml`), `name: ${name}\nmakefile: ${makefile}\n`);
  define('WELL', 'Makefile');
  define('STUCK', join(hung, 'Makefile'));
  writeFileSync(join(root, 'Including'), `include ${hung}/rules.mk\n${PRIMITIVES}:\n\t@true\n`);
  define('INCLUDES', 'Including');
  symlinkSync(join(hung, 'LINK.yaml'), join(services, 'LINK.yaml'));
  await endOf(spawn('mkfifo', [join(services, 'FIFO.yaml'), join(root, 'fifo')]));
  define('PIPE', 'fifo');
  const { definitions, errors } = await loadDefinitionsInTurns(
    stateDir,
    root,
    new Map(),
    new Map(),
    new ForeignFiles({ limitMs: 2_000 }),
  );
  expect(definitions.map(({ name }) => name)).toEqual(['WELL']);
  const told = (name: string) =>
    errors
      .filter(({ file }) => file.endsWith(`/${name}.yaml`))
      .map(({ message }) => message)
      .join();
  for (const name of ['STUCK', 'INCLUDES', 'LINK']) expect(told(name)).toMatch(/its file system does not answer/);
  for (const name of ['FIFO', 'PIPE']) expect(told(name)).toMatch(/expected a regular file/);
});

test('variables in a file that hangs fail the call, end nothing else, and are told in words', async () => {
  const stateDir = join(root, 'state');
  mkdirSync(join(stateDir, 'services'), { recursive: true });
  symlinkSync(hung, join(stateDir, 'secrets'));
  writeFileSync(join(root, 'Makefile'), `${PRIMITIVES}:\n\t@echo done\n`);
  const files = new ForeignFiles({ limitMs: 2_000 });
  const runner = new PrimitiveRunner({ node: { name: 'alpha', cluster: 'default' }, stateDir, files });
  const makefile = join(root, 'Makefile');
  const stuck = definitionOf(makefile, { name: 'STUCK', variablesFile: join(stateDir, 'secrets', 'shop.env') });
  const check = runner.run(requestFor(stuck, 'check'));
  const stop = runner.run(requestFor(stuck, 'stop'));
  expect(await runner.run(requestFor(definitionOf(makefile), 'check'))).toMatchObject({ result: 'succeeded' });
  expect(await check).toMatchObject({ result: 'failed', reason: expect.stringMatching(/does not answer/) });
  expect(await stop).toMatchObject({ result: 'succeeded' });
  await runner.stop();
  writeFileSync(join(stateDir, 'services', 'STUCK.yaml'), 'name: STUCK\nmakefile: Makefile\nvariablesFile: shop.env\n');
  const { errors } = await loadDefinitionsInTurns(stateDir, root, new Map(), new Map(), files);
  expect(errors).toMatchObject([
    {
      file: join(stateDir, 'services', 'STUCK.yaml'),
      message: expect.stringMatching(/variablesFile: .*does not answer/),
    },
  ]);
});

test('who may change a file is asked of its file system by somebody who may wait', async () => {
  const files = new ForeignFiles({ limitMs: 2_000 });
  symlinkSync('Makefile', join(root, 'a link'));
  expect(await files.look([root, join(root, 'a link'), join(root, 'none'), hung, join(hung, 'x'), root])).toEqual([
    stepAt(root),
    stepAt(join(root, 'a link')),
    { kind: 'absent' },
    ...Array(2).fill({ kind: 'failed', problem: expect.stringMatching(/does not answer/) }),
    stepAt(root),
  ]);
});

test('lists of revocations are watched, and one that hangs keeps nobody from the others', async () => {
  const list = join(root, 'crl.pem');
  const problems: string[] = [];
  const lists = new ForeignLists({
    paths: [join(hung, 'crl.pem'), list],
    authorities: [],
    files: new ForeignFiles({ limitMs: 2_000 }),
    found: () => {},
    problem: (text) => problems.push(text),
  });
  writeFileSync(list, 'no list');
  await vi.waitFor(() => expect(problems).toHaveLength(1), { timeout: 60_000 });
  writeFileSync(list, 'no list either');
  await vi.waitFor(() => expect(problems).toHaveLength(2), { timeout: 60_000 });
  expect(problems.every((problem) => problem.startsWith(`${list}: `))).toBe(true);
  lists.close();
});

test('alerts whose program or token hangs are told in words, and keep neither others nor the end waiting', async () => {
  const program = join(root, 'program');
  writeFileSync(program, `#!/bin/sh\necho told > ${join(root, 'out')}\n`, { mode: 0o755 });
  const hook = { type: 'webhook', url: 'http://127.0.0.1:9/', tokenFile: join(hung, 'token'), caFile: null } as const;
  const ways = [
    { type: 'command', argv: [join(hung, 'program')] },
    hook,
    { type: 'command', argv: [program] },
  ] as const;
  const alerts = ways.map((by, index) => ({ name: `${index}`, kinds: null, severity: 'info' as const, by }));
  const thread = runAlertThread({ sender: { cluster: 'default', node: 'alpha' }, alerts }, () => {});
  const event = { seq: 1, at: '', node: '10.0.0.1', kind: 'failure', service: 'WEB', from: null, to: null } as const;
  const alert = { event: { ...event, operator: null, text: 'no' }, severity: 'critical', repeated: false } as const;
  thread.post({ type: 'alert', targets: [0, 1, 2], alert });
  await expect.poll(() => existsSync(join(root, 'out'))).toBe(true);
  await expect.poll(() => thread.states()[1]?.trouble).toMatch(/its file system does not answer/);
  await thread.close();
});

test('definitions that hang are listed, and refused to be changed, while nothing waits for them', async () => {
  const stateDir = join(root, 'state');
  mkdirSync(join(stateDir, 'services'), { recursive: true });
  symlinkSync(join(hung, 'LINK.yaml'), join(stateDir, 'services', 'LINK.yaml'));
  writeFileSync(join(root, 'Makefile'), `${PRIMITIVES}:\n\t@true\n`);
  const editor = new DefinitionEditor({
    ...{ stateDir, servicesDir: root, nodeName: 'alpha', parsed: new Map() },
    files: new ForeignFiles({ limitMs: 2_000 }),
    replica: () => undefined,
    conflicts: () => [],
    rereads: () => 0,
    reread: async () => {},
    forget: () => {},
  });
  expect(await editor.find('LINK')).toMatchObject({ problems: [expect.stringMatching(/does not answer/)] });
  expect(await editor.save('LINK', { name: 'LINK', makefile: 'Makefile' }, 'ada')).toEqual({
    outcome: 'refused',
    text: `${join(stateDir, 'services', 'LINK.yaml')} cannot be changed: the file system does not answer`,
  });
  expect(await editor.remove('LINK', 'ada')).toMatchObject({ outcome: 'done' });
});

test('a definitions folder that hangs is an error, and nothing waits for it', async () => {
  const stateDir = join(root, 'state');
  mkdirSync(join(stateDir, 'replicas'), { recursive: true });
  symlinkSync(hung, join(stateDir, 'services'));
  const files = new ForeignFiles({ limitMs: 2_000 });
  const { errors } = await loadDefinitionsInTurns(stateDir, root, new Map(), new Map(), files);
  expect(errors).toMatchObject([
    { file: join(stateDir, 'services'), message: expect.stringMatching(/does not answer.*no service counts/) },
  ]);
});

test('srrd starts, answers and ends while a Makefile hangs', async () => {
  const node = new RealNode();
  await node.configure();
  node.define('WELL', '203.0.113.7');
  node.define('STUCK', '203.0.113.8');
  writeFileSync(
    join(node.stateDir, 'services', 'STUCK.yaml'),
    `name: STUCK\naddresses: [203.0.113.8]\nmakefile: ${hung}/Makefile\n`,
  );
  const daemon = node.start();
  const log = logOf(daemon);
  const status = () => askDaemon({ address: atSocket(node.socket), method: 'GET', path: '/api/v1/status' });
  const answer = await vi.waitFor(status, { timeout: 120_000, interval: 100 });
  expect(answer).toMatchObject({ process: { problems: [expect.stringMatching(/STUCK.yaml.*does not answer/)] } });
  daemon.kill('SIGHUP');
  await vi.waitFor(() => expect(log.filter(({ msg }) => msg.includes('does not answer')).length).toBeGreaterThan(1), {
    timeout: 60_000,
  });
  daemon.kill('SIGTERM');
  expect(await endOf(daemon)).toBe(0);
  await node.end();
  expect(existsSync(node.folder)).toBe(false);
  expect(readdirSync(root)).toContain('hung');
});

test('a configuration whose file system has begun to hang changes nothing, and srrd goes on', async () => {
  const node = new RealNode();
  await node.configure();
  const daemon = node.start();
  const log = logOf(daemon);
  const status = () => askDaemon({ address: atSocket(node.socket), method: 'GET', path: '/api/v1/status' });
  await vi.waitFor(status, { timeout: 120_000, interval: 100 });
  rmSync(node.configFile);
  symlinkSync(join(hung, 'srrd.yaml'), node.configFile);
  daemon.kill('SIGHUP');
  const isTold = () => log.some(({ msg }) => /srrd.yaml: cannot be read: its file system does not answer/.test(msg));
  await vi.waitFor(() => expect(isTold()).toBe(true), { timeout: 60_000 });
  await status();
  daemon.kill('SIGTERM');
  expect(await endOf(daemon)).toBe(0);
  await node.end();
});
