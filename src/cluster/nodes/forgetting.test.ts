import { describe, expect, it } from 'vitest';
import type { ServiceAnnouncement, SharedDefinition } from '../../model/announcement.js';
import { routerId } from '../../model/router-id.js';
import type { Effect } from '../state/effect.js';
import { beginTurn } from '../state/turn.js';
import { daemonSaid, heardFromOther, serviceSaid, testDefinition, testMember } from '../testing.js';
import { knownNode, observeService, reachableReplicas, withdrawService } from '../view/view.js';
import { MAX_MEMBERS, MAX_NODES, MAX_REPLICAS, MAX_SERVICES_OF_A_NODE } from './admission.js';
import { forgetHigherEpochs, MAX_GONE, MEMORY_MS } from './forgetting.js';

const OTHER = routerId(1);

/** A member that has WEB, and hears what another node announces of services that come and go. */
class Hearer {
  readonly engine = testMember([testDefinition('WEB', { enabled: false, autoActivate: false })]);
  readonly effects: Effect[] = [];
  nowMs = 6_000;
  #counter = 0;

  get state() {
    return this.engine.state;
  }

  announces(definition: SharedDefinition, change: Partial<ServiceAnnouncement> = {}, origin = OTHER): void {
    const sequence = { epoch: 1, counter: ++this.#counter };
    const event = heardFromOther(serviceSaid(definition, { sequence, ...change }), 'x');
    this.#handle(event.type === 'announcement' ? { ...event, origin } : event);
  }

  withdraws(service: string): void {
    const sequence = this.state.view.replicas.get(service)?.get(OTHER)?.announcement.sequence ?? {
      epoch: 0,
      counter: 0,
    };
    const subject = { kind: 'service', service } as const;
    this.#handle({ type: 'withdrawal', origin: OTHER, lsaId: 'x', subject, sequence });
  }

  /** Time passes, with its looks at what may be forgotten. */
  waits(ms: number): void {
    this.nowMs += ms;
    this.#handle({ type: 'timer', timer: { kind: 'memory' } });
  }

  loses(): void {
    this.#handle({ type: 'reachability', added: [], removed: [OTHER] });
  }

  says(): void {
    this.#handle(heardFromOther(daemonSaid({ sequence: { epoch: 1, counter: ++this.#counter } }), 'd'));
  }

  sizes(): number[] {
    const { view, groups, holders } = this.state;
    return [view.replicas.size, view.size, view.groups.size, view.addresses.size, groups.size, holders.size];
  }

  #handle(event: Parameters<typeof this.engine.handle>[0]): void {
    this.effects.push(...this.engine.handle(event, this.nowMs));
  }
}

function job(i: number): SharedDefinition {
  return testDefinition(`JOB${i}`, { addresses: [`10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`] });
}

