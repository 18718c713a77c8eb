import { describe, expect, it } from 'vitest';
import { runSchedule } from './testing/schedule.js';

const RUNS = Number(process.env.RUNS ?? 2_000);
const FIRST = Number(process.env.SEED || 1);

describe('schedules of power losses, cuts, freezes and lost disks', () => {
  it('lose no acknowledged write', () => {
    for (let seed = FIRST; seed < FIRST + RUNS; seed += 1) {
      const { violation } = runSchedule(seed);
      if (violation === undefined) continue;
      expect(`SEED=${seed}: ${violation}\n${runSchedule(seed, undefined, true).story.join('\n')}`).toBe('');
    }
  });
});
