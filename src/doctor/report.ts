import type { DoctorReport } from './examine.js';
import type { Finding, Level } from './finding.js';

const HEADINGS: Readonly<Record<Level, string>> = { broken: 'BROKEN', change: 'SHOULD CHANGE', fine: 'FINE' };

/** For people: the worst first, each with the lines to change. */
export function describeReport({ findings }: DoctorReport): string {
  const parts = (['broken', 'change'] as const).flatMap((level) => {
    const found = findings.filter((finding) => finding.level === level);
    return found.length === 0 ? [] : [`${HEADINGS[level]}\n\n${found.map(describeFinding).join('\n')}`];
  });
  const good = findings.filter(({ level }) => level === 'fine');
  if (good.length > 0) parts.push(`${HEADINGS.fine}\n\n${good.map(({ text }) => `  ${text}\n`).join('')}`);
  return [...parts, `${summary(findings)}\n`].join('\n');
}

function describeFinding({ check, text, remedies }: Finding): string {
  const blocks = remedies.map(
    ({ where, lines }) => `\n    ${where}:\n${lines.map((line) => `      ${line}\n`).join('')}`,
  );
  return `  ${text} [${check}]\n${blocks.join('')}`;
}

function summary(findings: readonly Finding[]): string {
  const count = (level: Level) => findings.filter((finding) => finding.level === level).length;
  return `${count('broken')} broken, ${count('change')} should change, ${count('fine')} fine.`;
}
