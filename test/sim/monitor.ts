import type { Effect, Event } from '../../src/cluster/index.js';
import type { Sequence, ServiceAnnouncement } from '../../src/model/index.js';
import { Coverage } from './coverage.js';
import type { Exclusion } from './exclusion.js';
import { Isolation } from './isolation.js';
import type { Machine } from './machine.js';
import { Promises } from './promises/promises.js';
import { Reasons } from './reasons.js';
import { Violation, type World } from './world.js';

/** An alias that its replica does not own any more must be gone within this time. */
const ALIAS_LIMIT_MS = 5_000;
/** One event causes no more effects than this. */
const MOST_EFFECTS = 2_000;

/** A replica's announcement changes no more often than so many times in so long. */
const MOST_CHANGES = 60;
const CHANGES_WITHIN_MS = 10_000;

/** What a node announces now, as its daemon last said. */
export interface Announced {
  readonly services: Map<string, ServiceAnnouncement>;
  standby: boolean;
}

/** Looks at everything that happens, and throws a Violation when an invariant breaks (docs/simulator.md). */
export class Monitor {
  steps = 0;
  /** How many Service announcements were changes. */
  changes = 0;
  readonly coverage: Coverage | null;
  readonly exclusion: Exclusion;
  readonly reasons = new Reasons();
  readonly promises: Promises;
  /** By machine and service: the counter of the last announcement that was a change. */
  readonly changedCounters = new Map<string, number>();
  readonly #isolation = new Isolation();
  readonly announced = new Map<Machine, Announced>();
  readonly #highest = new Map<number, Sequence & { readonly stateLosses: number }>();
  readonly #requests = new Map<string, { readonly machine: Machine; readonly life: number; readonly atMs: number }>();
  /** What was last answered to each request. */
  readonly answers = new Map<string, { readonly ok: boolean; readonly text: string }>();
  readonly #changesOf = new Map<string, { sinceMs: number; count: number }>();
  readonly #unownedSinceMs = new Map<string, number>();
  #nextRequest = 1;
  world: World | null = null;

  constructor(options: { readonly coverage: boolean; readonly exclusion: Exclusion }) {
    this.coverage = options.coverage ? new Coverage() : null;
    this.exclusion = options.exclusion;
    this.promises = new Promises(this.coverage);
  }

  attach(world: World): void {
    this.world = world;
    this.exclusion.world = world;
    this.reasons.world = world;
    this.promises.attach(world);
  }

  daemonStarts(machine: Machine): void {
    this.promises.daemonStarts(machine);
    this.announced.set(machine, { services: new Map(), standby: false });
    for (const service of machine.calls.running) {
      const known = !machine.knowsNothing && machine.definitions.has(service);
      if (!known) this.exclusion.leftBehind.add(`${machine.index} ${service}`);
    }
  }

