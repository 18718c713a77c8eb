import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// Tests run against the shim's sources, so a change there needs no build first.
const alias = { 'ospfapi-shim': fileURLToPath(new URL('./ospfapi-shim/src/index.ts', import.meta.url)) };

/** What a test may take on a machine that does much else: an error for those that hang, no measure of speed. */
const generous = { testTimeout: 300_000, hookTimeout: 400_000, expect: { poll: { timeout: 60_000 } } };

/** Labs whose tests ask for much of the machine, or print how fast things are: nothing else runs beside them. */
const QUIET_LABS = [
  'failover',
  'flapping',
  'footprint',
  'leases',
  'many-services',
  'overlap',
  'three-hundred',
  'transit',
  'two-links',
  'web',
].map((name) => `test/lab/${name}.test.ts`);

/** LABS=calm: those that mostly wait, two at a time. LABS=quiet: the others, one at a time. Else all, one at a time. */
const { LABS } = process.env;

export default defineConfig({
  test: {
    projects: [
      {
        resolve: { alias },
        test: {
          name: 'unit',
          sequence: { groupOrder: 1 },
          include: [
            'src/**/*.test.ts',
            'ospfapi-shim/src/**/*.test.ts',
            'web/src/**/*.test.ts',
            'web/*.test.ts',
            'test/scenarios/**/*.test.ts',
            'test/bench/**/*.test.ts',
            'test/fuzz/**/*.test.ts',
            'scripts/**/*.test.ts',
          ],
          setupFiles: ['test/seed.ts'],
          maxWorkers: 2,
          ...generous,
        },
      },
      // Simulated clusters; docs/simulator.md. Their runs use every core.
      {
        test: {
          name: 'sim',
          sequence: { groupOrder: 2 },
          include: ['test/sim/**/*.test.ts'],
          ...generous,
          testTimeout: 900_000,
        },
      },
      // Real FRR on a shared machine.
      {
        resolve: { alias },
        test: {
          name: 'lab',
          sequence: { groupOrder: 3 },
          include: LABS === 'quiet' ? QUIET_LABS : ['test/lab/**/*.test.ts', 'test/e2e/lab.test.ts'],
          exclude: LABS === 'calm' ? QUIET_LABS : [],
          fileParallelism: LABS === 'calm',
          maxWorkers: LABS === 'calm' ? 2 : 1,
          ...generous,
        },
      },
      // What needs more of Debian, or takes longer, than `make test` should: `make test-services`.
      {
        resolve: { alias },
        test: {
          name: 'services',
          sequence: { groupOrder: 5 },
          include: ['test/services/**/*.test.ts'],
          fileParallelism: false,
          ...generous,
        },
      },
      // The packages on bare systems of Debian, with systemd: `make test-machines`.
      {
        resolve: { alias },
        test: {
          name: 'machines',
          sequence: { groupOrder: 6 },
          include: ['test/machines/**/*.test.ts'],
          ...generous,
        },
      },
      // The pages in a browser, of the built files: run `make build` first.
      {
        resolve: { alias },
        test: {
          name: 'e2e',
          sequence: { groupOrder: 4 },
          include: ['test/e2e/**/*.test.ts'],
          exclude: ['test/e2e/lab.test.ts'],
          fileParallelism: false,
          ...generous,
        },
      },
    ],
  },
});
