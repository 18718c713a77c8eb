import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareSequence, type Sequence, type ServiceAnnouncement } from '../model/announcement.js';
import { routerId } from '../model/router-id.js';
import { type CommandName, orderNamed } from '../tables/index.js';
import { Engine } from './engine.js';
import type { Effect } from './state/effect.js';
import type { Event, PrimitiveOutcome } from './state/event.js';
import { type Timer, timerKey } from './state/timer.js';
import { TEST_SETTINGS, testDefinition } from './testing.js';

const SELF = routerId(1);
const OTHER = routerId(2);

/** A step of a random life: an event from outside, or the answer to something the engine has asked for. */
type Step =
  | { readonly kind: 'event'; readonly event: Event }
  | { readonly kind: 'answer'; readonly which: number; readonly result: PrimitiveOutcome['result'] }
  | { readonly kind: 'echo' }
  | { readonly kind: 'timer'; readonly which: number };

const outside: fc.Arbitrary<Event> = fc.oneof(
  fc.constant<Event>({ type: 'connected', routerId: SELF }),
  fc.constant<Event>({ type: 'synced' }),
  fc.constant<Event>({ type: 'disconnected', reason: 'test' }),
  fc.constantFrom(0, 1, 2).map<Event>((full) => ({ type: 'neighbours', full })),
  fc.constant<Event>({ type: 'reachability', added: [OTHER], removed: [] }),
  fc.constant<Event>({ type: 'reachability', added: [], removed: [OTHER] }),
  fc.constant<Event>({ type: 'lease-overrun', lateMs: 5 }),
  fc.constant<Event>({ type: 'alias-lost', service: 'WEB', reason: 'test' }),
  fc
    .constantFrom<CommandName>(
      'start',
      'stop',
      'activate',
      'deactivate',
      'clear',
      'status',
      'restart',
      'node-standby',
      'node-unstandby',
      'group-start',
      'group-stop',
      'group-clear',
    )
    .map<Event>((command) => ({
      type: 'command',
      request: 'r',
      operator: 'o',
      role: 'operator',
      order: orderNamed(command, 'WEB'),
      target: null,
      pin: false,
    })),
  fc
    .record({
      runState: fc.constantFrom('stopped', 'started', 'starting', 'failed'),
      claim: fc.integer({ min: 0, max: 5 }),
      counter: fc.nat(50),
    })
    .map(
      ({ runState, claim, counter }) =>
        ({
          type: 'announcement',
          origin: OTHER,
          lsaId: '222.0.0.0',
          ageSeconds: 1,
          announcement: {
            kind: 'service',
            sequence: { epoch: 1, counter },
            definition: testDefinition('WEB'),
            preference: 100,
            runState,
            standby: false,
            joining: false,
            pinned: false,
            claim,
            knownClaim: null,
            assent: null,
            failure: null,
            checkIntervalMs: 0,
            checkStamp: 0,
            definitionHash: '',
          },
        }) as Event,
    ),
);

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: outside.map((event) => ({ kind: 'event', event }) as const) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('answer' as const),
      which: fc.nat(3),
      result: fc.constantFrom<PrimitiveOutcome['result']>('succeeded', 'succeeded', 'failed', 'timed-out', 'recall'),
    }),
  },
  { weight: 4, arbitrary: fc.constant({ kind: 'echo' } as const) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('timer' as const), which: fc.nat(3) }) },
);

/** Plays an engine against an obliging world, and keeps what it asked for. */
class World {
  readonly engine = new Engine(TEST_SETTINGS);
  readonly runs = new Map<number, Extract<Effect, { type: 'run' }>>();
  readonly sequences: Sequence[] = [];
  alias: 'none' | 'up' | 'down' = 'none';
  private echoes: Effect[] = [];
  private timers = new Map<string, Timer>();
  private nowMs = 0;

  constructor() {
    this.handle({
      type: 'begin',
      definitions: [testDefinition('WEB')],
      persistedNode: { epoch: 0, standby: false, issuers: [] },
      persistedServices: new Map(),
      unixSeconds: 1000,
    });
    this.becomeOwner();
  }

  /** Most of what can go wrong needs a service that runs, and a random life seldom gets that far by itself. */
  private becomeOwner(): void {
    this.handle({ type: 'connected', routerId: SELF });
    this.handle({ type: 'synced' });
    this.handle({ type: 'neighbours', full: 1 });
    this.take({ kind: 'timer', which: 0 });
    for (let i = 0; i < 5; i++) {
      this.take({ kind: 'echo' });
      this.take({ kind: 'answer', which: 0, result: 'succeeded' });
    }
    expect(this.engine.state.replicas.get('WEB')?.run).toBe('started');
  }

  take(step: Step): void {
    switch (step.kind) {
      case 'event':
        return this.handle(step.event);
      case 'answer':
        return this.answer(step.which, step.result);
      case 'echo':
        for (const effect of this.echoes.splice(0)) {
          if (effect.type !== 'announce') continue;
          const { announcement } = effect;
          this.handle({ type: 'announcement', origin: SELF, lsaId: '222.0.0.0', ageSeconds: 0, announcement });
        }
        return;
      case 'timer': {
        const timer = [...this.timers.values()][step.which];
        if (timer === undefined) return;
        this.timers.delete(timerKey(timer));
        return this.handle({ type: 'timer', timer });
      }
    }
  }

