import { expect, it } from 'vitest';
import type { ServiceAnnouncement } from '../../model/announcement.js';
import type { Primitive } from '../../model/definition.js';
import { routerId } from '../../model/router-id.js';
import type { Event } from '../state/event.js';
import { type Timer, timerKey } from '../state/timer.js';
import { daemonSaid, heardFromOther, serviceSaid, testDefinition, testMember } from '../testing.js';
import { IDLE_MS } from './idle-owner.js';

const WEB = testDefinition('WEB');

/** A member that has WEB ready to start, and hears another node that is more preferred. */
class Rival {
  readonly engine = testMember([WEB]);
  readonly #timers = new Map<string, { readonly timer: Timer; readonly dueMs: number }>();
  #nowMs = 6_000;
  #counter = 2;

  constructor() {
    this.#ends('activate', this.#replica.job?.run ?? 0);
    const announcement = this.#replica.announced as ServiceAnnouncement;
    this.#handle({ type: 'announcement', origin: routerId(2), lsaId: 'x', ageSeconds: 0, announcement });
  }

  get state(): string {
    return this.#replica.run;
  }

  hears(change: Partial<ServiceAnnouncement> = {}): void {
    this.#handle(heardFromOther(serviceSaid(WEB, { preference: 255, sequence: this.#next(), ...change })));
  }

  /** Time passes, in which the other daemon says each second that it lives. */
  waits(ms: number): void {
    for (let past = 0; past < ms; past += 1_000) {
      this.#nowMs += 1_000;
      for (const [key, { timer, dueMs }] of [...this.#timers]) {
        if (dueMs > this.#nowMs) continue;
        this.#timers.delete(key);
        this.#handle({ type: 'timer', timer });
      }
      this.#handle(heardFromOther(daemonSaid({ sequence: this.#next() }), 'd'));
    }
  }

  get #replica() {
    return this.engine.state.replicas.get('WEB')!;
  }

  #ends(primitive: Primitive, run: number): void {
    const outcome = { result: 'succeeded', output: '' } as const;
    this.#handle({ type: 'primitive-ended', service: 'WEB', primitive, run, outcome, unixSeconds: 0 });
  }

  #next() {
    return { epoch: 1, counter: this.#counter++ };
  }

  #handle(event: Event): void {
    for (const effect of this.engine.handle(event, this.#nowMs)) {
      if (effect.type === 'set-timer')
        this.#timers.set(timerKey(effect.timer), { timer: effect.timer, dueMs: this.#nowMs + effect.delayMs });
      if (effect.type === 'cancel-timer') this.#timers.delete(timerKey(effect.timer));
      if (effect.type === 'run' && effect.primitive === 'join') this.#ends('join', effect.run);
    }
  }
}

it('a node that answers, but does not act when it is elected, is passed over', () => {
  const node = new Rival();
  node.hears();
  node.waits(IDLE_MS - 2_000);
  expect(node.state).toBe('stopped');
  node.waits(4_000);
  expect(node.state).toBe('starting');
  node.hears();
  expect(node.state).toBe('starting');
});

it('a claim without a service that is starting, started or stopping is no act', () => {
  const node = new Rival();
  node.hears({ claim: 9 });
  node.waits(IDLE_MS + 2_000);
  expect(node.state).toBe('starting');
  node.hears({ claim: 99, pinned: true });
  expect(node.state).toBe('starting');
});

it('a node that was passed over is the owner when it acts', () => {
  const node = new Rival();
  node.hears();
  node.waits(IDLE_MS + 2_000);
  node.hears({ runState: 'starting', claim: 9 });
  expect(node.state).not.toBe('starting');
});

it('a start that takes long is no idleness', () => {
  const node = new Rival();
  node.hears({ runState: 'starting', claim: 9 });
  node.waits(10 * IDLE_MS);
  expect(node.state).toBe('stopped');
});
