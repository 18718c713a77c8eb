import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { askDaemon } from './client.js';
import { atSocket } from './daemon-address.js';

const bin = (name: string) => fileURLToPath(new URL(`../../bin/${name}`, import.meta.url));

let folder: string;
let child: ChildProcess | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'srrd-debugger-'));
  child = undefined;
});

afterEach(async () => {
  if (child?.exitCode === null && child.signalCode === null) {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  rmSync(folder, { recursive: true });
});

test.each(['srrd', 'srrctl'])('%s listens to SIGUSR1 before it loads anything of its own', (name) => {
  const text = readFileSync(bin(name), 'utf8');
  expect(text.indexOf("process.on('SIGUSR1'")).toBeGreaterThan(0);
  expect(text.indexOf("process.on('SIGUSR1'")).toBeLessThan(text.indexOf('const main'));
});

test('SIGUSR1 opens no debugger in a daemon, and changes nothing', async () => {
  const socket = join(folder, 'srrd.sock');
  const configFile = join(folder, 'srrd.yaml');
  const ours = { socket, stateDir: join(folder, 'state'), servicesDir: folder, vty: { socketDir: folder } };
  // There is no ospfd, and none is needed. A port of its own: another test's srrd would be a second one on its ospfd.
  const ospf = { port: 1_100 + (process.pid % 900) };
  writeFileSync(configFile, JSON.stringify({ ...ours, ospf }), { mode: 0o600 });
  const daemon = spawn(bin('srrd'), ['--config', configFile], { stdio: ['ignore', 'ignore', 'pipe'] });
  child = daemon;
  let errors = '';
  daemon.stderr.setEncoding('utf8').on('data', (text) => {
    errors += text;
  });
  const status = () => askDaemon({ address: atSocket(socket), method: 'GET', path: '/api/v1/status' });
  await vi.waitFor(status, { timeout: 30_000, interval: 50 });
  daemon.kill('SIGUSR1');
  for (let times = 0; times < 5; times += 1) await status();
  daemon.kill('SIGTERM');
  const [code] = await once(daemon, 'exit');
  expect([code, errors]).toEqual([0, '']);
});
