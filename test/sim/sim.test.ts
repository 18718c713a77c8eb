import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { beforeAll, describe, expect, it } from 'vitest';

/**
 * The lives that every test tells. SIM_SECONDS=60 tries fresh ones instead, for a minute: their seeds are printed, and
 * `make sim SEED=n` tells one again. A seed that fails is a fault found: it goes into seeds.txt with its cure. Why not always
 * fresh ones: docs/simulator.md, Known and open.
 */
const LIVES = { SEED: '5160000', RUNS: '400' };
const { SIM_SECONDS } = process.env;
const folder = fileURLToPath(new URL('.', import.meta.url));

/** Workers run compiled code: building takes seconds, and a run in plain node is much faster than here. */
beforeAll(async () => {
  const tsc = fileURLToPath(new URL('../../node_modules/.bin/tsc', import.meta.url));
  await execa(tsc, ['-b', '../../ospfapi-shim'], { cwd: folder });
  await execa(tsc, ['-p', 'tsconfig.json'], { cwd: folder });
});

describe('simulated clusters', () => {
  it('keep their promises in every run that once broke one', { timeout: 1_200_000 }, () =>
    simulated({ SEEDS: `${folder}/seeds.txt` }),
  );

  it('keep their promises in many lives', { timeout: (Number(SIM_SECONDS ?? 0) + 1_200) * 1000 }, () =>
    simulated(SIM_SECONDS === undefined ? LIVES : { SECONDS: SIM_SECONDS }),
  );

  it('keep their promises beside a router without a key that does what it can', { timeout: 900_000 }, () =>
    simulated({ ADVERSARY: '1', SEED: '12000000', RUNS: '12' }),
  );

  it('would not keep them if it was believed', { timeout: 900_000 }, async () => {
    const env = { ADVERSARY: 'believed', SEED: '12000000', RUNS: '8', STOP_AT: '1', TELL: '0', QUIET: '1' };
    const { exitCode, stdout } = await run(env);
    expect(stdout).toMatch(/ violations\n {2}SEED=/);
    expect(exitCode).toBe(1);
  });
});

async function simulated(which: Record<string, string>): Promise<void> {
  const { exitCode, stdout } = await run({ ...which, QUIET: '1' });
  // The seeds and, after a failure, the transcript are what a person needs.
  console.log(exitCode === 0 ? stdout.split('\n').slice(-3).join('\n') : stdout);
  expect(exitCode).toBe(0);
}

function run(env: Record<string, string>) {
  return execa('node', [`${folder}/dist/test/sim/main.js`], { env, reject: false, stderr: 'inherit' });
}
