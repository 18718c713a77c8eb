import { expect, test } from 'vitest';
import { routerId } from '../model/index.js';
import { EpochsByOrigin } from './epochs.js';

const NODE = routerId(1);

test('the highest epoch of which something is there', () => {
  const epochs = new EpochsByOrigin();
  expect(epochs.latest(NODE)).toBeUndefined();
  for (const epoch of [5, 7, 7, 6]) epochs.add(NODE, epoch);
  const latest = [7, 7, 5, 6].map((epoch) => {
    epochs.remove(NODE, epoch);
    return epochs.latest(NODE);
  });
  expect(latest).toEqual([7, 6, 6, undefined]);
  epochs.remove(NODE, 6);
  expect(epochs.latest(NODE)).toBeUndefined();
});

test('any number of epochs of one router costs each of its LSAs the same', () => {
  const epochs = new EpochsByOrigin();
  for (let epoch = 1; epoch <= 200_000; epoch++) epochs.add(NODE, epoch);
  const begin = process.cpuUsage();
  for (let look = 0; look < 20_000; look++) {
    epochs.add(NODE, look);
    epochs.latest(NODE);
    epochs.remove(NODE, look);
  }
  // Looking through all of them each time takes half a minute.
  expect(process.cpuUsage(begin).user / 1000).toBeLessThan(3000);
});
