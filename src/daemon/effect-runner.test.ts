import { expect, test, vi } from 'vitest';
import type { Effect, Event } from '../cluster/index.js';
import { NOTHING_PERSISTED, type ServiceDefinition } from '../model/index.js';
import { type EffectModules, EffectRunner } from './effect-runner.js';
import { EventLoop } from './event-loop.js';
import { Timers } from './timers.js';

const RUN: Effect = {
  type: 'run',
  service: 'WEB',
  primitive: 'start',
  run: 1,
  timeoutMs: 1000,
  context: { claim: 1, peers: [], peer: null, failure: null, recall: 0 },
};

/** A daemon whose modules only write down what is asked of them, and whose core answers events by a script. */
function world(script: (event: Event) => readonly Effect[], options: { overruns?: number[] } = {}) {
  const done: string[] = [];
  const definitions = new Map<string, ServiceDefinition>();
  const note =
    (name: string) =>
    (...details: unknown[]) => {
      done.push([name, ...details.filter((detail) => typeof detail !== 'object')].join(' '));
    };
  const emit = (event: Event) => loop.push(event);
  const timers = new Timers(emit);
  const modules: EffectModules = {
    definition: (service) => definitions.get(service),
    announcer: {
      announce: (announcement, urgency, { link }) => note('announce')(announcement.kind, urgency, link ?? 'no link'),
      withdraw: (subject) => note('withdraw')(subject.kind),
    },
    aliases: {
      prepare: note('alias-prepare'),
      up: ({ name }, withheld) => note('alias-up')(name, ...(withheld ? ['withheld'] : [])),
      down: note('alias-down'),
      announce: note('route-up'),
      withhold: note('route-down'),
      announceAs: note('route-way'),
    },
    primitives: {
      run: ({ name }, { primitive }) => note('run')(name, primitive),
      kill: note('kill'),
      watch: note('watch'),
      unwatch: note('unwatch'),
    },
    records: { saveNode: note('save-node'), saveService: note('save'), missing: () => null },
    timers,
    setEnabled: note('set-enabled'),
    reply: note('reply'),
    happened: ({ kind }) => note('happened')(kind),
    log: { info: note('info'), warn: note('warn'), error: note('error') },
    finished: note('finished'),
    emit,
  };
  const effects = new EffectRunner(modules);
  const handled: Event[] = [];
  const core = {
    steps: (event: Event) => {
      handled.push(event);
      done.push(`> ${event.type}`);
      return [script(event)];
    },
  };
  const leaseOverrunMs = () => options.overruns?.shift() ?? 0;
  const loop: EventLoop = new EventLoop({
    core,
    effects,
    timers,
    leaseOverrunMs,
    now: () => performance.now(),
    stirred: () => {},
    handled: () => {},
  });
  const define = (...list: ServiceDefinition[]) => {
    for (const one of list) definitions.set(one.name, one);
  };
  return { loop, modules, effects, done, handled, define };
}

const definition = (name: string, link: string | null = null) => ({ name, link, kind: 'service' }) as ServiceDefinition;
const settled = () => new Promise((resolve) => setImmediate(resolve));

test('effects are carried out in the order in which the core gave them', async () => {
  const record = {
    deactivated: false,
    standby: false,
    notStopped: true,
    stopFailed: null,
    highestClaim: 1,
    holders: [],
  };
  const { loop, define, done } = world(() => [
    { type: 'persist-service', service: 'WEB', record },
    { type: 'alias-up', service: 'WEB', withheld: false },
    RUN,
    { type: 'report', level: 'info', service: 'WEB', text: 'starting' },
    { type: 'reply', request: '7', ok: true, text: 'it starts' },
  ]);
  define(definition('WEB'));
  loop.push({ type: 'synced' });
  await settled();
  expect(done).toEqual([
    '> synced',
    'save WEB',
    'alias-up WEB',
    'run WEB start',
    'info starting',
    'reply 7 true it starts',
  ]);
});

test('a handover puts an address up before its route, and takes its route before the address', async () => {
  const { effects, done, define } = world(() => []);
  define(definition('WEB'));
  effects.carryOut([
    { type: 'alias-up', service: 'WEB', withheld: true },
    { type: 'route-up', service: 'WEB' },
    { type: 'route-down', service: 'WEB' },
    { type: 'alias-down', service: 'WEB' },
  ]);
  expect(done).toEqual(['alias-up WEB withheld', 'route-up WEB', 'route-down WEB', 'alias-down WEB']);
});

test('a service that could not be recorded does not start, and all else is done', () => {
  const { modules, done, define } = world(() => []);
  const events: Event[] = [];
  const emit = (event: Event) => void events.push(event);
  const records = { ...modules.records, missing: (service: string) => (service === 'WEB' ? 'no space' : null) };
  const runner = new EffectRunner({ ...modules, records, emit });
  define(definition('WEB'), definition('DNS'));
  runner.carryOut([
    { type: 'alias-up', service: 'WEB', withheld: false },
    RUN,
    { ...RUN, primitive: 'stop' },
    { ...RUN, service: 'DNS' },
    { type: 'alias-down', service: 'WEB' },
  ]);
  expect(done).toEqual(['run WEB stop', 'run DNS start', 'alias-down WEB']);
  expect(events).toMatchObject([
    { type: 'alias-failed', service: 'WEB', reason: expect.stringContaining('no space') },
    {
      type: 'primitive-ended',
      primitive: 'start',
      outcome: { result: 'failed', reason: expect.stringMatching(/^not started/) },
    },
  ]);
});

