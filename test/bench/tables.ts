import type { Results } from './bench.js';
import type { Measured, Phases, Target } from './measurement.js';
import { judge, median, medianPhase } from './statistics.js';

export type Table = readonly (readonly string[])[];

const PHASES: readonly (keyof Phases)[] = ['detection', 'decision', 'route', 'primitive'];

/** A row a scenario, times in ms; the first row is the heading. */
export function timesTable({ measured }: Pick<Results, 'measured'>): Table {
  const heading = ['scenario', 'median', 'fastest', 'slowest', 'target', ...PHASES, 'runs'];
  return [heading, ...measured.filter(({ scenario }) => scenario.unit === undefined).map(timesRow)];
}

function timesRow(one: Measured): string[] {
  const { scenario, runs } = one;
  const values = runs.map(({ value }) => value);
  return [
    scenario.title,
    time(median(values)),
    time(Math.min(...values)),
    time(Math.max(...values)),
    targetsOf(one),
    ...PHASES.map((name) => {
      const ms = medianPhase(runs, name);
      return ms === undefined ? '' : time(ms);
    }),
    String(runs.length),
  ];
}

function targetsOf(one: Measured): string {
  return judge(one)
    .map(({ target, measured, met }) => `${inWords(target)}${met ? '' : ` (missed: ${time(measured)})`}`)
    .join(', ');
}

const MEASURES: Readonly<Record<string, string>> = {
  lost: 'lost',
  longestOutageMs: 'longest outage',
  ownersAfter4s: 'owners after 4 s',
  eventLoopBlockedMs: 'event loop blocked',
};

function inWords({ limit, of, measure }: Target): string {
  const what = measure === undefined ? '' : `${MEASURES[measure] ?? measure} `;
  return `${what}≤ ${limit}${of === 'worst' && measure === undefined ? ' always' : ''}`;
}

/** A sentence for each target that was missed. */
export function missedTargets({ measured }: Pick<Results, 'measured'>): string[] {
  return measured.flatMap((one) =>
    judge(one)
      .filter(({ met }) => !met)
      .map(({ target: { of, measure, limit }, measured: value }) => {
        const what = measure === undefined ? `${one.scenario.value} (ms)` : (MEASURES[measure] ?? measure);
        return `${one.scenario.title}: the ${of} ${what} is ${time(value)}, and must be at most ${limit}`;
      }),
  );
}

/** What the network carries: a row an event. */
export function loadTable({ measured }: Pick<Results, 'measured'>): Table {
  const heading = [
    'event',
    'seconds',
    'LSAs of srrd',
    'other LSAs',
    'deleted',
    'LS Updates',
    'bytes',
    'Hello bytes/s',
    'BFD bytes/s',
    'SPF runs',
  ];
  const loads = measured.filter(({ scenario }) => scenario.unit === 'bytes');
  if (loads.length === 0) return [];
  return [
    heading,
    ...loads.map(({ scenario, runs }) => {
      const of = (name: string): number => median(runs.map(({ more }) => more[name] ?? Number.NaN));
      const seconds = of('seconds');
      const counts = ['opaqueLsas', 'otherLsas', 'deletedLsas', 'lsUpdatePackets', 'lsUpdateBytes'].map((name) =>
        of(name).toFixed(0),
      );
      const rates = ['helloBytes', 'bfdBytes'].map((name) => (of(name) / seconds).toFixed(0));
      return [scenario.title, seconds.toFixed(0), ...counts, ...rates, of('spfRuns').toFixed(0)];
    }),
  ];
}

export function onlyColumns(table: Table, names: readonly string[]): Table {
  const wanted = names.map((name) => table[0]?.indexOf(name) ?? -1);
  return table.map((row) => wanted.map((column) => row[column] ?? ''));
}

export function asText(table: Table): string {
  const widths = table[0]?.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0))) ?? [];
  const line = (row: readonly string[]): string =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  ');
  return table.map((row) => line(row).trimEnd()).join('\n');
}

export function asMarkdown(table: Table): string {
  const [heading = [], ...rows] = table;
  const line = (row: readonly string[]): string => `| ${row.join(' | ')} |`;
  const rule = `|${heading.map((_, column) => (column === 0 ? '---' : '---:')).join('|')}|`;
  return [line(heading), rule, ...rows.map(line)].join('\n');
}

function time(ms: number): string {
  if (ms >= 1_000) return Math.round(ms).toLocaleString('en-GB');
  return ms.toFixed(ms > 0 && ms < 10 ? 1 : 0);
}
