import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { notifySocket, Supervision } from './index.js';

const LAUNCHER = fileURLToPath(new URL('../../bin/with-notify-socket', import.meta.url));

/** Binds a datagram socket as systemd does, and prints sender and text of each message. */
const SYSTEMD = `
use Socket qw(AF_UNIX SOCK_DGRAM pack_sockaddr_un);
my $s;
socket($s, AF_UNIX, SOCK_DGRAM, 0) && bind($s, pack_sockaddr_un($ARGV[0])) or die $!;
$| = 1; print "listening\\n";
while (defined recv($s, my $text, 65536, 0)) { $text =~ s/\\n/;/g; print "$text\\n" }`;

let folder: string;
let systemd: ChildProcess;
let heard: string[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'srrd-notify-'));
  systemd = spawn('perl', ['-e', SYSTEMD, join(folder, 'notify')], { stdio: ['ignore', 'pipe', 'inherit'] });
  heard = [];
  if (systemd.stdout) createInterface({ input: systemd.stdout }).on('line', (line) => heard.push(line));
  await vi.waitFor(() => expect(heard).toEqual(['listening']), { timeout: 60_000 });
});

afterEach(() => {
  vi.useRealTimers();
  systemd.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

test('a program that the launcher becomes speaks to systemd by itself, and what it starts cannot', async () => {
  const script = `
    const { writeSync } = require('node:fs');
    const { execFileSync } = require('node:child_process');
    const fd = Number(process.env.SRRD_NOTIFY_FD);
    const child = execFileSync('/bin/sh', ['-c', 'readlink /proc/$$/fd/' + fd + ' || echo nothing']).toString().trim();
    writeSync(fd, 'READY=1\\nSTATUS=child has ' + child + ', NOTIFY_SOCKET ' + process.env.NOTIFY_SOCKET);`;
  const { pid } = await launched([process.execPath, '-e', script]);
  expect(pid).toBeGreaterThan(0);
  await vi.waitFor(() => expect(heard).toContain('READY=1;STATUS=child has nothing, NOTIFY_SOCKET undefined'), {
    timeout: 60_000,
  });
});

test('the launcher becomes the program also where no systemd is, and keeps its exit status', async () => {
  expect((await launched([process.execPath, '-e', 'process.exit(7)'], {})).code).toBe(7);
  const nowhere = { NOTIFY_SOCKET: join(folder, 'nobody') };
  expect((await launched([process.execPath, '-e', 'process.exit(7)'], nowhere)).code).toBe(7);
});

test('srrd under Type=notify without the launcher says what to write into the unit', () => {
  expect(() => notifySocket({ NOTIFY_SOCKET: '/run/systemd/notify' })).toThrow(/with-notify-socket/);
  expect(notifySocket({})).toBeNull();
});

test('a systemd that does not read loses messages and holds nothing up', () => {
  const socket = notifySocket({ SRRD_NOTIFY_FD: '3' }, 1, () => {
    throw new Error('EAGAIN');
  });
  expect(() => socket?.tell('WATCHDOG=1')).not.toThrow();
});

test('the watchdog of another process is not ours', () => {
  const environment = { SRRD_NOTIFY_FD: '3', WATCHDOG_USEC: '30000000' };
  expect(notifySocket({ ...environment, WATCHDOG_PID: '7' }, 7)?.watchdogMs).toBe(30_000);
  expect(notifySocket({ ...environment, WATCHDOG_PID: '8' }, 7)?.watchdogMs).toBeNull();
  expect(notifySocket({ SRRD_NOTIFY_FD: '3' }, 7)?.watchdogMs).toBeNull();
});

test('it is ready when the node announces, once, and the status is told when it changes', () => {
  vi.useFakeTimers();
  const told: string[] = [];
  let status = 'isolated';
  const supervision = supervise(told, () => status);
  vi.advanceTimersByTime(2_000);
  status = 'joining';
  supervision.changed();
  supervision.changed();
  status = 'member';
  supervision.changed();
  vi.advanceTimersByTime(2_000);
  supervision.ending(630_000);
  vi.advanceTimersByTime(100_000);
  supervision.close();
  expect(told).toEqual([
    'STATUS=isolated',
    'READY=1;STATUS=joining',
    'STATUS=member',
    'STOPPING=1;EXTEND_TIMEOUT_USEC=630000000',
  ]);
});

test('a node without neighbours does not hold up the boot of its machine', () => {
  vi.useFakeTimers();
  const told: string[] = [];
  const supervision = supervise(told, () => 'isolated');
  vi.advanceTimersByTime(59_000);
  expect(told).toEqual(['STATUS=isolated']);
  vi.advanceTimersByTime(1_000);
  supervision.close();
  expect(told.at(-1)).toBe('READY=1;STATUS=isolated');
});

test('the watchdog is fed three times in its time, by a timer of the event loop', () => {
  vi.useFakeTimers();
  const told: string[] = [];
  const supervision = supervise(told, () => 'member', 30_000);
  vi.advanceTimersByTime(30_000);
  expect(told.filter((text) => text === 'WATCHDOG=1')).toHaveLength(3);
  supervision.close();
  vi.advanceTimersByTime(30_000);
  expect(told.filter((text) => text === 'WATCHDOG=1')).toHaveLength(3);
});

function supervise(told: string[], status: () => string, watchdogMs: number | null = null): Supervision {
  return new Supervision({
    socket: { tell: (...assignments) => told.push(assignments.join(';')), watchdogMs },
    isReady: () => status() !== 'isolated',
    status,
  });
}

async function launched(
  argv: readonly string[],
  environment: Record<string, string> = { NOTIFY_SOCKET: join(folder, 'notify') },
) {
  const child = spawn(LAUNCHER, argv, { env: { PATH: process.env.PATH, ...environment }, stdio: 'ignore' });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { pid: child.pid ?? 0, code };
}