describe('what others announced and withdrew', () => {
  it('does not pile up, and is forgotten when no old announcement can revive it', () => {
    const node = new Hearer();
    const before = node.sizes();
    for (let i = 0; i < 3 * MAX_GONE; i++) {
      node.announces(job(i), { runState: 'started', claim: 1 });
      node.withdraws(`JOB${i}`);
    }
    for (const size of node.sizes()) expect(size).toBeLessThanOrEqual(MAX_GONE + 1);
    expect(node.engine.serviceNames()).toHaveLength(MAX_GONE + 1);
    node.waits(MEMORY_MS - 1);
    expect(node.state.view.replicas.size).toBe(MAX_GONE);
    node.waits(1);
    expect(node.sizes()).toEqual(before);
  });

  it('is not revived by an older announcement within that time', () => {
    const node = new Hearer();
    node.announces(job(1));
    node.announces(job(1));
    node.withdraws('JOB1');
    node.waits(MEMORY_MS - 1);
    node.announces(job(1), { sequence: { epoch: 1, counter: 1 } });
    expect([...reachableReplicas(node.state.view, 'JOB1')]).toEqual([]);
  });

  it('is not forgotten if it is announced again', () => {
    const node = new Hearer();
    node.announces(job(1));
    node.withdraws('JOB1');
    node.announces(job(1));
    node.waits(MEMORY_MS);
    expect([...reachableReplicas(node.state.view, 'JOB1')]).toHaveLength(1);
  });

  it('leaves nothing behind where its group and its addresses were looked up', () => {
    const node = new Hearer();
    const before = node.sizes();
    const announcesIn = (i: number, change: Partial<ServiceAnnouncement> = {}) =>
      node.announces(testDefinition('JOB', { group: `G${i}`, addresses: [`10.0.0.${i}`] }), { claim: i, ...change });
    for (let i = 0; i < 100; i++) announcesIn(i);
    for (let i = 100; i < 200; i++) announcesIn(i, { sequence: { epoch: 0, counter: i } }); // older ones, late
    expect([...node.state.view.groups.keys()]).toEqual(['WEB', 'G99']);
    expect([...node.state.groups.keys()]).toEqual(['WEB', 'G99']);
    expect([...node.state.view.addresses.keys()]).toEqual(['192.0.2.1', '10.0.0.99']);
    node.withdraws('JOB');
    node.waits(MEMORY_MS);
    expect(node.sizes()).toEqual(before);
  });

  it('is forgotten with its node, when that has been out of reach for long', () => {
    const node = new Hearer();
    node.says();
    node.announces(job(1));
    node.loses();
    node.waits(MEMORY_MS);
    expect(node.engine.status().nodes.map(({ name }) => name)).toContain('beta'); // its LSAs are held
    node.withdraws('JOB1');
    node.engine.handle(
      {
        type: 'withdrawal',
        origin: OTHER,
        lsaId: 'd',
        subject: { kind: 'daemon' },
        sequence: { epoch: 1, counter: 1 },
      },
      node.nowMs,
    );
    node.waits(MEMORY_MS);
    expect(node.engine.status().nodes.map(({ name }) => name)).toEqual(['alpha']);
    expect(node.state.view.nodes.size).toBe(0);
  });

  it('costs a loss of neighbours nothing when it is gone', () => {
    const node = new Hearer();
    for (let i = 0; i < MAX_GONE; i++) {
      node.announces(job(i));
      node.withdraws(`JOB${i}`);
    }
    node.waits(MEMORY_MS);
    expect([...node.engine.steps({ type: 'neighbours', full: 0 }, node.nowMs)].length).toBeLessThan(5);
  });
});

describe('the limit of what is kept of one node', () => {
  it('drops the newest, says so once, and shows it', () => {
    const node = new Hearer();
    node.says();
    for (let i = 0; i < MAX_SERVICES_OF_A_NODE + 500; i++) node.announces(job(i));
    expect(node.state.view.size).toBe(MAX_SERVICES_OF_A_NODE);
    const said = node.effects.filter((effect) => effect.type === 'report' && effect.text.includes('is dropped'));
    expect(said).toHaveLength(1);
    expect(node.engine.status().nodes.find(({ name }) => name === 'beta')?.dropped).toBe(500);
    node.withdraws('JOB0');
    node.announces(job(9_999));
    expect(node.state.view.replicas.has('JOB9999')).toBe(true);
  });

  it('holds for all nodes together too', () => {
    const node = new Hearer();
    for (let i = 0; i < MAX_REPLICAS + 100; i++) {
      node.announces(job(i), {}, routerId(100 + Math.floor(i / (MAX_SERVICES_OF_A_NODE - 1))));
    }
    expect(node.state.view.size).toBe(MAX_REPLICAS);
  });

  it('holds for nodes, which nobody has to reach: the newest is not heard, which is said once', () => {
    const node = new Hearer();
    for (let i = 0; i < MAX_NODES + 100; i++) node.announces(job(i), {}, routerId(1_000 + i));
    expect(node.state.view.nodes.size).toBeLessThanOrEqual(MAX_NODES);
    const said = node.effects.filter((effect) => effect.type === 'report' && effect.text.includes('are not heard'));
    expect(said).toHaveLength(1);
  });

  it('never concerns what is configured here', () => {
    const node = new Hearer();
    for (let i = 0; i < MAX_SERVICES_OF_A_NODE + 1; i++) node.announces(job(i));
    node.announces(testDefinition('WEB'), { runState: 'started', claim: 1 });
    expect([...reachableReplicas(node.state.view, 'WEB')]).toHaveLength(1);
  });

  it('holds for the members of a group, however they came into it and depend on each other', () => {
    const node = new Hearer();
    for (let i = 0; i < 2 * MAX_MEMBERS; i++) {
      node.announces(job(i));
      node.announces(testDefinition(`JOB${i}`, { group: 'BIG', dependsOn: [`JOB${i + 1}`] }));
    }
    expect(node.state.view.groups.get('BIG')?.size).toBe(MAX_MEMBERS);
    expect(node.engine.status().services).toHaveLength(2 * MAX_MEMBERS + 1);
  });
});

