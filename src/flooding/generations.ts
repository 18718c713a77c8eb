import { randomInt } from 'node:crypto';

/** A link state ID `222.G.S.S` has eight bits for the generation G. */
export const GENERATIONS = 256;

/** How long a generation rests after it left the LSDB: the others may still hold its MaxAge instance. */
export const REUSE_AFTER_MS = 60_000;

/**
 * The generations of one series, that is of one S in `222.G.S.S`: which of them is free to carry the next announcement.
 *
 * A generation is free when this node does not hold it (has not originated it, or has deleted it), when the LSDB does
 * not show it, and when both have been so for `REUSE_AFTER_MS`. The search begins after the last one that was taken or
 * met, so that what an earlier life of this node left in the network is passed over even while it is not yet visible.
 * Pure: time comes with each call, monotonic, in ms.
 */
export class GenerationSlots {
  #last: number;
  /** Whether `last` is a generation of ours, or only where to begin. */
  #lastWasUsed: boolean;
  readonly #earlierLife: { readonly last: number; readonly endedAtMs: number } | null;
  /** What this life knows of. */
  readonly #slots = new Map<number, Slot>();

  /**
   * `last`: the last generation of an earlier life (it and the half of the circle before it rest at first), or, if
   * nothing is known of one, any generation to begin after.
   */
  constructor(last: number, nowMs: number, lastWasUsed: boolean) {
    this.#last = last;
    this.#lastWasUsed = lastWasUsed;
    this.#earlierLife = lastWasUsed ? { last, endedAtMs: nowMs } : null;
  }

  /** Takes the next free generation; undefined if none is free. It is held until `release`. */
  take(nowMs: number): number | undefined {
    for (let step = 1; step <= GENERATIONS; step++) {
      const generation = modulo(this.#last + step);
      if (!this.#isFree(generation, nowMs)) continue;
      this.#slots.set(generation, { held: true, seenIn: new Set(), leftAtMs: nowMs });
      this.#moveTo(generation);
      return generation;
    }
    return undefined;
  }

  /** This node no longer holds it: its deletion was accepted, or its origination refused. */
  release(generation: number, nowMs: number): void {
    const slot = this.#slots.get(generation);
    if (slot?.held !== true) return;
    slot.held = false;
    slot.leftAtMs = nowMs;
  }

  /** The LSDB holds an LSA of ours with this generation; `place` tells LSAs of different type, area or link apart. */
  seen(generation: number, place: string, nowMs: number): void {
    this.#met(generation, nowMs).seenIn.add(place);
  }

  /** It left the LSDB, or only its MaxAge instance is left: that may be all that was ever heard of one of an earlier life. */
  gone(generation: number, place: string, nowMs: number): void {
    const slot = this.#met(generation, nowMs);
    slot.seenIn.delete(place);
    slot.leftAtMs = nowMs;
  }

  /** The session with ospfd ended: it flushes what we held, and what the LSDB shows is no longer known. */
  leaveAll(nowMs: number): void {
    for (const slot of this.#slots.values()) {
      if (!slot.held && slot.seenIn.size === 0) continue;
      slot.held = false;
      slot.seenIn.clear();
      slot.leftAtMs = nowMs;
    }
  }

  #met(generation: number, nowMs: number): Slot {
    const slot = this.#slots.get(generation) ?? { held: false, seenIn: new Set<string>(), leftAtMs: nowMs };
    this.#slots.set(generation, slot);
    if (!this.#lastWasUsed || isAfter(generation, this.#last)) this.#moveTo(generation);
    return slot;
  }

  #moveTo(generation: number): void {
    this.#last = generation;
    this.#lastWasUsed = true;
  }

  #isFree(generation: number, nowMs: number): boolean {
    const slot = this.#slots.get(generation);
    if (slot === undefined) return !this.#restsFromEarlierLife(generation, nowMs);
    if (slot.held || slot.seenIn.size > 0 || nowMs - slot.leftAtMs < REUSE_AFTER_MS) return false;
    return true;
  }

  #restsFromEarlierLife(generation: number, nowMs: number): boolean {
    if (this.#earlierLife === null) return false;
    const { last, endedAtMs } = this.#earlierLife;
    return modulo(last - generation) < GENERATIONS / 2 && nowMs - endedAtMs < REUSE_AFTER_MS;
  }
}

/** For a series of which nothing is known. */
export function anyGeneration(): number {
  return randomInt(GENERATIONS);
}

interface Slot {
  held: boolean;
  readonly seenIn: Set<string>;
  leftAtMs: number;
}

/** Serial number arithmetic, RFC 1982 section 3.2: half of the circle is after, the other half before. */
function isAfter(a: number, b: number): boolean {
  const distance = modulo(a - b);
  return distance > 0 && distance < GENERATIONS / 2;
}

function modulo(value: number): number {
  return ((value % GENERATIONS) + GENERATIONS) % GENERATIONS;
}
