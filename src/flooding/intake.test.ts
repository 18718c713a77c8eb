import { ipv4 } from 'ospfapi-shim';
import { beforeEach, describe, expect, it } from 'vitest';
import { INTAKE_LIMIT, Intake, REFUSED_LIMIT } from './intake.js';
import { ManualClock } from './testing/manual-clock.js';

const HONEST = ipv4(0x0a000002);
const FLOODER = ipv4(0x0a000003);

let clock: ManualClock;
let busy: boolean;
let done: string[];
let intake: Intake;
let refused: number;

beforeEach(() => {
  clock = new ManualClock();
  busy = false;
  done = [];
  refused = 0;
  intake = new Intake({ clock, limit: INTAKE_LIMIT, isBusy: () => busy, refused: () => refused });
});

function offer(router: typeof HONEST, key: string, name = key): void {
  intake.offer(router, key, () => done.push(name));
}

describe('what routers flood', () => {
  it('is handed on at once while there is nothing else to do', () => {
    offer(HONEST, 'a');
    expect(done).toEqual(['a']);
  });

  it('waits while those behind are busy, and only the newest of each LSA in the place of the first', async () => {
    busy = true;
    for (const name of ['a1', 'b1', 'a2', 'a3']) offer(HONEST, name.charAt(0), name);
    await clock.advance(100);
    expect(done).toEqual([]);
    busy = false;
    await clock.advance(10);
    expect(done).toEqual(['a3', 'b1']);
  });

  it('of one router does not wait for all that another one floods', async () => {
    busy = true;
    for (let id = 0; id < 50_000; id++) offer(FLOODER, `flood ${id}`);
    offer(HONEST, 'change');
    busy = false;
    await clock.advance(2);
    expect(done).toContain('change');
    expect(done.length).toBeLessThan(200);
  });

  it('never waits in more than one place for each LSA', () => {
    busy = true;
    for (let id = 0; id < 10_000; id++) offer(FLOODER, `${id % 10}`);
    expect(intake.waiting).toBe(10);
  });

  it('is handed on at a limited rate, once the session is complete', async () => {
    intake.whenDone(() => {});
    for (let id = 0; id < 50_000; id++) offer(FLOODER, `flood ${id}`);
    await clock.advance(1000);
    const first = done.length;
    expect(first).toBeLessThanOrEqual(INTAKE_LIMIT.burst + 2 * INTAKE_LIMIT.perSecond);
    await clock.advance(10_000);
    const later = done.length - first;
    expect(later).toBeGreaterThan(9 * INTAKE_LIMIT.perSecond);
    expect(later).toBeLessThan(11 * INTAKE_LIMIT.perSecond);
    offer(HONEST, 'change');
    await clock.advance(2);
    expect(done).toContain('change');
  });

  it('and is not believed does not use up what is taken in of the router in whose name it comes', async () => {
    intake.whenDone(() => {});
    for (let second = 0; second < 3; second++) {
      for (let id = 0; id < 5_000; id++) intake.offer(HONEST, `forged ${second} ${id}`, () => refused++);
      await clock.advance(1000);
    }
    expect(refused).toBe(15_000);
    offer(HONEST, 'change');
    await clock.advance(2);
    expect(done).toEqual(['change']);
  });

  it('and is not believed is looked at at a limited rate too', async () => {
    intake.whenDone(() => {});
    for (let id = 0; id < 50_000; id++) intake.offer(HONEST, `forged ${id}`, () => refused++);
    await clock.advance(10_000);
    expect(refused).toBeLessThanOrEqual(REFUSED_LIMIT.burst + 11 * REFUSED_LIMIT.perSecond);
    offer(FLOODER, 'change');
    await clock.advance(2);
    expect(done).toEqual(['change']);
  });

  it('before the session is complete is handed on without a limit, and then it is said', async () => {
    busy = true;
    const total = 2 * INTAKE_LIMIT.burst;
    for (let id = 0; id < total; id++) offer(FLOODER, `before ${id}`);
    intake.whenDone(() => done.push('complete'));
    offer(FLOODER, 'after');
    offer(FLOODER, 'before 0', 'before 0, newer');
    busy = false;
    await clock.advance(1000);
    expect(done.indexOf('complete')).toBeGreaterThanOrEqual(total);
    expect(done[0]).toBe('before 0, newer');
    expect(done).toContain('after');
  });

  it('is forgotten when the session ends', async () => {
    busy = true;
    offer(HONEST, 'a');
    intake.whenDone(() => done.push('complete'));
    intake.clear();
    busy = false;
    offer(HONEST, 'b');
    await clock.advance(100);
    expect(done).toEqual(['b']);
  });
});