  handle(event: Event): void {
    this.nowMs += 10;
    const effects = this.engine.handle(event, this.nowMs);
    for (const effect of effects) this.carryOut(effect);
    for (const effect of effects) if (effect.type === 'kill') this.end(effect.run, { result: 'killed' });
  }

  private answer(which: number, result: PrimitiveOutcome['result']): void {
    if (this.alias !== 'none') {
      const type = `alias-${this.alias}` as const;
      this.alias = 'none';
      return this.handle({ type, service: 'WEB' });
    }
    const run = [...this.runs.values()][which];
    if (run === undefined) return;
    this.end(run.run, { result, reason: 'test', output: '' } as PrimitiveOutcome);
  }

  private end(number: number, outcome: PrimitiveOutcome): void {
    const run = this.runs.get(number);
    if (run === undefined) return;
    this.runs.delete(number);
    const { service, primitive } = run;
    this.handle({ type: 'primitive-ended', service, primitive, run: number, outcome, unixSeconds: 1000 });
  }

  private carryOut(effect: Effect): void {
    if (effect.type === 'announce') {
      this.sequences.push(effect.announcement.sequence);
      this.echoes.push(effect);
    } else if (effect.type === 'run') {
      // A primitive never runs twice at once for a replica.
      expect(this.runs.size).toBe(0);
      this.runs.set(effect.run, effect);
    } else if (effect.type === 'alias-up') this.alias = 'up';
    else if (effect.type === 'alias-down') this.alias = 'down';
    else if (effect.type === 'set-timer') this.timers.set(timerKey(effect.timer), effect.timer);
    else if (effect.type === 'cancel-timer') this.timers.delete(timerKey(effect.timer));
  }
}

describe('the engine, whatever happens', () => {
  it('runs one primitive at a time for a replica, and numbers its announcements upwards', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const world = new World();
        for (const one of steps) world.take(one);
        const sorted = [...world.sequences].sort(compareSequence);
        expect(world.sequences).toEqual(sorted);
      }),
      { numRuns: 500 },
    );
  });

  it('ends every shutdown, once its primitives end', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const world = new World();
        for (const one of steps) world.take(one);
        world.take({ kind: 'event', event: { type: 'shutdown' } });
        for (let i = 0; i < 60 && !world.engine.state.finished; i++) {
          world.take({ kind: 'answer', which: 0, result: 'succeeded' });
          world.take({ kind: 'timer', which: 0 });
        }
        expect(world.engine.state.finished).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

describe('the core', () => {
  it('has no randomness', () => {
    const src = `${import.meta.dirname}/..`;
    const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) =>
      /^(cluster|model)\/.*(?<!\.test)\.ts$/.test(file),
    );
    expect(files).toContain('cluster/election/election.ts');
    for (const file of files) expect(readFileSync(`${src}/${file}`, 'utf8')).not.toMatch(/Math\.random/);
  });

  it('handles the loss of a node with many groups in pieces, each of one group', () => {
    const lost: Event = { type: 'reachability', added: [], removed: [OTHER] };
    const whole = memberWith(30).handle(lost, 10_000);
    const pieces = [...memberWith(30).steps(lost, 10_000)];
    expect(pieces.flat()).toEqual(whole);
    const starting = (effects: readonly Effect[]) =>
      effects.filter(
        (effect) =>
          effect.type === 'announce' &&
          effect.announcement.kind === 'service' &&
          effect.announcement.runState === 'starting',
      ).length;
    expect(starting(whole)).toBe(30);
    expect(Math.max(...pieces.map(starting))).toBe(1);
  });
});

/** A member of the cluster that could take over so many services of the other node. */
function memberWith(services: number): Engine {
  const engine = new Engine(TEST_SETTINGS);
  const definitions = Array.from({ length: services }, (_, index) =>
    testDefinition(`S${index}`, { addresses: [`192.0.2.${index + 1}`] }),
  );
  const handle = (event: Event, nowMs = 0): void => {
    for (const effect of engine.handle(event, nowMs)) answer(effect);
  };
  const answer = (effect: Effect): void => {
    if (effect.type === 'announce' && effect.announcement.kind === 'service') hear(SELF, effect.announcement);
    if (effect.type !== 'run') return;
    const { service, primitive, run } = effect;
    const outcome: PrimitiveOutcome = { result: 'succeeded', output: '' };
    handle({ type: 'primitive-ended', service, primitive, run, outcome, unixSeconds: 2 });
  };
  const hear = (origin: typeof SELF, announcement: ServiceAnnouncement): void =>
    handle({ type: 'announcement', origin, lsaId: '222.0.0.0', ageSeconds: 0, announcement });
  const persistedNode = { epoch: 0, standby: false, issuers: [] };
  handle({ type: 'begin', definitions, persistedNode, persistedServices: new Map(), unixSeconds: 1 });
  handle({ type: 'connected', routerId: SELF });
  handle({ type: 'neighbours', full: 1 });
  handle({ type: 'reachability', added: [OTHER], removed: [] });
  handle({ type: 'synced' });
  for (const [index, definition] of definitions.entries()) {
    hear(OTHER, {
      ...{ kind: 'service', sequence: { epoch: 1, counter: index + 1 }, definition, preference: 200 },
      ...{
        runState: 'started',
        standby: false,
        joining: false,
        pinned: false,
        claim: 1,
        knownClaim: null,
        assent: null,
        failure: null,
      },
      ...{ checkIntervalMs: 0, checkStamp: 0, definitionHash: definition.hash },
    });
  }
  handle({ type: 'timer', timer: { kind: 'join' } }, 2_000);
  return engine;
}
