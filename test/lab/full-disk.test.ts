import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { askDaemon } from '../../src/cli/client.js';
import { atSocket } from '../../src/cli/daemon-address.js';
import { endOf, logOf, RealNode } from '../../src/cli/testing-process.js';
import { createLab, ECHO_MAKEFILE, ownerAtRest, startEverywhere } from './index.js';

let node: RealNode;
let disk: string;

/** The state directory on a disk of its own. */
beforeEach(async () => {
  node = new RealNode();
  disk = join(node.folder, 'disk');
  await mountSmallDisk(disk);
  node.stateDir = join(disk, 'state');
  await node.configure();
  node.define('WEB', '203.0.113.7');
});

afterEach(async () => {
  await unmount(disk);
  await node.end();
});

/** Of 512 KB. */
async function mountSmallDisk(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const mount = spawn('mount', ['-t', 'tmpfs', '-o', 'size=512k', 'srrd-full', folder], { stdio: 'inherit' });
  expect(await endOf(mount)).toBe(0);
}

function unmount(folder: string): Promise<unknown> {
  return endOf(spawn('umount', ['-l', folder]));
}

const WAIT = { timeout: 120_000, interval: 100 };

const status = () => askDaemon({ address: atSocket(node.socket), method: 'GET', path: '/api/v1/status' });
const command = (path: string) =>
  askDaemon({ address: atSocket(node.socket), method: 'POST', path: `/api/v1${path}`, body: { target: null } });

/** Until then records come and go, whose room a command could have on a disk that was filled meanwhile. */
async function writesNothing(): Promise<void> {
  await vi.waitFor(async () => {
    expect(await status()).toMatchObject({ services: [{ replicas: [{ config: 'injected' }] }] });
    expect(readdirSync(join(node.stateDir, 'primitives', 'running'))).toEqual([]);
    expect(readdirSync(join(node.stateDir, 'events'))).not.toEqual([]);
  }, WAIT);
}

function fill(folder = disk): void {
  const filler = join(folder, 'filler');
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
  await writesNothing();
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

test('what another node commands is refused in words too, and carried out when there is room again', async () => {
  const lab = await createLab({ name: 'fulldisk' });
  const full = { folder: '' };
  try {
    const wire = lab.subnet('wire', '10.1.1.0/24');
    const a = await lab.node('a', { subnets: [wire] });
    const b = await lab.node('b', { subnets: [wire] });
    await lab.converged();
    full.folder = join(b.directory, 'srrd', 'state');
    await mountSmallDisk(full.folder);
    await startEverywhere([a, b], { services: { ECHO: { addresses: ['172.16.15.1'], makefile: ECHO_MAKEFILE } } });
    await ownerAtRest([a, b], 'ECHO');
    await a.srrctl('service', 'move', 'ECHO', 'b');
    const owner = async () => (await ownerAtRest([a, b], 'ECHO')).name;
    expect(await owner()).toBe('b');
    fill(full.folder);
    const why = /the state directory cannot be written \(ENOSPC.*make room in/;
    for (const asked of ['stop', 'deactivate']) {
      await expect(a.srrctl('service', asked, 'ECHO', 'b')).rejects.toThrow(why);
    }
    await expect(a.srrctl('node', 'standby', 'b')).rejects.toThrow(why);
    expect(await owner()).toBe('b');
    rmSync(join(full.folder, 'filler'));
    await a.srrctl('node', 'standby', 'b');
    await expect.poll(owner).toBe('a');
  } finally {
    if (full.folder !== '') await unmount(full.folder);
    await lab.destroy();
  }
});
