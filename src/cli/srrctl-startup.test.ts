import { expect, test, vi } from 'vitest';

test.each(['fastify', 'zod', 'execa', 'pino', 'yaml', 'node-forge'])(
  'srrctl starts without loading %s',
  async (library) => {
    vi.resetModules();
    vi.doMock(library, () => {
      throw new Error(`${library} was loaded`);
    });
    const { srrctl } = await import('./srrctl.js');
    const output = { out: () => {}, err: () => {} };
    expect(await srrctl(['--help'], output)).toBe(0);
    vi.doUnmock(library);
  },
);
