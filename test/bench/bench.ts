import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import { loadavg } from 'node:os';
import { basename, join } from 'node:path';
import { describeMachine } from './machine.js';
import type { Measured, Run, Scenario } from './measurement.js';
import type { BenchOptions } from './options.js';
import { Progress } from './progress.js';
import type { OpenStage, Stage } from './stage.js';

export interface Results {
  /** ISO 8601, when it began. */
  readonly date: string;
  readonly seconds: number;
  readonly machine: string;
  /** The load average of one minute just before: more than a little is other work. */
  readonly load?: number;
  /** By program. */
  readonly versions: Readonly<Record<string, string>>;
  readonly measured: readonly Measured[];
  /** Scenarios that ended with an error. */
  readonly failures: readonly { readonly scenario: string; readonly reason: string }[];
}

/** Runs what was chosen, stage by stage. What a scenario throws ends that scenario only. */
export async function runBench(stages: readonly Stage[], options: BenchOptions): Promise<Results> {
  const chosen = stages
    .map((stage) => ({ stage, scenarios: stage.scenarios.filter(({ id }) => options.chosen.some((c) => c.id === id)) }))
    .filter(({ scenarios }) => scenarios.length > 0);
  const raw = join(options.directory, 'replies');
  rmSync(raw, { recursive: true, force: true });
  mkdirSync(raw, { recursive: true });
  const date = new Date().toISOString();
  const begin = performance.now();
  const elapsed = () => (performance.now() - begin) / 1000;
  const load = Math.round((loadavg()[0] ?? 0) * 100) / 100;
  const progress = new Progress(chosen, options.runs, elapsed);
  progress.announce(options.directory);
  const measured: Measured[] = [];
  const failures: { scenario: string; reason: string }[] = [];
  let versions: Record<string, string> = {};
  for (const { stage, scenarios } of chosen) {
    progress.building(stage);
    const open = await stage.open();
    try {
      versions = { ...versions, ...open.versions };
      for (const scenario of scenarios) {
        try {
          measured.push(await runScenario(open, scenario, options.runs ?? scenario.runs, raw, progress));
        } catch (error) {
          const reason = error instanceof Error ? error.message : String(error);
          progress.failed(scenario, reason);
          failures.push({ scenario: scenario.id, reason });
        }
      }
    } finally {
      await open.close();
    }
  }
  return { date, seconds: Math.round(elapsed()), machine: describeMachine(), load, versions, measured, failures };
}

/** Without what belongs to the act: functions and definitions are no results. */
function described({ id, title, value, unit, peer, runs, secondsPerRun, targets }: Scenario): Scenario {
  const optional = { ...(unit === undefined ? {} : { unit }), ...(peer === undefined ? {} : { peer }) };
  return { id, title, value, ...optional, runs, secondsPerRun, targets };
}

async function runScenario(
  stage: OpenStage,
  scenario: Scenario,
  count: number,
  raw: string,
  progress: Progress,
): Promise<Measured> {
  progress.begin(scenario, count);
  const begin = performance.now();
  const runs: Run[] = [];
  try {
    await stage.prepare(scenario.id);
    while (runs.length < count) {
      const run = await stage.run(scenario.id);
      progress.ran(scenario, run, runs.length);
      runs.push(run);
      if (progress.mustEnd(scenario, runs.length)) break;
    }
  } finally {
    for (const file of await stage.finish(scenario.id))
      copyFileSync(file, join(raw, `${scenario.id}-${basename(file)}`));
  }
  const seconds = Math.round((performance.now() - begin) / 1000);
  const measured = { scenario: described(scenario), runs, seconds };
  progress.done(measured);
  return measured;
}
