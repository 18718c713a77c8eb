import type { Measured, Run, Scenario } from './measurement.js';
import type { Stage } from './stage.js';
import { median } from './statistics.js';

/** The whole of it, in seconds: a little less than the quarter of an hour that is promised (docs/bench.md). */
export const LIMIT_SECONDS = 880;

/** A scenario that takes longer says how each run went. */
const LONG_SECONDS = 20;

interface ChosenStage {
  readonly stage: Stage;
  readonly scenarios: readonly Scenario[];
}

/** Says what is being done and how long it will still take, from what each scenario is said to take. */
export class Progress {
  #secondsLeft: number;
  readonly #chosen: readonly ChosenStage[];

  /**
   * @param runs of each scenario; null: as many as each says itself, and fewer where nothing is promised if all would
   * take too long.
   * @param elapsed seconds since the beginning.
   */
  constructor(
    chosen: readonly ChosenStage[],
    private readonly runs: number | null,
    private readonly elapsed: () => number,
  ) {
    this.#chosen = chosen;
    this.#secondsLeft = chosen.reduce(
      (sum, { stage, scenarios }) =>
        sum + stage.seconds + scenarios.reduce((all, one) => all + one.secondsPerRun * this.#count(one), 0),
      0,
    );
  }

  announce(directory: string): void {
    const scenarios = this.#chosen.flatMap((each) => each.scenarios);
    const runs = scenarios.reduce((sum, scenario) => sum + this.#count(scenario), 0);
    say(
      `${counted(scenarios.length, 'scenario')}, ${counted(runs, 'run')}, ${this.#left()}; results go to ${directory}`,
    );
  }

  building({ name, seconds }: Stage): void {
    say(`building: ${name} (${this.#left()})`);
    this.#secondsLeft -= seconds;
  }

  begin({ title }: Scenario, count: number): void {
    say(`${title}, ${counted(count, 'run')} (${this.#left()})`);
  }

  ran(scenario: Scenario, run: Run, index: number): void {
    const count = this.#count(scenario);
    this.#secondsLeft -= scenario.secondsPerRun;
    if (count > 1 && scenario.secondsPerRun * count >= LONG_SECONDS)
      say(`  run ${index + 1} of ${count}: ${inUnit(run.value, scenario)}`);
  }

  /** Whether the scenario must end after so many runs, lest all take longer than was said. */
  mustEnd(scenario: Scenario, done: number): boolean {
    const left = this.#count(scenario) - done;
    const isLate = this.elapsed() + this.#secondsLeft > LIMIT_SECONDS;
    if (this.runs !== null || scenario.targets.length > 0 || left <= 0 || !isLate) return false;
    say(`  no more runs of it: this machine is slow, and all would take longer than a quarter of an hour`);
    this.#secondsLeft -= scenario.secondsPerRun * left;
    return true;
  }

  done({ scenario, runs, seconds }: Measured): void {
    const values = runs.map(({ value }) => value);
    const all = values.map(whole).join(' ');
    say(`  ${scenario.value}: ${all}, median ${inUnit(median(values), scenario)} (took ${seconds} s)`);
  }

  failed({ title }: Scenario, reason: string): void {
    say(`  ${title} FAILED: ${reason}`);
  }

  #count(scenario: Scenario): number {
    return this.runs ?? scenario.runs;
  }

  #left(): string {
    const seconds = Math.max(0, Math.round(this.#secondsLeft));
    return seconds < 90 ? `about ${seconds} s left` : `about ${Math.round(seconds / 60)} min left`;
  }
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

function inUnit(value: number, { unit }: Scenario): string {
  return `${whole(value)} ${unit ?? 'ms'}`;
}

function whole(ms: number): string {
  return ms.toFixed(ms < 10 ? 1 : 0);
}

function say(text: string): void {
  console.log(`bench: ${text}`);
}
