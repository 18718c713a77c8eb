import { expect, test } from 'vitest';
import type { Subject } from '../cluster/index.js';
import type { SeriesRecord } from './generation-store.js';
import { OwnSeries } from './own-series.js';

const NOBODY = () => false;

test('the 257th service skips the numbers that are not for services', () => {
  const { series } = begin([]);
  const numbers = Array.from({ length: 258 }, (_, index) => series.seriesOf(service(`S${index}`), NOBODY)?.number);
  expect(numbers.slice(0, 3)).toEqual([0, 1, 2]);
  expect(numbers.slice(255)).toEqual([255, 512, 513]);
});

test('a service keeps its number while others come and go', () => {
  const { series } = begin([{ series: 3, service: 'OLD', generation: 0 }]);
  const names = ['NEW', 'OLD', 'THIRD'];
  expect(names.map((name) => series.seriesOf(service(name), NOBODY)?.number)).toEqual([0, 3, 1]);
});

test('with all numbers given away, that of a service nobody wants is taken, or none', () => {
  const given: SeriesRecord[] = [];
  for (let number = 0; number <= 0xffff; number++) {
    if (number < 256 || number > 511) given.push({ series: number, service: `S${number}`, generation: 0 });
  }
  const { series } = begin(given);
  expect(series.seriesOf(service('NEW'), () => true)).toBeUndefined();
  expect(series.seriesOf(service('NEW'), (name) => name !== 'S700')?.number).toBe(700);
  expect(series.seriesOf(service('S700'), () => true)).toBeUndefined();
});

test('what is written down is always ahead of what was used, and is rarely written', () => {
  const { series, changes } = begin([{ series: 0, service: 'WEB', generation: 250 }]);
  const web = series.seriesOf(service('WEB'), NOBODY);
  if (web === undefined) throw new Error('a known service has a series');
  for (let count = 0; count < 100; count++) {
    const taken = series.take(web);
    const recorded = series.record().find((record) => record.series === 0)?.generation;
    const ahead = ((recorded ?? 0) - (taken ?? 0) + 256) % 256;
    expect(ahead).toBeGreaterThanOrEqual(8);
    expect(ahead).toBeLessThanOrEqual(16);
  }
  expect(changes()).toBeLessThan(15);
});

test('numbers of which only old LSAs were met are not remembered', () => {
  const { series } = begin([]);
  series.seriesByNumber(9);
  expect(series.record()).toEqual([]);
});

function begin(record: readonly SeriesRecord[]) {
  let count = 0;
  const changed = () => {
    count++;
  };
  return { series: new OwnSeries({ record, now: () => 0, firstGeneration: () => 0, changed }), changes: () => count };
}

function service(name: string): Subject {
  return { kind: 'service', service: name };
}
