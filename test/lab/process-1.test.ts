import { spawn } from 'node:child_process';
import { expect, test, vi } from 'vitest';
import { endOf, logOf, RealNode, SRRD } from '../../src/cli/testing-process.js';

test('srrd as process 1 says that it needs an init', async () => {
  const node = new RealNode();
  await node.configure();
  const args = ['--pid', '--fork', '--kill-child', SRRD, '--config', node.configFile];
  const daemon = spawn('unshare', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const log = logOf(daemon);
  await vi.waitFor(() => expect(log.map(({ msg }) => msg)).toContainEqual(expect.stringMatching(/process 1.*--init/)), {
    timeout: 120_000,
  });
  daemon.kill('SIGKILL');
  await endOf(daemon);
  await node.end();
});
