import type { Results } from './bench.js';
import type { Measured, Phases, Run, Scenario } from './measurement.js';
import { median, medianPhase } from './statistics.js';

/** What the figures say, in sentences; `all`: the scenarios that there are. Nothing is said of what was not measured. */
export function inWords(results: Results, all: readonly Scenario[]): string[] {
  const of = (id: string): Measured | undefined => results.measured.find(({ scenario }) => scenario.id === id);
  return [
    shares('Planned move', of('move')),
    shares('Node cut off', of('cut')),
    shares('ospfd killed', of('ospfd-killed')),
    manyServices(of('many-cut')),
    transit(of('transit')),
    circumstances(results, all),
  ].filter((text) => text !== '');
}

const SHARES: readonly (readonly [keyof Phases, string])[] = [
  ['detection', 'detection'],
  ['decision', 'until the new owner has the address'],
  ['route', 'until the client has the route'],
];

function shares(name: string, measured: Measured | undefined): string {
  if (measured === undefined) return '';
  const { runs } = measured;
  const parts = SHARES.flatMap(([phase, words]) => {
    const ms = medianPhase(runs, phase);
    return ms === undefined ? [] : [`${words} ${whole(ms)}`];
  });
  return `- **${name}**: ${whole(median(runs.map(({ value }) => value)))} ms; ${parts.join(', ')}.`;
}

function manyServices(measured: Measured | undefined): string {
  if (measured === undefined) return '';
  const { runs } = measured;
  const all = runs.map(({ value }) => value);
  const [first, half] = ['firstServiceMs', 'medianServiceMs'].map((name) => whole(median(more(runs, name))));
  const [blocked, late] = ['eventLoopBlockedMs', 'eventLoopLateMs'].map((name) => whole(Math.max(...more(runs, name))));
  return (
    `- **100 services**: the first answers after ${first} ms, half of them after ${half}, the last after ${whole(median(all))} ` +
    `(${whole(Math.max(...all))} at worst). srrd's event loop on the new owner was blocked for ${blocked} ms at most; ` +
    `with what it waited for a processor it was late by ${late} ms.`
  );
}

function transit(measured: Measured | undefined): string {
  if (measured === undefined) return '';
  const back = more(measured.runs, 'outageOnReturnMs');
  return `- **Transit router**: when it returns, the client misses answers for ${whole(median(back))} ms (${whole(Math.max(...back))} at worst).`;
}

/** What a reader must know to judge the figures. */
function circumstances({ measured, seconds, load }: Results, all: readonly Scenario[]): string {
  const has = (id: string): boolean => measured.some(({ scenario }) => scenario.id === id);
  const missing = all.filter(({ id }) => !has(id)).map(({ title }) => title);
  const few = measured
    .filter(({ scenario, runs }) => runs.length < scenario.runs)
    .map(({ scenario }) => scenario.title);
  const before = load === undefined ? '' : ` The machine's load average before was ${load}.`;
  return (
    `- All of it took ${Math.round(seconds / 60)} min.${before}` +
    (missing.length === 0 ? '' : ` Not measured this time: ${missing.join('; ')}.`) +
    (few.length === 0 ? '' : ` In fewer runs than usual: ${few.join('; ')}.`)
  );
}

function more(runs: readonly Run[], name: string): number[] {
  return runs.flatMap((run) => run.more[name] ?? []);
}

function whole(ms: number): string {
  return Number.isFinite(ms) ? Math.round(ms).toLocaleString('en-GB') : '?';
}
