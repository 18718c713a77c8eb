import type { Results } from './bench.js';
import type { Measured } from './measurement.js';
import { median } from './statistics.js';

const LEFT = 270;
const RIGHT = 90;
const PLOT = 640;
const TOP = 64;
const ROW = 26;
const RADIUS = 3.4;
/** Faster than this is drawn here: what is lost between two datagrams cannot be told apart. */
const FASTEST_MS = 1;
const SLOWEST_MS = 100_000;

/** Every run of every scenario as a dot, on a logarithmic axis, with median and target. */
export function stripPlot(results: Results): string {
  const measured = results.measured.filter(({ scenario }) => scenario.unit === undefined);
  const height = TOP + measured.length * ROW + 34;
  const width = LEFT + PLOT + RIGHT;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif" font-size="12" role="img" aria-labelledby="title">
<title id="title">What a client loses in a failover: every run, in milliseconds</title>
<rect width="${width}" height="${height}" fill="#ffffff"/>
<text x="12" y="22" font-size="15" font-weight="bold" fill="#1b1f24">What a client loses, every run, in milliseconds</text>
<text x="12" y="42" fill="#57606a">dot: a run; black line: median; red line: target. ${escapeXml(results.date.slice(0, 10))}</text>
${axis(height)}
${measured.map(row).join('\n')}
</svg>
`;
}

function axis(height: number): string {
  const bottom = height - 28;
  const lines: string[] = [];
  for (let ms = FASTEST_MS; ms <= SLOWEST_MS; ms *= 10) {
    const x = position(ms).toFixed(1);
    lines.push(`<line x1="${x}" y1="${TOP - 8}" x2="${x}" y2="${bottom}" stroke="#d0d7de"/>`);
    const label = ms === FASTEST_MS ? '≤ 1' : ms.toLocaleString('en-GB');
    lines.push(`<text x="${x}" y="${bottom + 16}" text-anchor="middle" fill="#57606a">${label}</text>`);
  }
  return lines.join('\n');
}

function row({ scenario, runs }: Measured, index: number): string {
  const middle = TOP + index * ROW + ROW / 2;
  const values = runs.map(({ value }) => value);
  const colour = scenario.peer ? '#8c6d1f' : '#0969da';
  const dots = values.map(
    (value, run) =>
      `<circle cx="${position(value).toFixed(1)}" cy="${(middle + spread(run)).toFixed(1)}" r="${RADIUS}" fill="${colour}" fill-opacity="0.45"/>`,
  );
  const target = scenario.targets.find(({ measure }) => measure === undefined || measure === 'longestOutageMs');
  const marks = [tick(position(median(values)), middle, 9, '#1b1f24')];
  if (target !== undefined && target.limit > 0) marks.push(tick(position(target.limit), middle, 11, '#cf222e'));
  const middleMs = median(values);
  return [
    `<text x="${LEFT - 14}" y="${middle + 4}" text-anchor="end" fill="#1b1f24">${escapeXml(scenario.title)}</text>`,
    ...dots,
    ...marks,
    `<text x="${LEFT + PLOT + RIGHT - 12}" y="${middle + 4}" text-anchor="end" fill="#57606a">${middleMs < 10 ? middleMs.toFixed(1) : Math.round(middleMs).toLocaleString('en-GB')}</text>`,
  ].join('\n');
}

function tick(x: number, middle: number, half: number, colour: string): string {
  return `<line x1="${x.toFixed(1)}" y1="${middle - half}" x2="${x.toFixed(1)}" y2="${middle + half}" stroke="${colour}" stroke-width="2"/>`;
}

/** Dots of nearly the same value must not hide each other. */
function spread(run: number): number {
  return ((run * 5) % 7) - 3;
}

function position(ms: number): number {
  const clamped = Math.min(SLOWEST_MS, Math.max(FASTEST_MS, ms));
  return LEFT + (Math.log10(clamped / FASTEST_MS) / Math.log10(SLOWEST_MS / FASTEST_MS)) * PLOT;
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
