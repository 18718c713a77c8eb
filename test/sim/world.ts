import type { SimulatedClock } from './clock.js';
import type { Disk } from './disk.js';
import type { Machine } from './machine.js';
import type { Monitor } from './monitor.js';
import type { OspfNetwork } from './ospf/network.js';
import type { Plan } from './plan.js';
import type { ProvenWords } from './proven-words.js';

/** What the parts of one run share. */
export interface World {
  readonly plan: Plan;
  readonly clock: SimulatedClock;
  readonly network: OspfNetwork;
  readonly monitor: Monitor;
  /** null: there is none, and everybody is believed. */
  readonly adversary: Adversary | null;
  /** Writes a line of the transcript; null when nobody reads it. */
  readonly tell: ((line: string) => void) | null;
}

/** A router without a key (adversary/). It is loaded only where there is one. */
export interface Adversary {
  /** What a daemon that requires proofs says and hears. */
  provenWordsOf(machine: Machine, disk: Disk): ProvenWords;
  /** It may act on these. */
  begin(world: World, machines: readonly Machine[]): void;
  /** Everything is repaired: from now on it does nothing that keeps a cluster from rest. */
  calm(): void;
}

export type MakeAdversary = (plan: Plan) => Adversary;

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
