import type { Subject } from '../cluster/index.js';
import type { SeriesRecord } from './generation-store.js';
import { GENERATIONS, GenerationSlots } from './generations.js';
import { COMMAND_SERIES, DAEMON_SERIES, HIGHEST_SERIES, isServiceSeries } from './link-state-id.js';

/** So many generations are written down as used before they are: a change in the cluster must not wait for the disk. */
const RESERVED_AHEAD = 16;

/** One S of `222.G.S.S` and its generations. */
export interface Series {
  readonly number: number;
  readonly slots: GenerationSlots;
}

export interface OwnSeriesOptions {
  readonly record: readonly SeriesRecord[];
  readonly now: () => number;
  /** Where a series begins of which nothing is known, 0..255. */
  readonly firstGeneration: () => number;
  /** `record()` has changed and should be saved. */
  readonly changed: () => void;
}

/** All series of this node: a number for every service, the same as in earlier lives, and the generations of each. */
export class OwnSeries {
  readonly #options: OwnSeriesOptions;
  readonly #byNumber = new Map<number, SeriesState>();
  readonly #numberOf = new Map<string, number>();

  constructor(options: OwnSeriesOptions) {
    this.#options = options;
    for (const { series, service, generation } of options.record) {
      const slots = new GenerationSlots(generation, options.now(), true);
      this.#byNumber.set(series, { number: series, slots, service, reserved: generation });
      if (service !== null) this.#numberOf.set(service, series);
    }
  }

  /**
   * The series of this subject, which a service keeps for ever. If all 65,280 numbers are given away, that of a service
   * for which `isWanted` says no is taken; undefined if there is none.
   */
  seriesOf(subject: Subject, isWanted: (service: string) => boolean): Series | undefined {
    if (subject.kind === 'daemon') return this.seriesByNumber(DAEMON_SERIES);
    if (subject.kind === 'command') return this.seriesByNumber(COMMAND_SERIES);
    const known = this.#numberOf.get(subject.service);
    if (known !== undefined) return this.seriesByNumber(known);
    const number = this.#freeNumber(isWanted);
    if (number === undefined) return undefined;
    const series = this.seriesByNumber(number);
    if (series.service !== null) this.#numberOf.delete(series.service);
    series.service = subject.service;
    this.#numberOf.set(subject.service, number);
    this.#options.changed();
    return series;
  }

  /** Also for a number that no service has: an LSA of ours with it was met in the LSDB. */
  seriesByNumber(number: number): SeriesState {
    const known = this.#byNumber.get(number);
    if (known !== undefined) return known;
    const before = (this.#options.firstGeneration() + GENERATIONS - 1) % GENERATIONS;
    const slots = new GenerationSlots(before, this.#options.now(), false);
    const series = { number, slots, service: null, reserved: before };
    this.#byNumber.set(number, series);
    return series;
  }

  /** The next free generation of the series, held; undefined if none is free. */
  take(series: Series): number | undefined {
    const generation = series.slots.take(this.#options.now());
    if (generation !== undefined) this.#reserve(this.seriesByNumber(series.number), generation);
    return generation;
  }

  /** The session with ospfd ended. */
  leaveAll(): void {
    for (const series of this.#byNumber.values()) series.slots.leaveAll(this.#options.now());
  }

  record(): SeriesRecord[] {
    const records: SeriesRecord[] = [];
    for (const { number, service, reserved } of this.#byNumber.values()) {
      if (service !== null || !isServiceSeries(number)) {
        records.push({ series: number, service, generation: reserved });
      }
    }
    return records;
  }

  #reserve(series: SeriesState, taken: number): void {
    const left = (series.reserved - taken + GENERATIONS) % GENERATIONS;
    if (left >= RESERVED_AHEAD / 2 && left <= RESERVED_AHEAD) return;
    series.reserved = (taken + RESERVED_AHEAD) % GENERATIONS;
    this.#options.changed();
  }

  #freeNumber(isWanted: (service: string) => boolean): number | undefined {
    let unwanted: number | undefined;
    for (let number = 0; number <= HIGHEST_SERIES; number++) {
      if (!isServiceSeries(number)) continue;
      const service = this.#byNumber.get(number)?.service ?? null;
      if (service === null) return number;
      if (unwanted === undefined && !isWanted(service)) unwanted = number;
    }
    return unwanted;
  }
}

interface SeriesState extends Series {
  service: string | null;
  /** As saved: no generation after it is used before a higher one is saved. */
  reserved: number;
}
