import { expect, it } from 'vitest';
import { routerId } from '../model/router-id.js';
import type { Effect } from './state/effect.js';
import type { Event } from './state/event.js';
import { serviceSaid, testDefinition, testMember } from './testing.js';

const SELF = routerId(2);

it('what was announced before a refusal is withdrawn when the service has stopped, also if the epoch was raised meanwhile', () => {
  const engine = testMember([testDefinition('WEB')]);
  const effects: Effect[] = [];
  let nowMs = 6_000;
  const play = (event: Event): void => {
    nowMs += 10;
    effects.push(...engine.handle(event, nowMs));
  };
  const replica = engine.state.replicas.get('WEB')!;
  const echo = (): void => {
    if (replica.announced !== null) play(heardFromSelf(replica.announced));
  };
  const ended = (primitive: 'activate' | 'start' | 'stop'): void => {
    const outcome = { result: 'succeeded', output: '' } as const;
    play({ type: 'primitive-ended', service: 'WEB', primitive, run: replica.job!.run, outcome, unixSeconds: 0 });
  };
  ended('activate');
  echo();
  echo();
  play({ type: 'alias-up', service: 'WEB' });
  ended('start');
  expect(replica.run).toBe('started');

  play({ type: 'refused', subject: { kind: 'service', service: 'WEB' }, reason: 'no room' });
  const ofAnEarlierLife = serviceSaid(testDefinition('OLD'), { sequence: { epoch: 5_000, counter: 1 } });
  play(heardFromSelf(ofAnEarlierLife));
  expect(engine.state.epoch).toBe(5_001);
  ended('stop');
  play({ type: 'alias-down', service: 'WEB' });
  expect(effects).toContainEqual({ type: 'withdraw', subject: { kind: 'service', service: 'WEB' } });
});

function heardFromSelf(announcement: ReturnType<typeof serviceSaid>): Event {
  return { type: 'announcement', origin: SELF, lsaId: '222.0.0.1', ageSeconds: 0, announcement };
}
