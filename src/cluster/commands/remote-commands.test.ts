import { describe, expect, it } from 'vitest';
import { routerId } from '../../model/router-id.js';
import type { RemoteOrder } from '../../tables/index.js';
import type { Effect } from '../state/effect.js';
import type { Event } from '../state/event.js';
import { timerKey } from '../state/timer.js';
import { daemonSaid, heardFromOther, testDefinition, testMember } from '../testing.js';

/** What node 1 asks of this one. */
const asked = (order: RemoteOrder) =>
  ({
    kind: 'command',
    sequence: { epoch: 1, counter: 1 },
    nonce: 7,
    operator: 'operator',
    role: 'operator',
    target: routerId(2),
    order,
    pin: false,
    holder: null,
  }) as const;

describe('a command for another node', () => {
  it('is withdrawn when it is no longer valid, and the operator hears that nobody answered', () => {
    const engine = testMember([]);
    engine.handle(heardFromOther(daemonSaid()), 5_000);
    const sent = engine.handle(
      {
        type: 'command',
        request: 'stop WEB',
        operator: 'operator',
        role: 'operator',
        order: { of: 'service', service: 'WEB', command: 'stop' },
        target: routerId(1),
        pin: false,
      },
      5_000,
    );
    expect(timersOf(sent)).toEqual({ 'command-expires 1': 10_000, 'command-unanswered 1': 20_000 });
    expect(engine.handle({ type: 'timer', timer: { kind: 'command-expires', nonce: 1 } }, 15_000)).toEqual([
      { type: 'withdraw', subject: { kind: 'command', nonce: 1 } },
    ]);
    expect(engine.handle({ type: 'timer', timer: { kind: 'command-unanswered', nonce: 1 } }, 25_000)).toContainEqual(
      expect.objectContaining({ type: 'reply', request: 'stop WEB', ok: false }),
    );
  });
});

describe('the outcome of a command from another node', () => {
  it('is announced for 30 s', () => {
    const engine = testMember([testDefinition('WEB')]);
    const command = asked({ of: 'service', service: 'WEB', command: 'unpin' });
    const answered = engine.handle(heardFromOther(command), 6_000);
    expect(outcomesIn(answered)).toEqual([expect.objectContaining({ issuer: routerId(1), nonce: 7, ok: false })]);
    expect(timersOf(answered)).toEqual({ outcomes: 30_000 });
    expect(outcomesIn(engine.handle({ type: 'timer', timer: { kind: 'outcomes' } }, 36_000))).toEqual([]);
  });

  it('is none where its issuer was out of reach when it came, also when ospfd refreshes it later', () => {
    const engine = testMember([testDefinition('WEB')]);
    const command = asked({ of: 'service', service: 'WEB', command: 'stop' });
    const reachability = { type: 'reachability', added: [], removed: [] } as const;
    engine.handle({ ...reachability, removed: [routerId(1)] }, 6_000);
    engine.handle(heardFromOther(command), 6_100);
    engine.handle({ ...reachability, added: [routerId(1)] }, 6_200);
    expect(outcomesIn(engine.handle(heardFromOther(command), 60_000)) ?? []).toEqual([]);
  });

  it('is a refusal in words where what it asks for could not be remembered', () => {
    const engine = testMember([testDefinition('WEB')]);
    const command = asked({ of: 'node', command: 'standby' });
    const noRoom = 'the state directory cannot be written (ENOSPC)';
    const answered = engine.handle({ ...heardFromOther(command), noRoom } as Event, 6_000);
    expect(outcomesIn(answered)).toEqual([expect.objectContaining({ nonce: 7, ok: false, text: noRoom })]);
    expect(engine.statusHead().nodes[0]).toMatchObject({ standby: false });
  });
});

function timersOf(effects: readonly Effect[]): Record<string, number> {
  const timers = effects.filter((effect) => effect.type === 'set-timer');
  return Object.fromEntries(timers.map(({ timer, delayMs }) => [timerKey(timer), delayMs]));
}

/** What the Daemon LSA says of commands; undefined: none was flooded. */
function outcomesIn(effects: readonly Effect[]): unknown {
  for (const effect of effects) {
    if (effect.type === 'announce' && effect.announcement.kind === 'daemon') return effect.announcement.outcomes;
  }
  return undefined;
}
