import type { Results } from './bench.js';
import { inWords } from './in-words.js';
import type { Scenario } from './measurement.js';
import { asMarkdown, loadTable, onlyColumns, timesTable } from './tables.js';

export const BEGIN = '<!-- bench: begin (written by "make bench PUBLISH=1" from docs/bench/results.json) -->';
export const END = '<!-- bench: end -->';

/** What the README tells: the times. */
export function shortPublication(results: Results): string {
  const columns = ['scenario', 'median', 'fastest', 'slowest', 'target', 'runs'];
  return lines([basis(results), asMarkdown(onlyColumns(timesTable(results), columns))]);
}

/** What docs/bench.md tells: everything. `all`: the scenarios that there are. */
export function publication(results: Results, all: readonly Scenario[]): string {
  const load = loadTable(results);
  return lines([
    basis(results),
    asMarkdown(timesTable(results)),
    ...(load.length === 0 ? [] : [asMarkdown(load)]),
    ['Where the time goes (medians):', '', ...inWords(results, all)].join('\n'),
  ]);
}

function basis(results: Results): string {
  const versions = Object.entries(results.versions).map(([program, version]) => `${program} ${version}`);
  return `Measured on ${results.date.slice(0, 10)} on ${results.machine}; ${versions.join(', ')}. Times in ms.`;
}

function lines(parts: readonly string[]): string {
  return `\n${parts.join('\n\n')}\n`;
}

/** The page with this text between its markers. Throws if it has none. */
export function publishedIn(page: string, text: string): string {
  const { before, after } = split(page);
  return `${before}${BEGIN}\n${text}\n${END}${after}`;
}

/** What stands between the markers. Throws if there are none. */
export function publishedText(page: string): string {
  return split(page).between;
}

function split(page: string): { before: string; between: string; after: string } {
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`the page has no text between "${BEGIN}" and "${END}"`);
  return {
    before: page.slice(0, begin),
    between: page.slice(begin + BEGIN.length + 1, end - 1),
    after: page.slice(end + END.length),
  };
}
