/** Logs count milliseconds since 1970, probes nanoseconds since some moment: this tells both of one moment. */
export interface Moment {
  readonly unixMs: number;
  readonly hrtime: bigint;
}

export function now(): Moment {
  return { unixMs: performance.timeOrigin + performance.now() + drift(), hrtime: process.hrtime.bigint() };
}

/** In milliseconds since 1970. */
export function unixMsOf(hrtime: bigint, reference: Moment): number {
  return reference.unixMs + Number(hrtime - reference.hrtime) / 1e6;
}

export function msBetween(from: bigint, to: bigint): number {
  return Number(to - from) / 1e6;
}

/** What the machine's clock was set by since this process began. `Date` counts whole ms: wait for the next one. */
function drift(): number {
  const before = Date.now();
  let current = before;
  while (current === before) current = Date.now();
  return current - (performance.timeOrigin + performance.now());
}
