import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHECKOUT } from '../lab/checkout.js';
import type { Results } from './bench.js';
import { publication, publishedIn, shortPublication } from './publication.js';
import { ALL_SCENARIOS } from './stages.js';
import { stripPlot } from './strip-plot.js';

export const PUBLISHED = join(CHECKOUT, 'docs', 'bench');

/** Writes results.json and failover.svg into the folder. Returns what the former says. */
export function writeResults(directory: string, results: Results): Results {
  mkdirSync(directory, { recursive: true });
  const text = JSON.stringify(results, rounded, 1);
  const told: Results = JSON.parse(text);
  writeFileSync(join(directory, 'results.json'), `${text}\n`);
  writeFileSync(join(directory, 'failover.svg'), stripPlot(told));
  return told;
}

/** A hundredth of a millisecond is more than can be measured. */
function rounded(_key: string, value: unknown): unknown {
  return typeof value === 'number' ? Math.round(value * 100) / 100 : value;
}

/** Makes these the figures that the documentation tells. */
export function publish(results: Results): void {
  const told = writeResults(PUBLISHED, results);
  replaceIn('README.md', shortPublication(told));
  replaceIn(join('docs', 'bench.md'), publication(told, ALL_SCENARIOS));
}

function replaceIn(page: string, text: string): void {
  const file = join(CHECKOUT, page);
  writeFileSync(file, publishedIn(readFileSync(file, 'utf8'), text));
}
