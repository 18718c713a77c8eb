import { expect, test } from 'vitest';
import type { Announcement, Digest, Scope, ServiceAnnouncement } from '../../model/announcement.js';
import { routerId } from '../../model/router-id.js';
import type { RunState } from '../../model/states.js';
import { PLAIN_DAEMON } from '../../model/testing.js';
import { Engine } from '../engine.js';
import { newcomer } from '../group/joining.js';
import type { Effect } from '../state/effect.js';
import type { Event } from '../state/event.js';
import { TEST_SETTINGS, testDefinition } from '../testing.js';

const [SELF, OTHER] = [routerId(1), routerId(2)];

/** Another node as this one hears it: it was there before, was cut off, and can be reached again. */
class Returned {
  readonly engine = new Engine(TEST_SETTINGS);

  constructor(words: readonly Event[]) {
    const begin = {
      persistedNode: { epoch: 0, standby: false, issuers: [] },
      persistedServices: new Map(),
      unixSeconds: 100,
    };
    this.hear(
      { type: 'begin', definitions: [testDefinition('WEB'), testDefinition('MAIL')], ...begin },
      { type: 'connected', routerId: SELF },
      { type: 'synced' },
      { type: 'neighbours', full: 1 },
      ...words,
      { type: 'reachability', added: [OTHER], removed: [] },
    );
  }

  hear(...events: readonly Event[]): Effect[] {
    return events.flatMap((event) => this.engine.handle(event, 0));
  }

  activates(service: string): Announcement[] {
    const run = this.engine.state.replicas.get(service)?.job?.run ?? 0;
    const outcome = { result: 'succeeded', output: '' } as const;
    const ended = { type: 'primitive-ended', primitive: 'activate', unixSeconds: 100 } as const;
    return announcements(this.hear({ ...ended, service, run, outcome }));
  }

  counts(service: string): boolean {
    return this.engine.state.view.replicas.get(service)?.get(OTHER)?.confirmed === true;
  }
}

function announcements(effects: readonly Effect[]): Announcement[] {
  return effects.flatMap((effect) => (effect.type === 'announce' ? [effect.announcement] : []));
}

function says(service: string, counter: number, runState: RunState = 'stopped', scope: Scope = 'as'): Event {
  const announcement: ServiceAnnouncement = {
    kind: 'service',
    sequence: { epoch: 1, counter },
    definition: testDefinition(service, { scope }),
    preference: 100,
    runState,
    standby: false,
    joining: false,
    pinned: false,
    claim: 0,
    knownClaim: null,
    assent: null,
    failure: null,
    checkIntervalMs: 0,
    checkStamp: 0,
    definitionHash: '',
  };
  return { type: 'announcement', origin: OTHER, lsaId: `222.${counter}.0.0`, ageSeconds: 1, announcement };
}

function speaks(counter: number, digest: Digest | null): Event {
  const announcement = { ...PLAIN_DAEMON, sequence: { epoch: 1, counter }, hostName: 'beta', digest };
  return { type: 'announcement', origin: OTHER, lsaId: '222.0.1.0', ageSeconds: 1, announcement };
}

test('what a node said before its return counts when its daemon has spoken and nothing is missing', () => {
  const node = new Returned([says('WEB', 1, 'started'), says('MAIL', 2)]);
  expect(node.counts('WEB')).toBe(false);
  node.hear(speaks(3, { services: 2, counters: 3 }));
  expect(node.counts('WEB')).toBe(true);
  expect(node.counts('MAIL')).toBe(true);
});

test('while a newer word about one service is missing, none of the old ones counts', () => {
  const node = new Returned([says('WEB', 1, 'started'), says('MAIL', 2)]);
  node.hear(speaks(9, { services: 2, counters: 2 + 8 }));
  expect([node.counts('WEB'), node.counts('MAIL')]).toEqual([false, false]);
  node.hear(says('WEB', 8));
  expect([node.counts('WEB'), node.counts('MAIL')]).toEqual([true, true]);
});

test('an old word that comes late, with a retransmission, does not count either', () => {
  const node = new Returned([says('MAIL', 2)]);
  node.hear(speaks(9, { services: 2, counters: 2 + 8 }), says('WEB', 1, 'started'));
  expect(node.counts('WEB')).toBe(false);
  node.hear(says('WEB', 8));
  expect(node.counts('WEB')).toBe(true);
});

test('what an earlier life of its daemon said is not confirmed by the word of the present one', () => {
  const node = new Returned([says('WEB', 1, 'started')]);
  const word = speaks(1, { services: 0, counters: 0 });
  if (word.type !== 'announcement') throw new Error('expected an announcement');
  node.hear({ ...word, announcement: { ...word.announcement, sequence: { epoch: 2, counter: 1 } } });
  expect(node.counts('WEB')).toBe(false);
});

test('of a node that has just come an old word does not count either, though nothing was known of the service', () => {
  const node = new Returned([]);
  node.hear(says('MAIL', 2), speaks(9, { services: 2, counters: 2 + 8 }), says('WEB', 1));
  expect([node.counts('WEB'), node.counts('MAIL')]).toEqual([false, true]);
  node.hear(says('WEB', 8));
  expect(node.counts('WEB')).toBe(true);
});

test('that its daemon speaks again does not make up for what is missing', () => {
  const node = new Returned([]);
  const digest = { services: 2, counters: 2 + 8 };
  node.hear(says('MAIL', 2), speaks(9, digest), speaks(10, digest), says('WEB', 1));
  expect([node.counts('WEB'), node.counts('MAIL')]).toEqual([false, true]);
  node.hear(says('WEB', 8));
  expect(node.counts('WEB')).toBe(true);
});

