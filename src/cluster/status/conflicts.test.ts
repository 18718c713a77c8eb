import { describe, expect, it } from 'vitest';
import type { SharedDefinition } from '../../model/announcement.js';
import { routerId } from '../../model/router-id.js';
import { DEFINITION_KEYS, SHARED_KEYS } from '../../tables/index.js';
import { heardFromOther, serviceSaid, testDefinition, testMember } from '../testing.js';

const OTHERS: Partial<SharedDefinition> = {
  group: 'SHOP',
  dependsOn: ['DISK'],
  addresses: ['192.0.2.1', '192.0.2.2', '192.0.2.3'],
  area: '0.0.0.1',
};

/** A value of this key that is not the definition's. */
function anotherValue(key: (typeof SHARED_KEYS)[number], definition: SharedDefinition): Partial<SharedDefinition> {
  const row = DEFINITION_KEYS[key];
  if (row.is === 'flag') return { [key]: !definition[key] };
  if (row.is === 'choice') return { [key]: row.choices.find((choice) => choice !== definition[key]) };
  return { [key]: OTHERS[key] };
}

describe('a definition that somebody wants to save', () => {
  const web = testDefinition('WEB', { addresses: ['192.0.2.1', '192.0.2.2'] });

  it('is refused where another service has its address on a node that can be reached', () => {
    const engine = testMember([]);
    engine.handle(heardFromOther(serviceSaid(testDefinition('MAIL', { addresses: ['192.0.2.2'] }))), 5_000);
    expect(engine.definitionConflicts(web)).toEqual([
      { key: 'addresses.1', level: 'refused', message: expect.stringContaining("192.0.2.2 is MAIL's on 0.0.0.1") },
    ]);
  });

  it('is warned of, key by key, where another node says otherwise', () => {
    const engine = testMember([]);
    engine.handle(heardFromOther(serviceSaid({ ...web, preempt: false, group: 'SHOP' })), 5_000);
    expect(engine.definitionConflicts(web).map(({ key, level }) => `${key} ${level}`)).toEqual([
      'group warning',
      'preempt warning',
    ]);
  });

  it.each(SHARED_KEYS)('is warned of where another node has another %s', (key) => {
    const engine = testMember([]);
    engine.handle(heardFromOther(serviceSaid({ ...web, ...anotherValue(key, web) })), 5_000);
    expect(engine.definitionConflicts(web).map((conflict) => conflict.key)).toEqual([key]);
  });

  it('is not warned of what a node said that does not count', () => {
    const engine = testMember([]);
    engine.handle(heardFromOther(serviceSaid({ ...web, group: 'SHOP' })), 5_000);
    engine.handle(
      heardFromOther(serviceSaid(testDefinition('MAIL', { addresses: ['192.0.2.2'] })), '222.0.3.2'),
      5_000,
    );
    expect(engine.definitionConflicts(web)).toHaveLength(2);
    const node = engine.state.view.nodes.get(routerId(1));
    if (node !== undefined) node.silent = true;
    expect(engine.definitionConflicts(web)).toEqual([]);
  });

  it('conflicts with nothing where the others say the same, whatever they prefer', () => {
    const engine = testMember([]);
    engine.handle(heardFromOther(serviceSaid(web, { preference: 7 })), 5_000);
    expect(engine.definitionConflicts({ ...web, addresses: ['192.0.2.2', '192.0.2.1'] })).toEqual([]);
  });
});