  daemonEnds(machine: Machine): void {
    const announced = this.announced.get(machine);
    if (announced !== undefined) this.reasons.daemonEnds(announced);
    this.announced.delete(machine);
    this.#isolation.daemonEnds(machine);
    this.promises.daemonEnds(machine);
    for (const [request, { machine: asked }] of this.#requests) if (asked === machine) this.#requests.delete(request);
  }

  handled(machine: Machine, event: Event, effects: readonly Effect[]): void {
    this.steps++;
    this.coverage?.handled(event, effects);
    if (this.world !== null) this.#isolation.handled(machine, event, this.world);
    this.promises.handled(machine, event, effects);
    if (event.type === 'disconnected' || (event.type === 'neighbours' && event.full === 0)) {
      const announced = this.announced.get(machine);
      if (announced !== undefined) this.reasons.ownerGoes(announced);
    }
    if (event.type === 'neighbours' && event.full === 0) this.reasons.machineTroubled(machine, 10_000);
    if (effects.length > MOST_EFFECTS)
      throw new Violation('storm', `${machine.name}: ${effects.length} effects at once`);
    for (const effect of effects) {
      if (effect.type === 'announce') this.#announces(machine, effect);
      else if (effect.type === 'withdraw' && effect.subject.kind === 'service') {
        this.#withdraws(machine, effect.subject.service);
      }
    }
  }

  /** After the effects of an event are on their way: nothing owned by nobody stays. */
  settled(machine: Machine, nowMs: number): void {
    this.promises.settled(machine);
    for (const service of machine.aliases.present.keys()) {
      const run = machine.engine?.state.replicas.get(service)?.run ?? 'stopped';
      const key = `${machine.index} ${service}`;
      if (run !== 'stopped' && run !== 'failed') {
        this.#unownedSinceMs.delete(key);
        continue;
      }
      const sinceMs = Math.max(this.#unownedSinceMs.get(key) ?? nowMs, machine.thawedMs);
      this.#unownedSinceMs.set(key, sinceMs);
      const forMs = nowMs - sinceMs;
      if (forMs > ALIAS_LIMIT_MS && nowMs - (machine.aliases.sinceMs.get(service) ?? nowMs) > ALIAS_LIMIT_MS) {
        throw new Violation(
          'alias',
          `${machine.name}: the address of ${service} is up for ${forMs} ms though it is ${run}`,
        );
      }
    }
  }

  primitiveBegins(machine: Machine, service: string, primitive: string): void {
    const replicas = machine.engine?.state.replicas;
    if (replicas === undefined) return;
    if (primitive === 'start') {
      for (const needed of replicas.get(service)?.definition.dependsOn ?? []) {
        if (machine.calls.started.has(needed)) continue;
        throw new Violation(
          'dependencies',
          `${machine.name}: ${service} is started, but ${needed}, which it needs, is not`,
        );
      }
    } else if (primitive === 'stop') {
      for (const [name, { definition, run }] of replicas) {
        if (!definition.dependsOn.includes(service) || !machine.calls.running.has(name) || run === 'failed') continue;
        if (this.exclusion.leftBehind.has(`${machine.index} ${name}`)) continue;
        throw new Violation(
          'dependencies',
          `${machine.name}: ${service} is stopped, but ${name}, which needs it, runs (${run})`,
        );
      }
    }
  }

  overlappingPrimitives(machine: Machine, running: string, next: string, service: string): void {
    throw new Violation('primitives', `${machine.name}: ${next} of ${service} begins while its ${running} runs`);
  }

  newRequest(machine: Machine): string {
    const request = `request ${this.#nextRequest++}`;
    this.#requests.set(request, { machine, life: machine.life, atMs: this.world?.clock.nowMs ?? 0 });
    return request;
  }

  replied(machine: Machine, request: string, ok: boolean, text: string): void {
    if (this.#requests.get(request)?.machine !== machine) {
      throw new Violation('replies', `${machine.name} answers ${request} a second time: ${text}`);
    }
    this.#requests.delete(request);
    this.answers.set(request, { ok, text });
  }

  /** A request that has waited so long without an answer; undefined: none. */
  unanswered(limitMs: number): string | undefined {
    const nowMs = this.world?.clock.nowMs ?? 0;
    for (const [request, { machine, atMs }] of this.#requests) {
      if (nowMs - atMs > limitMs) return `${request} to ${machine.name} is not answered since ${nowMs - atMs} ms`;
    }
    return undefined;
  }

  #withdraws(machine: Machine, service: string): void {
    const services = this.announced.get(machine)?.services;
    const announced = services?.get(service);
    if (announced !== undefined) this.reasons.withdrawn(announced);
    services?.delete(service);
  }

  #announces(machine: Machine, { announcement, urgency }: Extract<Effect, { type: 'announce' }>): void {
    const { sequence } = announcement;
    const before = this.#highest.get(machine.index);
    const { stateLosses } = machine;
    if (before !== undefined && before.stateLosses === stateLosses && !isAfter(sequence, before)) {
      const text = `${machine.name} announces (${sequence.epoch}, ${sequence.counter}) after (${before.epoch}, ${before.counter})`;
      throw new Violation('sequence', text);
    }
    this.#highest.set(machine.index, { ...sequence, stateLosses });
    const said = this.announced.get(machine);
    if (said === undefined) return;
    if (announcement.kind === 'daemon') said.standby = announcement.standby;
    if (announcement.kind !== 'service') return;
    const { name } = announcement.definition;
    if (urgency === 'change') this.#countChange(machine, name, sequence.counter);
    const earlier = said.services.get(name);
    said.services.set(name, announcement);
    if (earlier !== undefined && announcement.claim === 0) this.reasons.ownershipEnds(earlier);
    if (earlier?.runState === 'started' && announcement.runState === 'stopping') {
      this.reasons.checkLeaving(machine, announcement, this.announced);
    } else if (announcement.runState === 'started' && earlier?.runState !== 'started') {
      this.reasons.tenureBegins(machine, announcement.definition.group);
    }
  }

  #countChange(machine: Machine, service: string, counter: number): void {
    this.changes++;
    const key = `${machine.index} ${service}`;
    this.changedCounters.set(key, counter);
    const nowMs = this.world?.clock.nowMs ?? 0;
    const counted = this.#changesOf.get(key);
    if (counted === undefined || nowMs - counted.sinceMs > CHANGES_WITHIN_MS) {
      this.#changesOf.set(key, { sinceMs: nowMs, count: 1 });
    } else if (++counted.count > MOST_CHANGES) {
      const within = Math.round(nowMs - counted.sinceMs);
      throw new Violation('storm', `${machine.name} announces ${service} ${counted.count} times in ${within} ms`);
    }
  }
}

function isAfter(a: Sequence, b: Sequence): boolean {
  return a.epoch > b.epoch || (a.epoch === b.epoch && a.counter > b.counter);
}
