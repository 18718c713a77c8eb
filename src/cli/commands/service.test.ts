import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { testPorts } from '../../http/testing.js';
import { TestDaemon } from '../testing.js';

let daemon: TestDaemon;

beforeEach(() => {
  daemon = new TestDaemon();
});

afterEach(() => daemon.end());

test('confirm-stopped names the node, which cannot be left out', async () => {
  const { control } = testPorts();
  const command = vi.fn(() =>
    Promise.resolve({ outcome: 'done', text: 'DISK does not run on gamma any more' } as const),
  );
  await daemon.serve({ control: { ...control, command } });
  expect(await daemon.run('service', 'confirm-stopped', 'DISK')).not.toMatchObject({ code: 0 });
  expect(command).not.toHaveBeenCalled();
  expect(await daemon.run('service', 'confirm-stopped', 'DISK', 'gamma')).toMatchObject({
    code: 0,
    out: expect.stringContaining('DISK does not run on gamma any more'),
  });
  expect(command).toHaveBeenCalledWith(
    expect.objectContaining({ order: expect.objectContaining({ command: 'confirm-stopped' }), on: 'gamma' }),
  );
});
