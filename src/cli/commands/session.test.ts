import { afterEach, beforeEach, expect, test } from 'vitest';
import { TestDaemon } from '../testing.js';

let daemon: TestDaemon;

beforeEach(async () => {
  daemon = new TestDaemon();
  await daemon.serve();
});

afterEach(() => daemon.end());

test('session says who one is', async () => {
  const { code, out } = await daemon.run('session');
  expect([code, out]).toEqual([0, expect.stringContaining('role     admin')]);
  expect(JSON.parse((await daemon.run('session', '--json')).out)).toMatchObject({ user: 'local', via: 'socket' });
});
