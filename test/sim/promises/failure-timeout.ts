import type { Effect, Event } from '../../../src/cluster/index.js';
import type { Machine } from '../machine.js';
import { Violation } from '../world.js';
import type { Watched } from './promise.js';
import type { Witness } from './witness.js';

/** Twice as long after each further failure in a row, at most this many times as long. */
const LONGEST = 16;
/** Well for so long, and the next failure is the first again. */
const WELL_MS = 600_000;
/** What an operator asked for while a primitive runs is done after it. */
const ASKED_MS = 120_000;

interface Failed {
  count: number;
  /** When it failed last; null: it is not failed now. */
  atMs: number | null;
  /** The shortest that its definition has said since. */
  timeoutMs: number;
}

/**
 * What has failed does not try again by itself before its failure timeout, which doubles; without one it never does. Else only an
 * operator ends a failure.
 */
export class FailureTimeout implements Watched {
  readonly #witness: Witness;
  readonly #failed = new Map<string, Failed>();
  /** When an operator last said something of a service; of a group or a node: of all services. */
  readonly #askedMs = new Map<string, number>();

  constructor(witness: Witness) {
    this.#witness = witness;
  }

  daemonStarts(machine: Machine): void {
    const own = `${machine.index} `;
    for (const key of this.#failed.keys()) if (key.startsWith(own)) this.#failed.delete(key);
  }

  handled(machine: Machine, event: Event, effects: readonly Effect[]): void {
    const asked = askedOf(event);
    if (event.type === 'configure') this.#forgetRemoved(machine, new Set(event.definitions.map(({ name }) => name)));
    if (asked !== null) this.#askedMs.set(`${machine.index} ${asked}`, this.#witness.nowMs);
    for (const effect of effects) {
      if (effect.type !== 'happened' || effect.happening.node !== machine.id) continue;
      const { service, from, to } = effect.happening;
      if (service === null || to === null || from === null) continue;
      if (isFailed(to)) this.#fails(machine, service);
      else if (isFailed(from)) this.#recovers(machine, service, event, to);
    }
  }

  /** What is defined again is new. */
  #forgetRemoved(machine: Machine, defined: ReadonlySet<string>): void {
    const own = `${machine.index} `;
    for (const key of this.#failed.keys()) {
      if (key.startsWith(own) && !defined.has(key.slice(own.length))) this.#failed.delete(key);
    }
  }

  #fails(machine: Machine, service: string): void {
    const key = `${machine.index} ${service}`;
    const { nowMs } = this.#witness;
    const timeoutMs =
      machine.engine?.state.replicas.get(service)?.definition.failureTimeoutMs ?? Number.POSITIVE_INFINITY;
    const before = this.#failed.get(key);
    const count = before === undefined || (before.atMs ?? nowMs) < nowMs - WELL_MS ? 1 : before.count + 1;
    this.#failed.set(key, { count, atMs: nowMs, timeoutMs });
  }

  #recovers(machine: Machine, service: string, event: Event, to: string): void {
    const failed = this.#failed.get(`${machine.index} ${service}`);
    if (failed === undefined || failed.atMs === null) return;
    if (event.type !== 'timer') {
      // An operator: the next failure is the first again, or it is being deactivated, which ends no row.
      if (event.type === 'command' || event.type === 'announcement') failed.count = 0;
      if (to.startsWith('deactivated')) return;
      const asked = ['*', service].map((of) => this.#askedMs.get(`${machine.index} ${of}`) ?? Number.NEGATIVE_INFINITY);
      this.#witness.tested('failure: an operator ends it');
      if (this.#witness.nowMs - Math.max(...asked) < ASKED_MS) return;
      throw new Violation('failure', `${machine.name}: the failure of ${service} ends, though nobody has cleared it`);
    }
    const waitedMs = this.#witness.nowMs - failed.atMs;
    const leastMs = failed.timeoutMs * Math.min(LONGEST, 2 ** (failed.count - 1));
    failed.atMs = null;
    this.#witness.tested(failed.count > 1 ? 'failure timeout: a further failure' : 'failure timeout: the first');
    if (waitedMs >= leastMs - 1) return;
    const text = `${machine.name} tries ${service} again ${Math.round(waitedMs)} ms after failure ${failed.count} in a row, not after ${leastMs} ms`;
    throw new Violation('failure timeout', text);
  }
}

/** Of which service an operator says something here; '*': perhaps of all; null: he says nothing. */
function askedOf(event: Event): string | null {
  if (event.type === 'configure' || event.type === 'shutdown') return '*';
  const said = event.type === 'announcement' ? event.announcement : event;
  if (!('order' in said)) return null;
  return said.order.of === 'service' ? said.order.service : '*';
}

function isFailed(state: string): boolean {
  return state === 'active/failed' || state === 'failed/stopped';
}
