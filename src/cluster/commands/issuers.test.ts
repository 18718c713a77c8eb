import { describe, expect, it } from 'vitest';
import { NOTHING_PERSISTED_OF_NODE, type PersistedNode } from '../../model/persistence.js';
import type { RemoteCommandRules } from '../../model/remote-commands.js';
import { routerId } from '../../model/router-id.js';
import type { Role } from '../../tables/index.js';
import { orderNamed } from '../../tables/index.js';
import { MAX_OUTCOMES } from '../answers/outcomes-kept.js';
import { Engine } from '../engine.js';
import type { Effect } from '../state/effect.js';
import type { Event } from '../state/event.js';
import { daemonSaid, heardFromOther, TEST_SETTINGS, testDefinition } from '../testing.js';
import { COMMANDS_AT_A_TIME, MAX_ISSUERS } from './issuers.js';

const SELF = routerId(9_999);
const ISSUER = 1;

/** A node that hears commands of others, and remembers across its lives what it is told to. */
class Target {
  record: PersistedNode = NOTHING_PERSISTED_OF_NODE;
  nowMs = 10_000;
  readonly effects: Effect[] = [];
  readonly #remoteCommands: RemoteCommandRules;
  #engine: Engine;

  constructor(remoteCommands: RemoteCommandRules = true) {
    this.#remoteCommands = remoteCommands;
    this.#engine = this.#begin();
  }

  restart(): void {
    this.#engine = this.#begin();
  }

  /** A `stop` of WEB. Returns whether it was carried out. */
  hears(nonce: number, { from = ISSUER, epoch = 1, target = SELF, role = 'operator' as Role | null } = {}): boolean {
    const announcement = {
      kind: 'command',
      sequence: { epoch, counter: nonce },
      nonce,
      operator: 'o',
      role,
      target,
      order: orderNamed('stop', 'WEB'),
      pin: false,
      holder: null,
    } as const;
    const heard = { type: 'announcement', origin: routerId(from), lsaId: 'x', ageSeconds: 0, announcement } as const;
    return this.handle(heard).some((effect) => effect.type === 'report' && /^stop by o .*asked on/.test(effect.text));
  }

  handle(event: Event): Effect[] {
    const effects = this.#engine.handle(event, this.nowMs);
    for (const effect of effects) if (effect.type === 'persist-node') this.record = effect.record;
    this.effects.push(...effects);
    return effects;
  }

  get remote() {
    return this.#engine.state.remote;
  }

