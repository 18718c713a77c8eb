import { add, type Counts, Coverage, TABLES } from './coverage.js';
import { neverExercised } from './expected.js';
import { LEAST_FAULTS, LEAST_STEPS } from './plan-run.js';
import type { RunResult } from './simulation.js';

/** What many runs gave, together. Plain data inside, so that workers can send theirs. */
export interface Totals {
  runs: number;
  steps: number;
  leastSteps: number;
  faults: number;
  leastFaults: number;
  longestRestMs: number;
  mostRestSteps: number;
  /** Overlaps by kind and explanation: how many, the sum and the longest of their time in a connected network. */
  readonly overlaps: Map<string, { count: number; totalMs: number; longestMs: number }>;
  readonly coverage: { readonly [table in (typeof TABLES)[number]]: Counts };
  readonly violations: { readonly seed: number; readonly kind: string; readonly text: string }[];
}

export function noTotals(): Totals {
  return {
    runs: 0,
    steps: 0,
    leastSteps: Number.POSITIVE_INFINITY,
    faults: 0,
    leastFaults: Number.POSITIVE_INFINITY,
    longestRestMs: 0,
    mostRestSteps: 0,
    overlaps: new Map(),
    coverage: { ...new Coverage() } as Totals['coverage'],
    violations: [],
  };
}

export function addRun(totals: Totals, result: RunResult): void {
  totals.runs++;
  totals.steps += result.steps;
  totals.faults += result.faults;
  totals.longestRestMs = Math.max(totals.longestRestMs, result.rest.ms);
  totals.mostRestSteps = Math.max(totals.mostRestSteps, result.rest.steps);
  for (const { kind, explanation, connectedMs } of result.overlaps) {
    addOverlap(totals, `${kind}, ${explanation ?? 'unexplained'}`, 1, connectedMs, connectedMs);
  }
  if (result.coverage !== null) addCoverage(totals, result.coverage);
  const { violation, seed, steps, faults } = result;
  if (violation !== null) {
    totals.violations.push({ seed, kind: violation.kind, text: violation.text });
    return;
  }
  totals.leastSteps = Math.min(totals.leastSteps, steps);
  totals.leastFaults = Math.min(totals.leastFaults, faults);
  if (steps < LEAST_STEPS || faults < LEAST_FAULTS) {
    totals.violations.push({ seed, kind: 'too little', text: `only ${steps} steps and ${faults} faults` });
  }
}

export function addRuleCalls(totals: Totals, calls: Counts): void {
  for (const [name, count] of calls) add(totals.coverage.functions, name, count);
}

export function addTotals(totals: Totals, other: Totals): void {
  totals.runs += other.runs;
  totals.steps += other.steps;
  totals.faults += other.faults;
  totals.leastSteps = Math.min(totals.leastSteps, other.leastSteps);
  totals.leastFaults = Math.min(totals.leastFaults, other.leastFaults);
  totals.longestRestMs = Math.max(totals.longestRestMs, other.longestRestMs);
  totals.mostRestSteps = Math.max(totals.mostRestSteps, other.mostRestSteps);
  for (const [name, { count, totalMs, longestMs }] of other.overlaps)
    addOverlap(totals, name, count, totalMs, longestMs);
  addCoverage(totals, other.coverage);
  totals.violations.push(...other.violations);
}

/** The tables at the end of a long run, as lines. */
export function reportLines(totals: Totals): string[] {
  const { runs, steps, faults } = totals;
  const lines = [
    `${runs} runs, ${Math.round(steps / runs)} steps a run (at least ${totals.leastSteps}), ` +
      `${(faults / runs).toFixed(1)} faults a run (at least ${totals.leastFaults}); ` +
      `from the last repair to rest it took at most ${(totals.longestRestMs / 1000).toFixed(1)} s ` +
      `and ${totals.mostRestSteps} steps`,
    '',
    'two nodes ran the same at once (how often; together and longest while they could reach each other):',
  ];
  for (const [name, { count, totalMs, longestMs }] of [...totals.overlaps].sort()) {
    lines.push(
      `${String(count).padStart(9)}  ${name}: ${(totalMs / 1000).toFixed(1)} s, ${(longestMs / 1000).toFixed(2)} s`,
    );
  }
  for (const table of TABLES) {
    lines.push('', `${TITLES[table]}:`);
    for (const [name, count] of [...totals.coverage[table]].sort(([a], [b]) => (a < b ? -1 : 1))) {
      lines.push(`${String(count).padStart(9)}  ${name}`);
    }
  }
  lines.push('', 'never exercised:', ...neverExercised(totals.coverage).map((name) => `           ${name}`));
  return lines;
}

const TITLES: Record<(typeof TABLES)[number], string> = {
  transitions: 'state transitions',
  events: 'events handled',
  effects: 'effects carried out',
  failures: 'failures announced',
  reports: 'reports and answers',
  functions: 'rules of the core, and how often each was applied (in a sample of the runs)',
  actions: 'what people did',
  faultKinds: 'faults',
  promises: 'promises, and how often each was put to the test',
};

function addOverlap(totals: Totals, name: string, count: number, totalMs: number, longestMs: number): void {
  const known = totals.overlaps.get(name) ?? { count: 0, totalMs: 0, longestMs: 0 };
  totals.overlaps.set(name, {
    count: known.count + count,
    totalMs: known.totalMs + totalMs,
    longestMs: Math.max(known.longestMs, longestMs),
  });
}

function addCoverage(totals: Totals, coverage: Totals['coverage']): void {
  for (const table of TABLES) for (const [name, count] of coverage[table]) add(totals.coverage[table], name, count);
}
