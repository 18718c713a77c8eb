import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Results } from './bench.js';
import { publication, publishedIn, publishedText, shortPublication } from './publication.js';
import { stripPlot } from './strip-plot.js';

const checkout = new URL('../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, checkout), 'utf8');
const published: Results = JSON.parse(read('docs/bench/results.json'));

test('the README and docs/bench.md tell the figures of docs/bench/results.json', () => {
  expect(publishedText(read('README.md'))).toBe(shortPublication(published));
  expect(publishedText(read('docs/bench.md'))).toBe(publication(published));
});

test('docs/bench/failover.svg shows them, every run a dot', () => {
  const plot = read('docs/bench/failover.svg');
  expect(plot).toBe(stripPlot(published));
  const times = published.measured.filter(({ scenario }) => scenario.unit === undefined);
  expect(plot.match(/<circle /g)).toHaveLength(times.reduce((sum, { runs }) => sum + runs.length, 0));
});

test('only what is between the markers is replaced', () => {
  const page = publishedIn(read('README.md'), 'other figures');
  expect(publishedText(page)).toBe('other figures');
  expect(publishedIn(page, publishedText(read('README.md')))).toBe(read('README.md'));
});
