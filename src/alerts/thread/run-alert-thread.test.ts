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
