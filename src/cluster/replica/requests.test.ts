import { expect, it } from 'vitest';
import { routerId } from '../../model/router-id.js';
import { UNSETTLED } from '../settle-group.js';
import type { Effect } from '../state/effect.js';
import type { Event, PrimitiveOutcome } from '../state/event.js';
import { testDefinition, testMember } from '../testing.js';
import { MAX_WAITING } from './requests.js';

/** A member whose services are started, and to which things happen. */
class Node {
  readonly engine;
  readonly effects: Effect[] = [];
  #nowMs = 6_000;

  constructor(definitions = [testDefinition('WEB')]) {
    this.engine = testMember(definitions);
    for (const { name } of definitions) this.ends(name, 'succeeded');
    this.echo();
    this.echo();
    for (const { name } of definitions) this.handle({ type: 'alias-up', service: name });
    for (const { name } of definitions) this.ends(name, 'succeeded');
  }

  handle(event: Event): Effect[] {
    this.#nowMs += 1;
    const effects = this.engine.handle(event, this.#nowMs);
    this.effects.push(...effects);
    return effects;
  }

  command(command: 'check' | 'restart' | 'status' | 'stop', request: string): Effect[] {
    return this.handle({
      type: 'command',
      request,
      operator: 'o',
      role: 'operator',
      order: { of: 'service', service: 'WEB', command },
      target: null,
      pin: false,
    });
  }

  ends(service: string, result: 'succeeded' | 'killed' | 'recall'): Effect[] {
    const { primitive, run } = this.engine.state.replicas.get(service)?.job ?? { primitive: 'start', run: 0 };
    const outcome: PrimitiveOutcome = result === 'killed' ? { result } : { result, output: 'fine' };
    return this.handle({ type: 'primitive-ended', service, primitive, run, outcome, unixSeconds: 0 });
  }

  /** What was announced last of each service comes back. */
  echo(): void {
    for (const { announced } of [...this.engine.state.replicas.values()]) {
      if (announced === null) continue;
      this.handle({ type: 'announcement', origin: routerId(2), lsaId: 'x', ageSeconds: 0, announcement: announced });
    }
  }

  states(): string[] {
    return [...this.engine.state.replicas.values()].map(({ config, run }) => `${config}/${run}`);
  }
}

function replies(effects: readonly Effect[]): string[] {
  return effects.flatMap((effect) => (effect.type === 'reply' ? [`${effect.request}: ${effect.text}`] : []));
}

it('a few requests wait for a primitive, and more are refused in words', () => {
  const node = new Node();
  for (let i = 0; i < 1_000; i++) node.command(i % 2 === 0 ? 'check' : 'status', `r${i}`);
  const replica = node.engine.state.replicas.get('WEB');
  expect(replica?.requests.length).toBe(MAX_WAITING);
  expect(replies(node.effects)).toHaveLength(1_000 - 1 - MAX_WAITING);
  expect(replies(node.effects).at(-1)).toBe(
    'r999: 16 requests wait for WEB already: ask again when they have been answered',
  );
});

it('equal requests that follow each other are answered by one call', () => {
  const node = new Node();
  for (let i = 0; i < 5; i++) node.command('check', `r${i}`);
  expect(replies(node.ends('WEB', 'succeeded'))).toEqual(['r0: fine']);
  expect(replies(node.ends('WEB', 'succeeded'))).toEqual(['r1: fine', 'r2: fine', 'r3: fine', 'r4: fine']);
  expect(node.engine.state.replicas.get('WEB')?.job).toBeNull();
});

it('however many wait, all are told when the service stops', () => {
  const node = new Node();
  for (let i = 0; i < 300; i++) node.command(i % 2 === 0 ? 'check' : 'restart', `r${i}`);
  node.command('stop', 'stop');
  node.ends('WEB', 'killed');
  node.ends('WEB', 'succeeded');
  node.handle({ type: 'alias-down', service: 'WEB' });
  expect(node.states()).toEqual(['active/stopped']);
  expect(new Set(replies(node.effects)).size).toBe(301);
});

it('a group of very many members settles', () => {
  const members = Array.from({ length: 150 }, (_, i) =>
    testDefinition(`M${i}`, { group: 'BIG', addresses: [`10.0.${i >> 8}.${i & 255}`] }),
  );
  const node = new Node(members);
  expect(new Set(node.states())).toEqual(new Set(['active/started']));
  node.handle({ type: 'shutdown' });
  for (const { name } of members) node.ends(name, 'succeeded');
  for (const { name } of members) node.handle({ type: 'alias-down', service: name });
  expect(new Set(node.states())).toEqual(new Set(['deactivated/stopped']));
  expect(node.effects.filter((effect) => effect.type === 'report' && effect.text.endsWith(UNSETTLED))).toEqual([]);
});