test('something old and something newer than the word do not make up its sum', () => {
  const node = new Returned([says('WEB', 2, 'started'), says('MAIL', 4)]);
  node.hear(speaks(6, { services: 2, counters: 5 + 4 }), says('MAIL', 7));
  expect([node.counts('WEB'), node.counts('MAIL')]).toEqual([false, true]);
  node.hear({ type: 'timer', timer: { kind: 'suspicion', node: OTHER } });
  expect(node.counts('WEB')).toBe(true);
});

test('the deletion of what it has withdrawn may be what is missing', () => {
  const node = new Returned([says('WEB', 1, 'started'), says('MAIL', 2)]);
  node.hear(speaks(9, { services: 1, counters: 2 }));
  expect(node.counts('MAIL')).toBe(false);
  const subject = { kind: 'service', service: 'WEB' } as const;
  node.hear({ type: 'withdrawal', origin: OTHER, lsaId: '222.1.0.0', subject, sequence: { epoch: 1, counter: 1 } });
  expect(node.counts('MAIL')).toBe(true);
});

test('what has not come in 11 s is not waited for', () => {
  const node = new Returned([says('WEB', 1, 'started')]);
  const effects = node.hear(speaks(9, { services: 2, counters: 10 }));
  expect(effects).toContainEqual({ type: 'set-timer', timer: { kind: 'suspicion', node: OTHER }, delayMs: 11_000 });
  node.hear({ type: 'timer', timer: { kind: 'suspicion', node: OTHER } });
  expect(node.counts('WEB')).toBe(true);
});

test('the suspicion of one return is over with it: after the next the 11 s begin anew, with the word of the daemon', () => {
  const node = new Returned([says('WEB', 1, 'started')]);
  node.hear(speaks(9, { services: 2, counters: 10 }));
  const lost = node.hear({ type: 'reachability', added: [], removed: [OTHER] });
  expect(lost).toContainEqual({ type: 'cancel-timer', timer: { kind: 'suspicion', node: OTHER } });
  node.hear({ type: 'reachability', added: [OTHER], removed: [] });
  const effects = node.hear(speaks(10, { services: 2, counters: 10 }));
  expect(effects).toContainEqual({ type: 'set-timer', timer: { kind: 'suspicion', node: OTHER }, delayMs: 11_000 });
  expect(node.counts('WEB')).toBe(false);
});

test('a daemon that does not tell what it has out is believed at once', () => {
  const node = new Returned([says('WEB', 1, 'started')]);
  node.hear(speaks(9, null));
  expect(node.counts('WEB')).toBe(true);
});

test('announcements that do not reach everybody are not counted', () => {
  const node = new Returned([says('WEB', 1, 'started', 'link'), says('MAIL', 2)]);
  node.hear(speaks(9, { services: 1, counters: 2 }));
  expect(node.counts('WEB')).toBe(true);
});

test('while it knows a node and nothing is unconfirmed, a late word makes nothing suspect', () => {
  const node = new Returned([says('WEB', 1), says('MAIL', 2)]);
  node.hear(speaks(3, { services: 2, counters: 3 }), speaks(9, { services: 2, counters: 2 + 8 }));
  expect(node.counts('WEB')).toBe(true);
  node.hear(says('WEB', 8));
  expect(node.counts('WEB')).toBe(true);
});

test('what a returned node had withdrawn may be flooded anew: a resource waits while its daemon counts more than has come', () => {
  const withdrawal = {
    type: 'withdrawal',
    origin: OTHER,
    lsaId: '222.1.0.0',
    sequence: { epoch: 1, counter: 1 },
  } as const;
  const node = new Returned([
    says('WEB', 1, 'started'),
    { ...withdrawal, subject: { kind: 'service', service: 'WEB' } },
  ]);
  const waitedFor = () => newcomer(node.engine.state, 'WEB');
  expect(waitedFor()).toBe(OTHER);
  node.hear(speaks(9, { services: 1, counters: 8 }));
  expect(waitedFor()).toBe(OTHER);
  node.hear(speaks(11, { services: 0, counters: 0 }));
  expect(waitedFor()).toBeNull();
  node.hear(speaks(12, { services: 1, counters: 8 }), says('WEB', 8, 'started'));
  expect(waitedFor()).toBeNull();
});

test('a daemon counts its own announcements, and speaks again when it has neighbours', () => {
  const node = new Returned([]);
  node.hear({ type: 'neighbours', full: 0 });
  const own = [...node.activates('WEB'), ...node.activates('MAIL')];
  const counters = own.flatMap(({ kind, sequence }) => (kind === 'service' ? [sequence.counter] : []));
  expect(counters).toHaveLength(2);
  const spoken = announcements(node.hear({ type: 'neighbours', full: 1 })).filter(({ kind }) => kind === 'daemon');
  expect(spoken).toMatchObject([{ digest: { services: 2, counters: counters.reduce((a, b) => a + b) } }]);
});

test('a daemon whose word may still wait to go out counts anew what is announced meanwhile, and not once it is out', () => {
  const node = new Returned([]);
  const spoken = (announced: readonly Announcement[]) => announced.filter(({ kind }) => kind === 'daemon');
  const [waiting] = spoken(node.activates('WEB'));
  expect(waiting).toMatchObject({ digest: { services: 1 } });
  if (waiting === undefined) return;
  node.hear({ type: 'announcement', origin: SELF, lsaId: '222.0.1.0', ageSeconds: 0, announcement: waiting });
  expect(spoken(node.activates('MAIL'))).toEqual([]);
});
