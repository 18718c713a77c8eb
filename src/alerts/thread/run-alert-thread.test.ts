import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Alert } from './messages.js';
import { runAlertThread } from './run-alert-thread.js';

const ALERT = { event: { text: 'it has failed' }, severity: 'critical', repeated: false } as Alert;

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'srrd-alert-thread-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

test('a program that hangs keeps the daemon from ending for seconds only, and is not left behind', async () => {
  const path = join(folder, 'program');
  const pidFile = join(folder, 'pid');
  writeFileSync(path, `#!/bin/sh\necho $$ > ${pidFile}\nexec sleep 1000\n`, { mode: 0o755 });
  const by = { type: 'command', argv: [path] } as const;
  const thread = runAlertThread(
    { sender: { cluster: 'default', node: 'alpha' }, alerts: [{ name: 'ops', kinds: null, severity: 'info', by }] },
    () => {},
  );
  thread.post({ type: 'alert', targets: [0], alert: ALERT });
  await expect.poll(() => read(pidFile)).toMatch(/^\d+\n$/);
  await thread.close();
  const pid = read(pidFile).trim();
  await expect.poll(() => stateOf(pid)).toMatch(/^Z?$/);
});

test('a file of one target that never ends keeps neither the others nor the end of the daemon waiting', async () => {
  const path = join(folder, 'program');
  const fifo = join(folder, 'token');
  writeFileSync(path, `#!/bin/sh\necho told > ${join(folder, 'out')}\n`, { mode: 0o755 });
  execFileSync('mkfifo', [fifo]);
  const hook = { type: 'webhook', url: 'http://127.0.0.1:9/', tokenFile: fifo, caFile: null } as const;
  const common = { kinds: null, severity: 'info' } as const;
  const alerts = [
    { ...common, name: 'hook', by: hook },
    { ...common, name: 'ops', by: { type: 'command', argv: [path] } as const },
  ];
  const thread = runAlertThread({ sender: { cluster: 'default', node: 'alpha' }, alerts }, () => {});
  thread.post({ type: 'alert', targets: [0, 1], alert: ALERT });
  await expect.poll(() => read(join(folder, 'out'))).toBe('told\n');
  await expect
    .poll(() => thread.states()[0]?.trouble)
    .toMatch(/token cannot be read: expected a regular file, it is a FIFO/);
  await thread.close();
});

/** Empty: there is no such process. Z: it has ended, and nobody has asked how. */
function stateOf(pid: string): string {
  return /^\d+ \(.*\) (.)/s.exec(read(`/proc/${pid}/stat`))?.[1] ?? '';
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
