import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHECKOUT } from '../lab/checkout.js';

const README = readFileSync(join(CHECKOUT, 'README.md'), 'utf8');

/** The commands of the README that follow the comment with this name, a line each. */
export function commandsOf(name: string): readonly string[] {
  return blockAfter(`<!-- ${name} -->\n`, 'sh')
    .split('\n')
    .filter((line) => line !== '');
}

/** The file whose name is the first line of its block. */
export function fileOf(name: string): string {
  return blockAfter('', 'yaml', `# ${name}\n`);
}

function blockAfter(before: string, language: string, first = ''): string {
  const start = `${before}\`\`\`${language}\n${first}`;
  const at = README.indexOf(start);
  const end = README.indexOf('```', at + start.length);
  if (at === -1 || end === -1) throw new Error(`expected a block in README.md that begins with ${start}`);
  return README.slice(at + start.length, end);
}
