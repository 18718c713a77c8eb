import type { SimulatedClock } from './clock.js';
import type { Monitor } from './monitor.js';
import type { OspfNetwork } from './ospf/network.js';
import type { Plan } from './plan.js';

/** What the parts of one run share. */
export interface World {
  readonly plan: Plan;
  readonly clock: SimulatedClock;
  readonly network: OspfNetwork;
  readonly monitor: Monitor;
  /** Writes a line of the transcript; null when nobody reads it. */
  readonly tell: ((line: string) => void) | null;
}

/** Invalid or impossible: the message says which rule of the cluster broke. */
export class Violation extends Error {
  override readonly name = 'Violation';
  /** One of a few words, by which a shrunk run is recognised as failing in the same way. */
  readonly kind: string;

  constructor(kind: string, text: string) {
    super(text);
    this.kind = kind;
  }
}
