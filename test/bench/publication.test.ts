import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Results } from './bench.js';
import type { Measured, Scenario } from './measurement.js';
import { publication, publishedIn, publishedText, shortPublication } from './publication.js';
import { ALL_SCENARIOS } from './stages.js';
import { stripPlot } from './strip-plot.js';

const checkout = new URL('../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, checkout), 'utf8');
const published: Results = JSON.parse(read('docs/bench/results.json'));

test('the README and docs/bench.md tell the figures of docs/bench/results.json', () => {
  expect(publishedText(read('README.md'))).toBe(shortPublication(published));
  expect(publishedText(read('docs/bench.md'))).toBe(publication(published, ALL_SCENARIOS));
});

test('docs/bench/failover.svg shows them, every run a dot', () => {
  const plot = read('docs/bench/failover.svg');
  expect(plot).toBe(stripPlot(published));
  const times = published.measured.filter(({ scenario }) => scenario.unit === undefined);
  expect(plot.match(/<circle /g)).toHaveLength(times.reduce((sum, { runs }) => sum + runs.length, 0));
});

test('what was not measured is named, and nothing else is said of it', () => {
  const nothing = publication({ ...published, measured: [] }, ALL_SCENARIOS);
  for (const { title } of ALL_SCENARIOS) expect(nothing).toContain(title);
  const everything: Results = { ...published, measured: ALL_SCENARIOS.map(measuredOnce) };
  expect(publication(everything, ALL_SCENARIOS)).not.toContain('Not measured');
  expect(publication(everything, ALL_SCENARIOS)).not.toMatch(/NaN|undefined|\?/);
});

test('only what is between the markers is replaced', () => {
  const page = publishedIn(read('README.md'), 'other figures');
  expect(publishedText(page)).toBe('other figures');
  expect(publishedIn(page, publishedText(read('README.md')))).toBe(read('README.md'));
});

function measuredOnce(scenario: Scenario): Measured {
  const more = {
    firstServiceMs: 1,
    medianServiceMs: 2,
    eventLoopBlockedMs: 3,
    eventLoopLateMs: 4,
    outageOnReturnMs: 5,
    seconds: 6,
    ...Object.fromEntries(['opaqueLsas', 'otherLsas', 'deletedLsas', 'lsUpdatePackets'].map((name) => [name, 7])),
    ...Object.fromEntries(['lsUpdateBytes', 'helloBytes', 'bfdBytes', 'spfRuns'].map((name) => [name, 8])),
  };
  return { scenario, runs: Array.from({ length: scenario.runs }, () => ({ value: 9, phases: {}, lost: 0, more })) };
}
