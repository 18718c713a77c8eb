import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { blocksOf, spansOf } from './markdown.js';

const docs = fileURLToPath(new URL('../../../docs/', import.meta.url));

test('headings, paragraphs, lists, tables and code are told apart', () => {
  const text =
    '# A `b`\n\none\ntwo\n- x\n  y\n- z\n\n| a | b |\n|---|---|\n| 1 | `x\\|y` |\n\n```sh\n# no heading\n```\n1. first\n';
  expect(blocksOf(text)).toEqual([
    { kind: 'heading', level: 1, text: 'A `b`', anchor: 'a-b' },
    { kind: 'paragraph', text: 'one two' },
    { kind: 'list', ordered: false, items: ['x y', 'z'] },
    { kind: 'table', head: ['a', 'b'], rows: [['1', '`x|y`']] },
    { kind: 'code', text: '# no heading' },
    { kind: 'list', ordered: true, items: ['first'] },
  ]);
});

test('links, code and stress within a line', () => {
  expect(spansOf('See [x `y`](a.md#b), `*c*`, **d** and *e*.')).toEqual([
    { kind: 'text', text: 'See ' },
    { kind: 'link', text: 'x `y`', href: 'a.md#b' },
    { kind: 'text', text: ', ' },
    { kind: 'code', text: '*c*' },
    { kind: 'text', text: ', ' },
    { kind: 'strong', text: 'd' },
    { kind: 'text', text: ' and ' },
    { kind: 'emphasis', text: 'e' },
    { kind: 'text', text: '.' },
  ]);
});

test('of a picture its words are left', () => {
  expect(spansOf('![the status](docs/x.png)')).toEqual([{ kind: 'emphasis', text: 'the status' }]);
});

test.each(readdirSync(docs).filter((name) => name.endsWith('.md')))('%s loses no word', (name) => {
  const text = readFileSync(docs + name, 'utf8').replace(/<!--[\s\S]*?-->/g, '');
  const shown = blocksOf(text).map(wordsIn).join(' ');
  const words = (of: string): string[] => of.match(/[\p{L}\p{N}]+/gu) ?? [];
  const known = new Set(words(shown));
  expect(words(text.replace(/^```\w*$|^\d+\. /gm, '')).filter((word) => !known.has(word))).toEqual([]);
});

function wordsIn(block: ReturnType<typeof blocksOf>[number]): string {
  switch (block.kind) {
    case 'list':
      return block.items.join(' ');
    case 'table':
      return [...block.head, ...block.rows.flat()].join(' ');
    default:
      return block.text;
  }
}
