import { readFileSync } from 'node:fs';
import { neverExercised } from './expected.js';
import { reportLines, type Totals } from './report.js';
import { runSeeds } from './run-seeds.js';
import { tellSeed } from './story.js';
import type { AdversaryMode } from './worker.js';

/**
 * `make sim`: lets simulated clusters live through random lives and looks for broken promises (docs/simulator.md).
 *
 * Environment: SEED, the first seed (default: from the clock), or, without RUNS, the only one, which is told. RUNS, how
 * many. SECONDS, a limit of time. SEEDS=FILE, a list instead. STRICT=0 only counts overlaps of resources. WHOLE=1 does
 * not shrink what is told. SIM_WORKERS=n uses no more
 * cores. ADVERSARY=1: a router without a key does what it can, and all nodes require proofs; ADVERSARY=believed: they believe everybody. DIFFERING=1: nobody makes definitions that differ equal in the end. STOP_AT=n ends after n violations. TELL=0 tells none. QUIET=1 prints no tables.
 */
const { SEED, RUNS, SECONDS, SEEDS, STRICT, WHOLE, STOP_AT, TELL, QUIET, DIFFERING, ADVERSARY } = process.env;
/** After so many runs everything should have happened. */
const LONG_RUN = 5_000;
const strictExclusion = STRICT !== '0';
const differing = DIFFERING === '1';
const adversary: AdversaryMode = ADVERSARY === 'believed' ? 'believed' : ADVERSARY === '1' ? 'not believed' : null;
const told = {
  strictExclusion,
  whole: WHOLE === '1',
  differing,
  isBelieved: adversary === 'believed',
  adversary: adversary !== null ? await import('./adversary/index.js') : null,
};

if (SEED !== undefined && RUNS === undefined) {
  const lines = tellSeed(Number(SEED), told);
  console.log(lines.join('\n'));
  process.exitCode = lines.some((line) => line.includes('VIOLATION')) ? 1 : 0;
} else {
  process.exitCode = await runMany();
}

async function runMany(): Promise<number> {
  const seeds = SEEDS === undefined ? freshSeeds() : listedSeeds(SEEDS);
  const begunMs = Date.now();
  const totals = await runSeeds(seeds, {
    strictExclusion,
    differing,
    adversary,
    untilMs: SECONDS === undefined ? null : begunMs + Number(SECONDS) * 1000,
    mostViolations: STOP_AT === undefined ? 20 : Number(STOP_AT),
    countRules: QUIET === undefined,
    coverEvery: seeds.length > 2_000 ? 10 : 1,
  });
  if (QUIET === undefined) console.log(reportLines(totals).join('\n'));
  const seconds = (Date.now() - begunMs) / 1000;
  console.log(
    `\n${totals.runs} runs from seed ${seeds[0]} in ${seconds.toFixed(1)} s: ${totals.violations.length} violations`,
  );
  tellViolations(totals);
  const { length } = neverExercised(totals.coverage);
  if (QUIET === undefined && totals.runs >= LONG_RUN && length > 0) {
    console.log(`${length} things were never exercised (see above): the simulator must get there`);
    return 1;
  }
  return totals.violations.length > 0 ? 1 : 0;
}

function freshSeeds(): number[] {
  const first = SEED === undefined ? Date.now() % 1_000_000_000 : Number(SEED);
  const count = RUNS !== undefined ? Number(RUNS) : SECONDS !== undefined ? 1_000_000 : 1_000;
  if (!Number.isInteger(first) || !Number.isInteger(count) || count < 1) {
    throw new RangeError(`SEED and RUNS are whole numbers, not ${SEED} and ${RUNS}`);
  }
  return Array.from({ length: count }, (_, index) => first + index);
}

function listedSeeds(file: string): number[] {
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.map((line) => line.replace(/#.*/, '').trim()).flatMap((line) => (line === '' ? [] : [Number(line)]));
}

function tellViolations({ violations }: Totals): void {
  for (const { seed, kind, text } of violations) console.log(`  SEED=${seed}  ${kind}: ${text.split('\n')[0]}`);
  const [first] = violations;
  if (first === undefined || TELL === '0') return;
  console.log('\nThe first of them, shrunk:\n');
  console.log(tellSeed(first.seed, told).join('\n'));
}
