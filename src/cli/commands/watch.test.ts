import { afterEach, beforeEach, expect, test } from 'vitest';
import { STOPPED_REPLICA } from '../../http/testing.js';
import { TestDaemon, TWO_NODES } from '../testing.js';

let daemon: TestDaemon;

beforeEach(async () => {
  daemon = new TestDaemon();
  daemon.status = TWO_NODES;
  await daemon.serve();
});

afterEach(() => daemon.end());

/** The replica is in this state from now on. */
function become(state: string): void {
  const [service] = daemon.status.services;
  if (service === undefined) return;
  const owner = state === 'started' ? '10.0.0.1' : null;
  daemon.status = { ...daemon.status, services: [{ ...service, owner, replicas: [{ ...STOPPED_REPLICA, state }] }] };
  daemon.live.changed();
}

test('watch in a pipe prints the table, then a line for each change', async () => {
  const running = daemon.begin(['watch']);
  await expect
    .poll(() => running.out)
    .toContain('GROUP  SERVICE  OWNER  alpha        beta\nWEB    WEB      -      stopped 100  -');
  become('started');
  await expect
    .poll(() => running.out)
    .toMatch(/WEB on alpha: active\/stopped -> active\/started\n.*WEB: owner - -> alpha\n$/);
  expect(running.out).not.toContain('\u001b');
  expect(running.out.match(/GROUP/g)).toHaveLength(1);
  running.stop();
  expect(await running.code).toBe(0);
});

test('watch on a terminal draws over itself, within its size', async () => {
  const running = daemon.begin(['watch'], { columns: 30, rows: 8 });
  await expect.poll(() => running.out).toContain('\u001b[H');
  become('started');
  await expect.poll(() => running.out.split('\u001b[H')).toHaveLength(3);
  running.stop();
  await running.code;
  const [, , last = ''] = running.out.split('\u001b[H');
  const lines = last.split('\u001b[K\n');
  expect(lines).toHaveLength(8);
  expect(lines[0]).toMatch(/^as of \d\d:\d\d:\d\d\.\d{3}, live$/);
  expect(lines[6]).toMatch(/^… and \d+ lines more$/);
  expect(lines[7]).toBe('\u001b[J');
  for (const line of lines.slice(0, -1)) expect(line.length).toBeLessThanOrEqual(30);
});

test('watch --json gives what the stream says', async () => {
  const running = daemon.begin(['watch', '--json']);
  await expect.poll(() => running.out).toContain('\n');
  running.stop();
  await running.code;
  expect(JSON.parse(running.out)).toMatchObject({ complete: true, services: [{ name: 'WEB' }] });
});

test('watch without a daemon exits 3', async () => {
  await daemon.stop();
  expect((await daemon.run('watch')).code).toBe(3);
});
