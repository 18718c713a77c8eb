import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { askDaemon } from '../../src/cli/client.js';
import { endOf, logOf, RealNode } from '../../src/cli/testing-process.js';

let node: RealNode;
let disk: string;

/** The state directory on a disk of its own, of 512 KB. */
beforeEach(async () => {
  node = new RealNode();
  disk = join(node.folder, 'disk');
  mkdirSync(disk);
  expect(await endOf(spawn('mount', ['-t', 'tmpfs', '-o', 'size=512k', 'srrd-full', disk], { stdio: 'inherit' }))).toBe(
    0,
  );
  node.stateDir = join(disk, 'state');
  await node.configure();
  node.define('WEB', '203.0.113.7');
});

afterEach(async () => {
  await endOf(spawn('umount', ['-l', disk]));
  await node.end();
});

const WAIT = { timeout: 120_000, interval: 100 };

const status = () => askDaemon({ socket: node.socket, method: 'GET', path: '/api/v1/status' });
const command = (path: string) =>
  askDaemon({ socket: node.socket, method: 'POST', path: `/api/v1${path}`, body: { target: null } });

function fill(): void {
  const filler = join(disk, 'filler');
  writeFileSync(filler, '');
  for (const size of [65_536, 4096]) {
    try {
      for (;;) writeFileSync(filler, Buffer.alloc(size), { flag: 'a' });
    } catch {
      // Full.
    }
  }
}

test('with a full state directory commands are refused in words, and srrd keeps serving', async () => {
  const daemon = node.start();
  await vi.waitFor(status, WAIT);
  fill();
  for (const path of ['/services/WEB/stop', '/services/WEB/deactivate', '/services/WEB/disable', '/node/standby']) {
    await expect(command(path)).rejects.toThrow(/the state directory cannot be written \(ENOSPC.*make room in/);
  }
  await status();
  rmSync(join(disk, 'filler'));
  await command('/node/standby');
  expect(readFileSync(join(node.stateDir, 'node.json'), 'utf8')).toContain('"standby":true');
  daemon.kill('SIGTERM');
  expect(await endOf(daemon)).toBe(0);
});

test('srrd starts again on a full state directory, with what it has', async () => {
  const first = node.start();
  await vi.waitFor(status, WAIT);
  await command('/node/standby');
  fill();
  first.kill('SIGKILL');
  await endOf(first);
  const second = node.start();
  const log = logOf(second);
  expect(await vi.waitFor(status, WAIT)).toMatchObject({ services: [{ name: 'WEB' }] });
  second.kill('SIGTERM');
  expect(await endOf(second)).toBe(0);
  expect(log.filter(({ level }) => level >= 60)).toEqual([]);
  expect(readFileSync(join(node.stateDir, 'node.json'), 'utf8')).toContain('"standby":true');
  expect(existsSync(join(disk, 'filler'))).toBe(true);
});
