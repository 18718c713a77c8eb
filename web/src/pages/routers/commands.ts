import type { Completion, ConsoleDaemon } from '../../api/types.js';

/** What is asked most, for the buttons. */
export const USUAL: Readonly<Record<ConsoleDaemon, readonly string[]>> = {
  zebra: ['show ip route', 'show interface brief', 'show ip nht', 'show zebra client summary', 'show version'],
  ospfd: [
    'show ip ospf neighbor',
    'show ip ospf interface',
    'show ip ospf route',
    'show ip ospf database',
    'show ip ospf border-routers',
    'show ip ospf',
  ],
  mgmtd: ['show mgmt frontend-adapter all', 'show mgmt backend-adapter all', 'show mgmt datastore all', 'show version'],
};

export const DAEMONS = Object.keys(USUAL) as readonly ConsoleDaemon[];

/**
 * Whether the page asks first. The node decides for itself, by the same words (docs/looking-glass.md), and refuses what is
 * not confirmed.
 */
export function asksFirst(line: string): boolean {
  const [first = ''] = line.trim().toLowerCase().split(/\s+/);
  return !['show', 'list', 'find', 'who', ''].includes(first);
}

/** The lines of a session; empty ones and FRR's comments are left out. */
export function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('!'));
}

const KEPT_LINES = 200;

/** The newest last, none twice. */
export function remembered(history: readonly string[], line: string): string[] {
  return [...history.filter((old) => old !== line), line].slice(-KEPT_LINES);
}

/** The line with what all suggestions that can be typed have in common; with a space behind it if there is only one. */
export function completed(line: string, suggestions: readonly Pick<Completion, 'word' | 'placeholder'>[]): string {
  const words = suggestions.filter(({ placeholder }) => !placeholder).map(({ word }) => word);
  const [first] = words;
  if (first === undefined || words.length < suggestions.length) return line;
  let common = first.length;
  for (const word of words) while (!word.startsWith(first.slice(0, common))) common -= 1;
  return withWord(line, first.slice(0, common), words.length === 1);
}

/** The line whose last word, begun or not, is this one. */
export function withWord(line: string, word: string, isWhole: boolean): string {
  const begun = /\S*$/.exec(line)?.[0] ?? '';
  if (!word.startsWith(begun)) return line;
  return `${line.slice(0, line.length - begun.length)}${word}${isWhole ? ' ' : ''}`;
}
