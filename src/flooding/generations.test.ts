import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { GENERATIONS, GenerationSlots, REUSE_AFTER_MS } from './generations.js';

describe('the generations of one series', () => {
  test('a known series goes on after its last generation', () => {
    const slots = new GenerationSlots(41, 0, true);
    expect(slots.take(0)).toBe(42);
    expect(slots.take(0)).toBe(43);
  });

  test('after 255 comes 0', () => {
    const slots = new GenerationSlots(254, 0, true);
    expect([slots.take(0), slots.take(0)]).toEqual([255, 0]);
  });

  test('an unknown series begins where it is told', () => {
    expect(new GenerationSlots(255, 0, false).take(0)).toBe(0);
  });

  test('an unknown series goes on after the first generation of ours that it meets, wherever that is', () => {
    const slots = new GenerationSlots(99, 0, false);
    slots.seen(7, '11/', 0);
    expect(slots.take(0)).toBe(8);
  });

  test('a generation met ahead of the last one is passed over with all before it', () => {
    const slots = new GenerationSlots(10, 0, true);
    slots.seen(20, '11/', 0);
    expect(slots.take(0)).toBe(21);
  });

  test('a generation met behind the last one changes nothing', () => {
    const slots = new GenerationSlots(10, 0, true);
    slots.seen(250, '11/', 0);
    expect(slots.take(0)).toBe(11);
  });

  test('a generation of an earlier life of which only its deletion is heard rests as well', () => {
    const slots = new GenerationSlots(11, 0, false);
    slots.gone(12, '11/', 0);
    expect(slots.take(0)).toBe(13);
  });

  test('what is held or seen is never taken, and with nothing free there is none', () => {
    const slots = new GenerationSlots(255, 0, false);
    const taken = Array.from({ length: GENERATIONS }, () => slots.take(0));
    expect(new Set(taken).size).toBe(GENERATIONS);
    expect(slots.take(10 * REUSE_AFTER_MS)).toBeUndefined();
  });

  test('a released generation rests for 60 s', () => {
    const slots = full();
    slots.release(7, 1000);
    expect(slots.take(1000 + REUSE_AFTER_MS - 1)).toBeUndefined();
    expect(slots.take(1000 + REUSE_AFTER_MS)).toBe(7);
  });

  test('a released generation that the LSDB still shows rests until 60 s after it is gone', () => {
    const slots = full();
    slots.seen(7, '11/', 0);
    slots.release(7, 0);
    expect(slots.take(REUSE_AFTER_MS)).toBeUndefined();
    slots.gone(7, '11/', REUSE_AFTER_MS);
    expect(slots.take(2 * REUSE_AFTER_MS - 1)).toBeUndefined();
    expect(slots.take(2 * REUSE_AFTER_MS)).toBe(7);
  });

  test('a generation in two areas is gone when it is gone from both', () => {
    const slots = full();
    slots.release(7, 0);
    slots.seen(7, '10/0', 0);
    slots.seen(7, '10/1', 0);
    slots.gone(7, '10/0', 0);
    expect(slots.take(2 * REUSE_AFTER_MS)).toBeUndefined();
    slots.gone(7, '10/1', 0);
    expect(slots.take(2 * REUSE_AFTER_MS)).toBe(7);
  });

  test('after the session all rest for 60 s', () => {
    const slots = full();
    slots.leaveAll(500);
    expect(slots.take(500 + REUSE_AFTER_MS - 1)).toBeUndefined();
    expect(slots.take(500 + REUSE_AFTER_MS)).toBe(0);
  });

  test('an earlier life may have used the half circle before its last generation a moment ago', () => {
    const slots = new GenerationSlots(255, 0, true);
    for (let taken = 0; taken < GENERATIONS / 2; taken++) expect(slots.take(0)).toBe(taken);
    expect(slots.take(REUSE_AFTER_MS - 1)).toBeUndefined();
    expect(slots.take(REUSE_AFTER_MS)).toBe(128);
  });

  test('any history: nothing is taken that is held, seen, or left less than 60 s ago', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 255 }), fc.boolean(), fc.array(step, { maxLength: 800 }), agreesWithModel),
    );
  });
});

/** A history without a rule of its own, one entry for each generation. */
class Model {
  readonly held = new Set<number>();
  readonly seen = new Set<string>();
  readonly leftAtMs = new Map<number, number>();

  isFree(generation: number, nowMs: number): boolean {
    const shown = [...this.seen].some((key) => key.startsWith(`${generation}@`));
    const restsUntil = (this.leftAtMs.get(generation) ?? Number.NEGATIVE_INFINITY) + REUSE_AFTER_MS;
    return !this.held.has(generation) && !shown && nowMs >= restsUntil;
  }
}

type Step =
  | { do: 'take' | 'leave-all' }
  | { do: 'release'; generation: number }
  | { do: 'seen' | 'gone'; generation: number; place: string }
  | { do: 'wait'; ms: number };

const generation = fc.integer({ min: 0, max: 255 });
const place = fc.constantFrom('11/', '10/0', '10/1');
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 40, arbitrary: fc.constant<Step>({ do: 'take' }) },
  { weight: 20, arbitrary: fc.record({ do: fc.constant('release' as const), generation }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('seen' as const), generation, place }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('gone' as const), generation, place }) },
  {
    weight: 8,
    arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: REUSE_AFTER_MS }) }),
  },
  { weight: 1, arbitrary: fc.constant<Step>({ do: 'leave-all' }) },
);

function agreesWithModel(last: number, known: boolean, steps: Step[]): void {
  let nowMs = 0;
  const slots = new GenerationSlots(last, nowMs, known);
  const model = new Model();
  if (known) for (let back = 0; back < 128; back++) model.leftAtMs.set((last - back + 256) % 256, nowMs);
  for (const next of steps) {
    switch (next.do) {
      case 'take': {
        const taken = slots.take(nowMs);
        if (taken !== undefined) expect(model.isFree(taken, nowMs)).toBe(true);
        else for (let each = 0; each < 256; each++) expect(model.isFree(each, nowMs)).toBe(false);
        if (taken !== undefined) model.held.add(taken);
        break;
      }
      case 'release':
        slots.release(next.generation, nowMs);
        if (model.held.delete(next.generation)) model.leftAtMs.set(next.generation, nowMs);
        break;
      case 'seen':
        slots.seen(next.generation, next.place, nowMs);
        model.seen.add(`${next.generation}@${next.place}`);
        break;
      case 'gone':
        slots.gone(next.generation, next.place, nowMs);
        if (model.seen.delete(`${next.generation}@${next.place}`)) model.leftAtMs.set(next.generation, nowMs);
        break;
      case 'leave-all':
        slots.leaveAll(nowMs);
        for (const each of [...model.held, ...[...model.seen].map((key) => Number(key.split('@')[0]))]) {
          model.leftAtMs.set(each, nowMs);
        }
        model.held.clear();
        model.seen.clear();
        break;
      case 'wait':
        nowMs += next.ms;
    }
  }
}

/** All taken at 0 ms. */
function full(): GenerationSlots {
  const slots = new GenerationSlots(255, 0, false);
  while (slots.take(0) !== undefined);
  return slots;
}