  #begin(): Engine {
    const engine = new Engine({ ...TEST_SETTINGS, remoteCommands: this.#remoteCommands });
    const definitions = [testDefinition('WEB')];
    const persistedNode = this.record;
    engine.handle({ type: 'begin', definitions, persistedNode, persistedServices: new Map(), unixSeconds: 1 }, 0);
    engine.handle({ type: 'connected', routerId: SELF }, 0);
    const added = Array.from({ length: 2 * MAX_ISSUERS }, (_, i) => routerId(i + 1));
    engine.handle({ type: 'reachability', added, removed: [] }, 0);
    engine.handle({ type: 'neighbours', full: 1 }, 0);
    engine.handle({ type: 'synced' }, 0);
    engine.handle({ type: 'timer', timer: { kind: 'join' } }, 5_000);
    return engine;
  }
}

describe('a command from another node', () => {
  it('with an impossible nonce is not obeyed, and shuts out none that follow', () => {
    const target = new Target();
    expect(target.hears(2 ** 32 - 1)).toBe(false);
    expect(target.hears(7)).toBe(true);
  });

  it('is obeyed although somebody sent one under the name of its issuer', () => {
    const target = new Target();
    expect(target.hears(2 ** 20)).toBe(true);
    const issuer = new Engine(TEST_SETTINGS);
    const { state } = issuer;
    const begin = { type: 'begin', definitions: [], persistedNode: NOTHING_PERSISTED_OF_NODE } as const;
    issuer.handle({ ...begin, persistedServices: new Map(), unixSeconds: 1 }, 0);
    issuer.handle({ type: 'connected', routerId: routerId(ISSUER) }, 0);
    const sequence = { epoch: state.epoch, counter: 0 };
    const forged = {
      kind: 'command',
      sequence,
      nonce: 2 ** 20,
      operator: 'o',
      role: 'operator',
      target: SELF,
      order: orderNamed('stop', 'WEB'),
    } as const;
    const announcement = { ...forged, pin: false, holder: null };
    issuer.handle({ type: 'announcement', origin: routerId(ISSUER), lsaId: 'x', ageSeconds: 0, announcement }, 0);
    expect(target.hears(state.remote.nextNonce)).toBe(true);
  });

  it('is obeyed again when its node begins again in a lower epoch, with no disk and another clock', () => {
    const target = new Target();
    target.hears(1, { epoch: 5_000 });
    target.restart();
    expect(target.hears(1, { epoch: 100 })).toBe(false);
    target.handle(heardFromOther(daemonSaid({ sequence: { epoch: 100, counter: 1 } }), 'd'));
    expect([target.hears(1, { epoch: 100 }), target.hears(1, { epoch: 100 })]).toEqual([true, false]);
    target.restart();
    expect(target.hears(1, { epoch: 100 })).toBe(false);
  });

  it('is carried out once, whatever its LSA does and whatever others send meanwhile', () => {
    const target = new Target();
    expect([target.hears(1), target.hears(1)]).toEqual([true, false]);
    for (let i = 0; i < 2 * MAX_ISSUERS; i++) target.hears(1, { from: i + 1 });
    target.nowMs += 90_000;
    expect(target.hears(1)).toBe(false);
    expect(target.remote.issuers.size).toBe(MAX_ISSUERS);
  });

  it('is not carried out again by a later life of the daemon', () => {
    const target = new Target();
    target.hears(7);
    target.restart();
    expect([target.hears(7), target.hears(6), target.hears(8)]).toEqual([false, false, true]);
  });

  it('may come later than one that was sent after it: a lost flood is sent again', () => {
    const target = new Target();
    expect([target.hears(3), target.hears(1), target.hears(2), target.hears(1)]).toEqual([true, true, true, false]);
    expect([target.hears(1_000), target.hears(1_000 - COMMANDS_AT_A_TIME), target.hears(999)]).toEqual([
      true,
      false,
      true,
    ]);
  });

  it('of a new life of its node begins at 1 again, and one of the life before is too old', () => {
    const target = new Target();
    target.hears(50, { epoch: 5 });
    expect([target.hears(1, { epoch: 6 }), target.hears(51, { epoch: 5 })]).toEqual([true, false]);
  });

  it('counts only while OSPF reaches that node', () => {
    const target = new Target();
    target.handle({ type: 'reachability', added: [], removed: [routerId(ISSUER)] });
    expect(target.hears(1)).toBe(false);
  });

  it('is dropped where that node sends more than it may, which is said once', () => {
    const target = new Target();
    const heard = Array.from({ length: 1_000 }, (_, i) => target.hears(i + 1));
    expect(heard.filter((done) => done)).toHaveLength(COMMANDS_AT_A_TIME);
    const said = target.effects.filter((effect) => effect.type === 'report' && effect.text.includes('sends more than'));
    expect(said).toHaveLength(1);
    target.nowMs += 10_000;
    expect(target.hears(2_000)).toBe(true);
  });
});

describe('a command that carries no role', () => {
  it('comes from an earlier version, and may do what operators may', () => {
    const rules = [{ operator: true, admin: false }, ['stop'], true] as const;
    expect(rules.map((rule) => outcomeOf(new Target(rule), null))).toEqual([true, true, true]);
    const others = [
      { operator: false, admin: true },
      { operator: ['move'], admin: ['stop'] },
      ['move'],
      false,
    ] as const;
    expect(others.map((rule) => outcomeOf(new Target(rule), null))).toEqual([false, false, false, false]);
  });

  it('with one, may do what that role may, and what those below it may', () => {
    const roles = ['viewer', 'operator', 'admin'] as const;
    const heard = (rule: RemoteCommandRules) => roles.map((role) => outcomeOf(new Target(rule), role));
    expect(heard(true)).toEqual([false, true, true]);
    expect(heard({ operator: ['stop'], admin: false })).toEqual([false, true, true]);
    expect(heard({ operator: ['move'], admin: ['stop'] })).toEqual([false, false, true]);
    expect(heard({ operator: false, admin: false })).toEqual([false, false, false]);
  });

  /** Whether a `stop` was carried out; its answer says so, and both agree. */
  function outcomeOf(target: Target, role: Role | null): boolean {
    target.hears(1, { role });
    const isRemembered = target.record.issuers.length === 1;
    expect(target.remote.outcomes.map(({ outcome }) => outcome.ok)).toEqual([isRemembered]);
    return isRemembered;
  }
});

describe('outcomes', () => {
  it('do not grow with the commands of others, nor does what one command costs', () => {
    const target = new Target();
    let nonce = 0;
    const play = (): number => {
      const before = performance.now();
      for (let i = 0; i < 20; i++) {
        for (let from = 2; from < 102; from++) target.hears(++nonce, { from });
        target.nowMs += 10_000;
      }
      return performance.now() - before;
    };
    const first = play();
    for (let i = 0; i < 3; i++) play();
    expect(play()).toBeLessThan(5 * first + 500);
    expect(target.remote.outcomes.length).toBe(MAX_OUTCOMES);
    expect(target.remote.executing.size).toBe(0);
  });

  it('of one who sends many do not push out that of another', () => {
    const target = new Target();
    target.hears(1, { from: 2 });
    for (let i = 1; i <= 100; i++) target.hears(i);
    const issuers = target.remote.outcomes.map(({ outcome }) => outcome.issuer);
    expect(issuers.filter((issuer) => issuer === routerId(2))).toHaveLength(1);
    expect(issuers).toHaveLength(MAX_OUTCOMES);
  });

  it('are not given for ever where commands of others are switched off', () => {
    const target = new Target(false);
    for (let i = 1; i <= 1_000; i++) target.hears(i, { from: i });
    expect(target.effects.filter(({ type }) => type === 'announce')).toHaveLength(MAX_OUTCOMES);
    expect(target.effects.filter(({ type }) => type === 'persist-node')).toEqual([]);
  });
});
