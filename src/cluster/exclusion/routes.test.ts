import { describe, expect, it } from 'vitest';
import { routerId } from '../../model/router-id.js';
import type { Engine } from '../engine.js';
import type { Event } from '../state/event.js';
import { type Timer, timerKey } from '../state/timer.js';
import { daemonSaid, heardFromOther, serviceSaid, testDefinition, testMember } from '../testing.js';

const OTHER = routerId(1);
const WEB = testDefinition('WEB');

describe('a started service without its route', () => {
  it('ceases to count a second after the route was seen, however often its node announces it anew', () => {
    const player = ownerElsewhere();
    player.play({ type: 'routes', origin: OTHER, addresses: [] }, 8_000);
    for (let counter = 11; counter < 20; counter++) player.play(started(counter), 8_000 + (counter - 10) * 300);
    expect(isRouteless(player.engine)).toBe(true);
  });

  it('ceases to count a second after its node can be reached again, if the second had passed meanwhile', () => {
    const player = ownerElsewhere();
    player.play({ type: 'routes', origin: OTHER, addresses: [] }, 8_000);
    player.play({ type: 'reachability', added: [], removed: [OTHER] }, 8_500);
    player.play({ type: 'reachability', added: [OTHER], removed: [] }, 12_000);
    player.play(heardFromOther(daemonSaid({ sequence: { epoch: 1, counter: 50 } }), '222.0.1.0'), 12_001);
    expect(isRouteless(player.engine)).toBe(false);
    player.until(14_000);
    expect(isRouteless(player.engine)).toBe(true);
  });
});

/** Plays events, and the timers that are due before them. */
class Player {
  readonly engine = testMember([WEB]);
  readonly #timers = new Map<string, { readonly timer: Timer; readonly dueMs: number }>();

  play(event: Event, nowMs: number): void {
    this.until(nowMs);
    this.#handle(event, nowMs);
  }

  until(nowMs: number): void {
    for (;;) {
      const [next] = [...this.#timers.values()].filter(({ dueMs }) => dueMs <= nowMs).sort((a, b) => a.dueMs - b.dueMs);
      if (next === undefined) return;
      this.#timers.delete(timerKey(next.timer));
      this.#handle({ type: 'timer', timer: next.timer }, next.dueMs);
    }
  }

  #handle(event: Event, nowMs: number): void {
    for (const effect of this.engine.handle(event, nowMs)) {
      if (effect.type === 'set-timer')
        this.#timers.set(timerKey(effect.timer), { timer: effect.timer, dueMs: nowMs + effect.delayMs });
      if (effect.type === 'cancel-timer') this.#timers.delete(timerKey(effect.timer));
    }
  }
}

function ownerElsewhere(): Player {
  const player = new Player();
  player.play({ type: 'routes', origin: OTHER, addresses: ['192.0.2.1'] }, 6_000);
  player.play(started(10), 6_000);
  return player;
}

function started(counter: number): Event {
  return heardFromOther(serviceSaid(WEB, { runState: 'started', claim: 5, sequence: { epoch: 1, counter } }));
}

function isRouteless(engine: Engine): boolean | undefined {
  return engine.state.view.replicas.get('WEB')?.get(OTHER)?.routeless;
}
