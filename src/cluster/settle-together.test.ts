import { expect, it } from 'vitest';
import { routerId } from '../model/router-id.js';
import type { RunState } from '../model/states.js';
import type { Engine } from './engine.js';
import type { Effect } from './state/effect.js';
import type { Event } from './state/event.js';
import { daemonSaid, heardFromOther, serviceSaid, testDefinition, testMember } from './testing.js';

const OTHER = routerId(1);
const MEMBERS = 200;
const web = testDefinition('WEB');
const started = heardFromOther(serviceSaid(web, { runState: 'started', claim: 7, preference: 200 }));

it('words about one group that follow each other have it looked through once for dozens of them', () => {
  let looks = 0;
  const words = Array.from({ length: MEMBERS }, (_, index) => {
    const definition = testDefinition(`S${index}`, { group: 'G', addresses: [], critical: false });
    Object.defineProperty(definition, 'critical', { get: () => ++looks < 0 });
    return heardFromOther(serviceSaid(definition, { sequence: { epoch: 1, counter: 1 + index } }), `222.0.3.${index}`);
  });
  hearTogether(testMember([]), words);
  const together = looks;
  looks = 0;
  const engine = testMember([]);
  for (const word of words) engine.handle(word, 5_000);
  expect(together).toBeLessThan(looks / 10);
});

it('nothing that they say is passed over: the highest claim is known, and the last word counts', () => {
  const engine = testMember([web]);
  const says = (counter: number, runState: RunState, claim: number): Event =>
    heardFromOther(serviceSaid(web, { sequence: { epoch: 1, counter }, runState, claim }));
  hearTogether(engine, [says(1, 'started', 9), says(2, 'failed', 0), says(3, 'started', 7)]);
  expect(engine.state.groups.get('WEB')).toMatchObject({ owner: OTHER, highestClaim: 9 });
});

it.each<[string, Event]>([
  ['a timer', { type: 'timer', timer: { kind: 'resources' } }],
  ['what a daemon says', heardFromOther(daemonSaid(), '222.0.1.0')],
  ['what OSPF reaches', { type: 'reachability', added: [], removed: [OTHER] }],
  ['our own word', { ...started, origin: routerId(2) } as Event],
])('%s finds everything settled', (_, next) => {
  const engine = testMember([web]);
  expect(take(engine, started, next).some(({ type }) => type === 'report')).toBe(true);
  expect(engine.state.unsettled).toBeNull();
  expect(engine.state.groups.get('WEB')?.owner).toBe(OTHER);
});

it('what waits to be settled is settled with whatever comes, also where that says nothing itself', () => {
  const engine = testMember([web]);
  take(engine, started, started);
  expect(engine.state.unsettled).not.toBeNull();
  take(engine, { type: 'lease-overrun', lateMs: 1 });
  expect(engine.state.unsettled).toBeNull();
  expect(engine.state.groups.get('WEB')?.owner).toBe(OTHER);
});

function hearTogether(engine: Engine, words: readonly Event[]): void {
  for (const [index, word] of words.entries()) take(engine, word, words[index + 1]);
}

function take(engine: Engine, event: Event, next?: Event): Effect[] {
  return [...engine.steps(event, 5_000, next)].flat();
}
