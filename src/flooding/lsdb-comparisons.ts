/** Of the copy of the LSDB with that of ospfd, since the start. */
export interface LsdbComparisons {
  readonly done: number;
  readonly differed: number;
}