test('a failover waits for the disk for the sake of resources only', () => {
  const { effects, modules, define } = world(() => []);
  const saved: string[] = [];
  modules.records.saveService = (service, _record, { durable }) => saved.push(`${service} ${durable}`);
  define(definition('WEB'), { name: 'DISK', kind: 'resource' } as ServiceDefinition);
  for (const service of ['WEB', 'DISK', 'REMOVED']) {
    effects.carryOut([{ type: 'persist-service', service, record: NOTHING_PERSISTED }]);
  }
  expect(saved).toEqual(['WEB false', 'DISK true', 'REMOVED true']);
});

test('a module that answers from within its call does not re-enter the core', async () => {
  const { loop, define, modules, done } = world((event) =>
    event.type === 'synced' ? [{ type: 'alias-up', service: 'WEB', withheld: false }, RUN] : [],
  );
  define(definition('WEB'));
  modules.aliases.up = () => loop.push({ type: 'alias-up', service: 'WEB' });
  loop.push({ type: 'synced' });
  loop.push({ type: 'neighbours', full: 1 });
  await settled();
  expect(done).toEqual(['> synced', 'run WEB start', '> neighbours', '> alias-up']);
});

test('a late lease is told before the event that waited', async () => {
  const { loop, handled } = world(() => [], { overruns: [0, 4200, 0] });
  for (const full of [1, 2, 3]) loop.push({ type: 'neighbours', full });
  await settled();
  expect(handled).toEqual([
    { type: 'neighbours', full: 1 },
    { type: 'lease-overrun', lateMs: 4200 },
    { type: 'neighbours', full: 2 },
    { type: 'neighbours', full: 3 },
  ]);
});

test('a primitive or alias of an unknown service fails instead of staying unanswered', async () => {
  const { loop, handled } = world((event) =>
    event.type === 'synced' ? [{ type: 'alias-up', service: 'WEB', withheld: false }, RUN] : [],
  );
  loop.push({ type: 'synced' });
  await settled();
  expect(handled.slice(1)).toMatchObject([
    { type: 'alias-failed', service: 'WEB', reason: 'WEB is not configured on this node' },
    { type: 'primitive-ended', service: 'WEB', primitive: 'start', run: 1, outcome: { result: 'failed' } },
  ]);
});

test('while a service waits to be started, what its alias needs to know is looked at', () => {
  const { done, effects } = world(() => []);
  const starting = (addresses: string[], runState = 'starting') =>
    ({ kind: 'service', runState, definition: { name: 'WEB', addresses } }) as never;
  effects.carryOut([{ type: 'announce', announcement: starting(['192.0.2.1']), urgency: 'change' }]);
  effects.carryOut([{ type: 'announce', announcement: starting(['192.0.2.1']), urgency: 'refresh' }]);
  effects.carryOut([{ type: 'announce', announcement: starting([]), urgency: 'change' }]);
  effects.carryOut([{ type: 'announce', announcement: starting(['192.0.2.1'], 'stopped'), urgency: 'change' }]);
  expect(done.filter((text) => text === 'alias-prepare')).toHaveLength(1);
  expect(done[1]).toBe('alias-prepare');
});

test('a service of scope link is announced on its link', () => {
  const { effects, done, define } = world(() => []);
  define(definition('WEB', 'eth7'));
  const announcement = { kind: 'service', definition: definition('WEB') } as never;
  effects.carryOut([{ type: 'announce', announcement, urgency: 'change' }]);
  effects.carryOut([{ type: 'announce', announcement: { kind: 'daemon' } as never, urgency: 'refresh' }]);
  expect(done).toEqual(['announce service change eth7', 'announce daemon refresh no link']);
});

test('a timer set again starts anew and fires once', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const { loop, effects, handled } = world(() => []);
  effects.carryOut([{ type: 'set-timer', timer: { kind: 'join' }, delayMs: 100 }]);
  vi.advanceTimersByTime(90);
  effects.carryOut([{ type: 'set-timer', timer: { kind: 'join' }, delayMs: 100 }]);
  vi.advanceTimersByTime(90);
  expect(loop.waiting).toBe(0);
  vi.advanceTimersByTime(10);
  vi.useRealTimers();
  await settled();
  expect(handled).toEqual([{ type: 'timer', timer: { kind: 'join' } }]);
});

test('a timer cancelled while its event waits is not told', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const { effects, handled, loop } = world((event) =>
    event.type === 'synced' ? [{ type: 'cancel-timer', timer: { kind: 'join' } }] : [],
  );
  effects.carryOut([{ type: 'set-timer', timer: { kind: 'join' }, delayMs: 10 }]);
  loop.push({ type: 'synced' });
  vi.advanceTimersByTime(10);
  vi.useRealTimers();
  expect(loop.waiting).toBe(2);
  await settled();
  expect(handled).toEqual([{ type: 'synced' }]);
});

test('a delay beyond what setTimeout can hold is kept', () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const { effects, loop } = world(() => []);
  const fortyDaysMs = 40 * 24 * 3600 * 1000;
  effects.carryOut([{ type: 'set-timer', timer: { kind: 'retry', service: 'WEB' }, delayMs: fortyDaysMs }]);
  vi.advanceTimersByTime(fortyDaysMs - 1);
  expect(loop.waiting).toBe(0);
  vi.advanceTimersByTime(1);
  vi.useRealTimers();
  expect(loop.waiting).toBe(1);
});
