import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { inTurns } from './in-turns.js';
import { loadDefinitions, loadDefinitionsInTurns } from './index.js';

test('long work lets the event loop make a turn every few ms', async () => {
  let clockMs = 0;
  let done = 0;
  function* work(): Generator<void, string> {
    for (; done < 100; done++) {
      clockMs += 1;
      yield;
    }
    return 'all';
  }
  const stepsOfTurns: number[] = [];
  let before = 0;
  let isCounting = true;
  const count = () => {
    stepsOfTurns.push(done - before);
    before = done;
    if (isCounting) setImmediate(count);
  };
  setImmediate(count);
  expect(await inTurns(work(), () => clockMs)).toBe('all');
  isCounting = false;
  expect(Math.max(...stepsOfTurns)).toBeLessThanOrEqual(5);
});

test('definitions that are read in turns are those that are read at once', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'srrd-turns-'));
  mkdirSync(join(folder, 'services'));
  for (const name of ['A', 'B', 'C']) writeFileSync(join(folder, 'services', `${name}.yaml`), `name: ${name}\n`);
  const inTurns = await loadDefinitionsInTurns(folder, folder);
  expect(inTurns).toEqual(loadDefinitions(folder, folder));
  expect(inTurns.errors).toHaveLength(3);
  rmSync(folder, { recursive: true });
});