it('a replica is not withdrawn by what an earlier life left behind, after that was forgotten', () => {
  const { state } = new Hearer();
  const { view } = state;
  const node = knownNode(view, OTHER);
  node.reachable = true;
  const announce = (epoch: number, counter: number): ServiceAnnouncement => ({
    ...(serviceSaid(testDefinition('WEB')) as ServiceAnnouncement),
    sequence: { epoch, counter },
  });
  observeService(view, OTHER, '222.0.0.0', announce(5, 1), true);
  observeService(view, OTHER, '222.1.0.0', announce(5, 2), true);
  const turn = beginTurn(state, 6_000);
  forgetHigherEpochs(turn, node, 5);
  withdrawService(view, OTHER, '222.1.0.0', 'WEB', { epoch: 5, counter: 2 });
  expect(forgetHigherEpochs(turn, node, 1)).not.toBeNull();
  observeService(view, OTHER, '222.2.0.0', announce(1, 1), true);
  expect(withdrawService(view, OTHER, '222.0.0.0', 'WEB', { epoch: 5, counter: 1 })).toBe(false);
  expect([...reachableReplicas(view, 'WEB')]).toHaveLength(1);
});

it('what a node that lost its disk says while words of its earlier life are still there counts when those are gone', () => {
  const { engine } = new Hearer();
  const say = (event: ReturnType<typeof heardFromOther>): unknown => engine.handle(event, 6_000);
  const [before, since] = [5, 1].map((epoch) => (counter: number) => ({ sequence: { epoch, counter } }));
  if (before === undefined || since === undefined) throw new Error('two lives');
  say(heardFromOther(serviceSaid(testDefinition('WEB'), before(1)), 'x'));
  say(heardFromOther(daemonSaid(before(2)), 'd'));
  const withdrawn = { type: 'withdrawal', origin: OTHER } as const;
  say({ ...withdrawn, lsaId: 'x', subject: { kind: 'service', service: 'WEB' }, sequence: before(1).sequence });
  say(heardFromOther(serviceSaid(testDefinition('WEB'), since(1)), 'y'));
  say(heardFromOther(serviceSaid(testDefinition('MAIL', { addresses: ['192.0.2.5'] }), since(2)), 'z'));
  say({ ...withdrawn, lsaId: 'd', subject: { kind: 'daemon' }, sequence: before(2).sequence });
  say(heardFromOther(daemonSaid(since(3)), 'e'));
  const { replicas } = engine.state.view;
  expect(replicas.get('WEB')?.get(OTHER)).toMatchObject({ presence: 'held', announcement: since(1) });
  expect(replicas.get('MAIL')?.get(OTHER)).toMatchObject({ presence: 'held', announcement: since(2) });
});

it('what an earlier life had said does not come back once it was withdrawn', () => {
  const { engine } = new Hearer();
  const node = knownNode(engine.state.view, OTHER);
  engine.handle(heardFromOther(serviceSaid(testDefinition('WEB'), { sequence: { epoch: 5, counter: 1 } }), 'x'), 6_000);
  engine.handle(heardFromOther(serviceSaid(testDefinition('WEB'), { sequence: { epoch: 1, counter: 1 } }), 'y'), 6_000);
  expect(node.outdone.size).toBe(1);
  const subject = { kind: 'service', service: 'WEB' } as const;
  const sequence = { epoch: 1, counter: 1 };
  engine.handle({ type: 'withdrawal', origin: OTHER, lsaId: 'y', subject, sequence }, 6_000);
  expect(node.outdone.size).toBe(0);
});

it('the claims of a group stay known when the only node that has it loses its disk', () => {
  const { engine } = new Hearer();
  const job = testDefinition('JOB', { group: 'JOBS', critical: true, addresses: [] });
  const withdrawn = {
    type: 'withdrawal',
    origin: OTHER,
    lsaId: 'x',
    subject: { kind: 'service', service: 'JOB' },
  } as const;
  const sequence = { epoch: 5, counter: 1 };
  engine.handle(heardFromOther(serviceSaid(job, { sequence, claim: 7, runState: 'started' }), 'x'), 6_000);
  engine.handle({ ...withdrawn, sequence }, 6_000);
  engine.handle(heardFromOther(serviceSaid(job, { sequence: { epoch: 1, counter: 1 } }), 'y'), 6_000);
  expect(engine.state.groups.get('JOBS')?.highestClaim).toBe(7);
});
