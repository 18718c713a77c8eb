import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RULES } from './index.js';
import { MUTATIONS } from './testing/mutations.js';
import { runSchedule } from './testing/schedule.js';

/** With RUNS=n the first schedule that notices each mutation is looked for among n, and printed for the page. */
const RUNS = Number(process.env.RUNS ?? 0);
const PAGE = readFileSync(join(import.meta.dirname, '../../docs/raid.md'), 'utf8');

describe('a rule that is left out', () => {
  it.each(Object.entries(MUTATIONS))('is missed by the schedule that docs/raid.md names: %s', (name, mutation) => {
    const rules = { ...RULES, ...mutation };
    if (RUNS > 0) return console.log(`| ${name} | ${firstNoticing(rules)} |`);
    const [, seed] = new RegExp(`^\\| ${name} \\| (\\d+) \\|$`, 'm').exec(PAGE) ?? [];
    expect(seed, `a row "| ${name} | SEED |" in docs/raid.md`).toBeDefined();
    expect(runSchedule(Number(seed), rules).violation, `SEED=${seed}; RUNS=100000 looks for another`).toBeDefined();
    expect(runSchedule(Number(seed)).violation).toBeUndefined();
  });
});

function firstNoticing(rules: typeof RULES): number | string {
  for (let seed = 1; seed <= RUNS; seed += 1) if (runSchedule(seed, rules).violation !== undefined) return seed;
  return 'none';
}
