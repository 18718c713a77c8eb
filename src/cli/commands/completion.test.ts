import { afterEach, beforeEach, expect, test } from 'vitest';
import { TestDaemon, TWO_NODES } from '../testing.js';

let daemon: TestDaemon;

beforeEach(async () => {
  daemon = new TestDaemon();
  daemon.status = TWO_NODES;
  await daemon.serve();
});

afterEach(() => daemon.end());

test.each([
  [[''], expect.arrayContaining(['status', 'watch', 'service', 'definition'])],
  [['st'], ['status']],
  [['service', 'mo'], ['move']],
  [['service', 'move', ''], ['WEB']],
  [
    ['service', 'move', 'WEB', ''],
    ['alpha', 'beta'],
  ],
  [['service', 'move', 'WEB', 'be'], ['beta']],
  [['service', 'move', '--p'], ['--pin']],
  [['router', 'o'], ['ospfd']],
  [['events', '--kind', 'fa'], ['failure']],
  [['events', '--service', ''], ['WEB']],
  [['events', '-f', '--node', 'al'], ['alpha']],
  [
    ['completion', ''],
    ['bash', 'zsh', 'fish'],
  ],
  [['definition', 'set', ''], []],
])('completion of %j', async (words, expected) => {
  const { code, out } = await daemon.run('__complete', '--', ...words);
  expect([code, out.split('\n').filter(Boolean)]).toEqual([0, expected]);
});

test('completion needs no daemon, and says nothing then', async () => {
  await daemon.stop();
  expect(await daemon.run('__complete', '--', 'service', 'move', '')).toEqual({ code: 0, out: '', err: '' });
});
