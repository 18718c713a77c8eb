import type { NoticeListener } from './notice.js';

/** Of the copy of the LSDB with that of ospfd, since the start. */
export interface LsdbComparisons {
  readonly done: number;
  readonly differed: number;
}

/** Counts them, and tells of those that found a difference. */
export class ComparisonCount {
  readonly #notice: NoticeListener;
  #done = 0;
  #differed = 0;

  constructor(notice: NoticeListener) {
    this.#notice = notice;
  }

  get counts(): LsdbComparisons {
    return { done: this.#done, differed: this.#differed };
  }

  add({ differences, unsure }: { readonly differences: number; readonly unsure: number }): void {
    this.#done++;
    if (differences === 0) return;
    this.#differed++;
    this.#notice({ type: 'lsdb-differed', differences, unsure });
  }
}
