import { closeSync, openSync } from 'node:fs';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { askDaemon } from './client.js';
import { atSocket } from './daemon-address.js';
import { endOf, RealNode } from './testing-process.js';

let node: RealNode;

beforeEach(async () => {
  node = new RealNode();
  await node.configure();
});

afterEach(() => node.end());

const status = () => askDaemon({ address: atSocket(node.socket), method: 'GET', path: '/api/v1/status' });

const WAIT = { timeout: 60_000, interval: 50 };

test('a log on a full disk keeps srrd neither from its work nor from ending', async () => {
  const full = openSync('/dev/full', 'w');
  const daemon = node.start(full);
  closeSync(full);
  await vi.waitFor(status, WAIT);
  daemon.kill('SIGHUP');
  await status();
  daemon.kill('SIGTERM');
  expect(await endOf(daemon)).toBe(0);
});

test('a log that nobody reads keeps srrd neither from its work nor from ending', async () => {
  const daemon = node.start('pipe');
  await vi.waitFor(status, WAIT);
  // A pipe holds 64 KB, Node reads as much ahead; each asking is a line of some 200 bytes.
  const audited = {
    address: atSocket(node.socket),
    method: 'POST',
    path: '/api/v1/services/NONE/stop',
    body: { target: null },
  } as const;
  for (let round = 0; round < 40; round++) {
    await Promise.all(Array.from({ length: 40 }, () => askDaemon(audited).catch(() => undefined)));
  }
  daemon.kill('SIGTERM');
  expect(await endOf(daemon)).toBe(0);
});
