import { afterEach, beforeEach, expect, test } from 'vitest';
import { testPorts } from '../../http/testing.js';
import { TestDaemon } from '../testing.js';

let daemon: TestDaemon;

beforeEach(() => {
  daemon = new TestDaemon();
});

afterEach(() => daemon.end());

test('router gives commands to a routing daemon, and fails when it refuses', async () => {
  const asked: unknown[] = [];
  await daemon.serve({
    routers: {
      ...testPorts().routers,
      run: async (daemon, commands) => {
        asked.push([daemon, commands]);
        const answers = commands.map((command) => ({
          command,
          output: `said\r\n`,
          refused: command.includes('nonsense'),
        }));
        return { outcome: 'done', result: { answers, cut: false } };
      },
    },
  });
  expect(await daemon.run('router', 'ospfd', 'show', 'ip', 'ospf')).toMatchObject({
    code: 0,
    out: expect.stringContaining('said\n'),
  });
  expect(await daemon.run('router', 'zebra', 'configure terminal; interface lo')).toMatchObject({ code: 1 });
  expect(await daemon.run('router', 'zebra', '--yes', 'configure terminal; interface lo')).toMatchObject({ code: 0 });
  expect(await daemon.run('router', 'ospfd', 'show nonsense')).toMatchObject({ code: 1 });
  expect(await daemon.run('router', 'bgpd', 'show version')).toMatchObject({ code: 2 });
  expect(asked).toEqual([
    ['ospfd', ['show ip ospf']],
    ['zebra', ['configure terminal', 'interface lo']],
    ['ospfd', ['show nonsense']],
  ]);
});
