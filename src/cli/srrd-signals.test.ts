import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { askDaemon } from './client.js';
import { atSocket } from './daemon-address.js';
import { endOf, isPending, listensTo, logOf, RealNode } from './testing-process.js';

let node: RealNode;

beforeEach(async () => {
  node = new RealNode();
  await node.configure();
});

afterEach(() => node.end());

test('SIGHUP through all of the start ends nothing, and the definitions are read again', async () => {
  const daemon = await startAndListen();
  const log = logOf(daemon);
  const isReading = () => log.some(({ msg }) => msg.startsWith('SIGHUP: reading'));
  await vi.waitFor(() => {
    daemon.kill('SIGHUP');
    expect(isReading()).toBe(true);
  }, WAIT);
  daemon.kill('SIGTERM');
  expect(await endOf(daemon)).toBe(0);
});

test('a SIGHUP from before anything is read is not lost', async () => {
  const daemon = await startAndListen();
  daemon.kill('SIGHUP');
  const log = logOf(daemon);
  await vi.waitFor(
    () => expect(log).toContainEqual(expect.objectContaining({ msg: expect.stringMatching(/^SIGHUP: reading/) })),
    WAIT,
  );
  daemon.kill('SIGTERM');
  expect(await endOf(daemon)).toBe(0);
});

test('it listens to signals before it does anything else', async () => {
  const daemon = await startAndListen();
  expect(existsSync(node.stateDir)).toBe(false);
  daemon.kill('SIGTERM');
  expect(await endOf(daemon)).toBe(0);
});

test.each([0, 50, 400])('SIGTERM %i ms after it began is carried out when it has started', async (afterMs) => {
  const daemon = await startAndListen();
  const log = logOf(daemon);
  await delay(afterMs);
  daemon.kill('SIGTERM');
  expect(await endOf(daemon)).toBe(0);
  expect(log.at(-1)?.msg).toBe('srrd has ended: everything is stopped and withdrawn');
});

test('a second SIGTERM while it starts ends it at once with 1', async () => {
  const daemon = await startAndListen();
  daemon.kill('SIGTERM');
  // Two of the same that wait are one to the kernel.
  await vi.waitFor(() => expect(isPending(daemon.pid ?? 0, constants.signals.SIGTERM)).toBe(false), WAIT);
  daemon.kill('SIGTERM');
  expect(await endOf(daemon)).toBe(1);
  await expect(askDaemon({ address: atSocket(node.socket), method: 'GET', path: '/api/v1/status' })).rejects.toThrow();
});

const WAIT = { timeout: 60_000, interval: 5 };

async function startAndListen() {
  const daemon = node.start();
  const { pid = 0 } = daemon;
  await vi.waitFor(() => expect(listensTo(pid, constants.signals.SIGHUP)).toBe(true), { ...WAIT, interval: 1 });
  return daemon;
}
