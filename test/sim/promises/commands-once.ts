import type { Effect, Event } from '../../../src/cluster/index.js';
import type { RouterId } from '../../../src/model/index.js';
import { orderWords } from '../../../src/tables/index.js';
import type { Machine } from '../machine.js';
import { Violation } from '../world.js';
import type { Watched } from './promise.js';
import type { Witness } from './witness.js';

/** A Command announcement is valid for 10 s by its LSA's age, which is told in whole seconds. */
const VALID_SECONDS = 10;
/** Its node takes it back after 10 s: until then it may wait for a neighbour, or go out anew in another session with ospfd. */
const VALID_MS = 2 * VALID_SECONDS * 1_000 + 1_000;
/** Whoever has recorded one that its target did not hear can let it be heard so long after it was signed (docs/trust.md). */
const REPLAYED_MS = 300_000 + 1_000;

/** A command to another node is carried out at most once, in whatever life, and not when it is old. */
export class CommandsOnce implements Watched {
  readonly #witness: Witness;
  readonly #issuedMs = new Map<string, number>();
  readonly #carriedOut = new Set<string>();

  constructor(witness: Witness) {
    this.#witness = witness;
  }

  acts(machine: Machine, effect: Effect): void {
    if (effect.type !== 'announce' || effect.announcement.kind !== 'command') return;
    const key = keyOf(machine.id, effect.announcement);
    if (!this.#issuedMs.has(key)) this.#issuedMs.set(key, this.#witness.nowMs);
  }

  handled(machine: Machine, event: Event, effects: readonly Effect[]): void {
    if (event.type !== 'announcement' || event.announcement.kind !== 'command') return;
    const { announcement, origin } = event;
    if (announcement.target !== machine.id) return;
    const key = keyOf(origin, announcement);
    if (this.#carriedOut.has(key)) this.#witness.tested('commands: one that was carried out comes again');
    if (!effects.some((effect) => isCarriedOut(effect, machine))) return;
    const what = orderWords(announcement.order);
    if (this.#carriedOut.has(key)) {
      throw new Violation('command', `${machine.name} carries out ${what} of one command a second time`);
    }
    this.#carriedOut.add(key);
    const ageMs = this.#witness.nowMs - (this.#issuedMs.get(key) ?? this.#witness.nowMs);
    const validMs = this.#witness.world?.adversary == null ? VALID_MS : REPLAYED_MS;
    if (event.ageSeconds > VALID_SECONDS || ageMs > validMs) {
      throw new Violation('command', `${machine.name} carries out ${what}, commanded ${Math.round(ageMs)} ms ago`);
    }
  }
}

/** What an operator had done on a node is in its list of events. */
function isCarriedOut(effect: Effect, machine: Machine): boolean {
  return effect.type === 'happened' && effect.happening.kind === 'command' && effect.happening.node === machine.id;
}

function keyOf(
  issuer: RouterId,
  command: { readonly sequence: { readonly epoch: number }; readonly nonce: number },
): string {
  return `${issuer} ${command.sequence.epoch} ${command.nonce}`;
}
