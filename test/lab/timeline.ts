import type { Host } from './host.js';

/** When the new owner did what after the cut (`sinceMs`: milliseconds since 1970), from its log. For people. */
export function timeline(sinceMs: number, owner: Host, service: string): string {
  const steps = owner.srrd
    .log()
    .filter((line) => line.time >= sinceMs && (line.service === undefined || line.service === service))
    .map((line) => `${line.time - sinceMs} ms ${line.msg}`);
  return `${owner.name}: ${steps.join('; ')}`;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted.length >> 1;
  const [low = Number.NaN, high = Number.NaN] = [sorted[sorted.length % 2 === 0 ? middle - 1 : middle], sorted[middle]];
  return (low + high) / 2;
}
