/** Where the time of one run went, in ms; what cannot be told apart in a scenario is absent. docs/bench.md defines each. */
export interface Phases {
  /** From the fault until the node that acts knows of it. */
  readonly detection?: number;
  /** From then until the new owner's kernel has the address. */
  readonly decision?: number;
  /** From then until the client is answered. */
  readonly route?: number;
  /** What `make` took meanwhile: of `start`, or of `restart`. */
  readonly primitive?: number;
}

/** One run of one scenario. */
export interface Run {
  /** What the scenario is about, in its unit. */
  readonly value: number;
  readonly phases: Phases;
  /** Datagrams that the client never got an answer to, from the fault until all is well again. */
  readonly lost: number;
  /** What else was measured, by name; units are in the names. */
  readonly more: Readonly<Record<string, number>>;
}

export interface Target {
  readonly limit: number;
  /** `median`: half of the runs may be worse. `worst`: none. */
  readonly of: 'median' | 'worst';
  /** The name of an entry of `more`; absent: the value. */
  readonly measure?: string;
}

/** What `ONLY=` chooses, and a row of the table. */
export interface Scenario {
  /** a-z, 0-9 and "-". */
  readonly id: string;
  readonly title: string;
  /** What `value` is, for people: `outage` of the client, unless something else is said. */
  readonly value: string;
  /** What others use instead. */
  readonly peer?: boolean;
  /** Absent: ms. */
  readonly unit?: 'bytes';
  /** How often without `RUNS=`. */
  readonly runs: number;
  /** With its share of what prepares and mends; for the remaining time only. */
  readonly secondsPerRun: number;
  readonly targets: readonly Target[];
}

/** What has been measured of a scenario. */
export interface Measured {
  readonly scenario: Scenario;
  readonly runs: readonly Run[];
  /** What it took, all of it. */
  readonly seconds?: number;
}
