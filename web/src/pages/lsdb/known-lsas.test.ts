import { describe, expect, test } from 'vitest';
import type { LsaSummary, LsdbChange } from '../../api/types.js';
import {
  ageAt,
  applyChanges,
  choices,
  filterLsas,
  type KnownLsas,
  type LsaFilter,
  sortLsas,
  typeKey,
} from './known-lsas.js';

const AT = Date.parse('2026-01-01T00:00:00Z');
const ALL: LsaFilter = { type: '', router: '', area: '', text: '' };

function lsa(fields: Partial<LsaSummary> & { readonly id: string }): LsaSummary {
  return {
    type: 1,
    typeName: 'Router',
    opaqueType: null,
    linkStateId: '10.0.0.1',
    advertisingRouter: '10.0.0.1',
    area: '0.0.0.0',
    link: null,
    own: false,
    age: 10,
    sequence: '0x80000001',
    checksum: '0x1234',
    length: 48,
    words: '2 links',
    ...fields,
  };
}

function change(fields: Partial<LsdbChange>): LsdbChange {
  return {
    generatedAt: new Date(AT).toISOString(),
    routerId: '10.0.0.1',
    notes: [],
    reset: false,
    upserted: [],
    removed: [],
    ...fields,
  };
}

const SOME: KnownLsas = applyChanges(new Map(), [
  change({
    upserted: [
      lsa({ id: 'a' }),
      lsa({
        id: 'b',
        type: 11,
        typeName: 'AS Opaque',
        opaqueType: 222,
        area: null,
        words: 'service WEB started',
        linkStateId: '222.0.0.1',
      }),
      lsa({
        id: 'c',
        type: 5,
        typeName: 'AS External',
        area: null,
        advertisingRouter: '10.0.0.10',
        linkStateId: '9.0.0.0',
      }),
    ],
  }),
]);

function ids(lsas: Iterable<{ readonly id: string }>): string[] {
  return [...lsas].map(({ id }) => id);
}

test('changes are applied in order; a reset forgets what was there', () => {
  const after = applyChanges(SOME, [
    change({ removed: ['a'], upserted: [lsa({ id: 'd' })] }),
    change({ upserted: [lsa({ id: 'b', words: 'service WEB stopped' })] }),
  ]);
  expect(ids(after.values()).toSorted()).toEqual(['b', 'c', 'd']);
  expect(after.get('b')?.words).toBe('service WEB stopped');
  expect(ids(applyChanges(after, [change({ reset: true, upserted: [lsa({ id: 'z' })] })]).values())).toEqual(['z']);
  expect(SOME.size).toBe(3);
});

test('the age counts by the node’s clock, and ends at an hour', () => {
  const [first] = SOME.values();
  expect([AT - 60_000, AT, AT + 5_900, AT + 9e9].map((at) => ageAt(first!, at))).toEqual([0, 10, 15, 3600]);
});

describe('a filter', () => {
  test.each([
    [{}, ['a', 'b', 'c']],
    [{ type: '11' }, ['b']],
    [{ type: '11/222' }, ['b']],
    [{ type: '11/4' }, []],
    [{ router: '10.0.0.10' }, ['c']],
    [{ area: 'as' }, ['b', 'c']],
    [{ area: '0.0.0.0' }, ['a']],
    [{ text: 'web STARTED' }, ['b']],
    [{ text: 'web external' }, []],
    [{ text: '0x1234', area: 'as', type: '5' }, ['c']],
  ])('%j gives %j', (filter, expected) => {
    expect(ids(filterLsas(SOME.values(), { ...ALL, ...filter }))).toEqual(expected);
  });

  test('of 5,000 LSAs, and sorting them, takes much less than a frame’s hundredfold', () => {
    const many = Array.from({ length: 5000 }, (_, index) =>
      lsa({
        id: `x${index}`,
        linkStateId: `10.${index % 7}.${index >> 8}.${index & 255}`,
        words: `service S${index} started`,
      }),
    );
    const known = applyChanges(new Map(), [change({ upserted: many })]);
    const begun = performance.now();
    const found = sortLsas(filterLsas(known.values(), { ...ALL, text: 'started 7' }), {
      column: 'words',
      descending: true,
    });
    expect(found.length).toBeGreaterThan(1000);
    const ms = performance.now() - begun;
    console.log(`5,000 LSAs filtered and sorted: ${ms.toFixed(0)} ms`);
    // A few tens on a quiet machine.
    expect(ms).toBeLessThan(5_000);
  });
});

test('addresses and sequence numbers are sorted as numbers', () => {
  const lsas = [...SOME.values()];
  expect(ids(sortLsas(lsas, { column: 'linkStateId', descending: false }))).toEqual(['c', 'a', 'b']);
  expect(ids(sortLsas(lsas, { column: 'advertisingRouter', descending: true }))).toEqual(['c', 'a', 'b']);
  const two = applyChanges(new Map(), [
    change({ upserted: [lsa({ id: 'new', sequence: '0x00000001' }), lsa({ id: 'old', sequence: '0x80000009' })] }),
  ]);
  expect(ids(sortLsas([...two.values()], { column: 'sequence', descending: false }))).toEqual(['old', 'new']);
});

test('choices are counted', () => {
  expect(choices(SOME.values(), typeKey)).toEqual([
    ['1', 1],
    ['5', 1],
    ['11/222', 1],
  ]);
});
