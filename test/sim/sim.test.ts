import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { beforeAll, describe, expect, it } from 'vitest';

/**
 * The lives that every change is judged by: always the same, so that a failure is the change's. Fresh ones are tried with
 * `make sim`, or here with SIM_SECONDS.
 */
const SEED = '20261121';
const RUNS = '700';
const { SIM_SECONDS } = process.env;
const folder = fileURLToPath(new URL('.', import.meta.url));

/** Workers run compiled code: building takes seconds, and a run in plain node is much faster than here. */
beforeAll(async () => {
  const tsc = fileURLToPath(new URL('../../node_modules/.bin/tsc', import.meta.url));
  await execa(tsc, ['-p', 'tsconfig.json'], { cwd: folder });
}, 120_000);

describe('simulated clusters', () => {
  it('keep their promises in every run that once broke one', { timeout: 300_000 }, () =>
    simulated({ SEEDS: `${folder}/seeds.txt`, QUIET: '1' }),
  );

  it('keep their promises in random lives', { timeout: 300_000 }, () =>
    simulated(SIM_SECONDS === undefined ? { SEED, RUNS } : { SECONDS: SIM_SECONDS }),
  );
});

async function simulated(env: Record<string, string>): Promise<void> {
  const { exitCode, stdout } = await execa('node', [`${folder}/dist/test/sim/main.js`], { env, reject: false });
  // The seeds and, after a failure, the transcript are what a person needs.
  console.log(exitCode === 0 ? stdout.split('\n').slice(-3).join('\n') : stdout);
  expect(exitCode).toBe(0);
}
