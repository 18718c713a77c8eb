import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { testPorts } from '../../http/testing.js';
import { TestDaemon } from '../testing.js';

let daemon: TestDaemon;

beforeEach(() => {
  daemon = new TestDaemon();
});

afterEach(() => daemon.end());

test('node shutdown ends this node', async () => {
  const shutDown = vi.fn(() => true);
  await daemon.serve({ node: { ...testPorts().node, shutDown } });
  expect(await daemon.run('node', 'shutdown')).toMatchObject({
    code: 0,
    out: expect.stringContaining('srrd then ends'),
  });
  expect(shutDown).toHaveBeenCalledWith('local');
});
