import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// Tests run against the shim's sources, so a change there needs no build first.
const alias = { 'ospfapi-shim': fileURLToPath(new URL('./ospfapi-shim/src/index.ts', import.meta.url)) };

export default defineConfig({
  test: {
    projects: [
      {
        resolve: { alias },
        test: {
          name: 'unit',
          include: [
            'src/**/*.test.ts',
            'ospfapi-shim/src/**/*.test.ts',
            'web/src/**/*.test.ts',
            'test/scenarios/**/*.test.ts',
            'test/bench/**/*.test.ts',
            'scripts/**/*.test.ts',
          ],
          setupFiles: ['test/seed.ts'],
          testTimeout: 30_000,
          // A second is short on a machine that is busy with something else.
          expect: { poll: { timeout: 20_000 } },
        },
      },
      // Simulated clusters; docs/simulator.md. Their runs use every core, so nothing else runs beside them.
      { test: { name: 'sim', include: ['test/sim/**/*.test.ts'], testTimeout: 300_000 } },
      {
        resolve: { alias },
        test: {
          name: 'lab',
          include: ['test/lab/**/*.test.ts'],
          // Real FRR on a shared machine: one lab at a time, generous limits.
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      // The pages in a browser, of the built files: run `make build` first.
      {
        resolve: { alias },
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
