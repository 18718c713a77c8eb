import type { Measured, Scenario } from './measurement.js';
import type { Stage } from './stage.js';
import { median } from './statistics.js';

/** Says what is being done and how long it will still take, from what each scenario is said to take. */
export class Progress {
  #secondsLeft: number;

  constructor(
    chosen: readonly { readonly stage: Stage; readonly scenarios: readonly Scenario[] }[],
    private readonly runs: number | null,
  ) {
    this.#secondsLeft = chosen.reduce(
      (sum, { stage, scenarios }) =>
        sum + stage.seconds + scenarios.reduce((all, one) => all + one.secondsPerRun * this.#count(one), 0),
      0,
    );
  }

  building({ name, seconds }: Stage): void {
    say(`building: ${name} (${this.#left()})`);
    this.#secondsLeft -= seconds;
  }

  begin({ title }: Scenario, count: number): void {
    say(`${title}, ${count} runs (${this.#left()})`);
  }

  ran({ secondsPerRun }: Scenario): void {
    this.#secondsLeft -= secondsPerRun;
  }

  done({ scenario, runs }: Measured): void {
    const values = runs.map(({ value }) => value);
    const unit = scenario.unit ?? 'ms';
    say(`  ${scenario.value}: ${values.map(whole).join(' ')} ${unit}, median ${whole(median(values))} ${unit}`);
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

function whole(ms: number): string {
  return ms.toFixed(ms < 10 ? 1 : 0);
}

function say(text: string): void {
  console.log(`bench: ${text}`);
}
