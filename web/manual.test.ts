import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { manualPage } from './manual.mjs';

const docs = fileURLToPath(new URL('../docs/', import.meta.url));

test('headings can be linked to, tables and code can be scrolled by keyboard', () => {
  expect(manualPage('## A `b`: c')).toBe('<h2 id="a-b-c">A <code>b</code>: c</h2>\n');
  expect(manualPage('| a |\n|---|\n| `x\\|y` |')).toMatch(
    /^<section class="scroll-x" aria-label="Table" tabindex="0"><table class="table">.*<th scope="col">a<.*<code>x\|y</s,
  );
  expect(manualPage('```sh\necho "<a>"\n```')).toBe(
    '<pre class="output" tabindex="0">echo &#34;&#60;a&#62;&#34;</pre>\n',
  );
});

test('links lead to pages of the manual; what is not in it leads to its first page', () => {
  expect(manualPage('[x](events.md#kinds)')).toContain('href="/information/events#kinds"');
  expect(manualPage('[x](../README.md)')).toContain('href="/information/README"');
  expect(manualPage('[x](decisions/README.md)')).toContain('href="/information/decisions"');
  expect(manualPage('[x](decisions/03-claims.md)')).toContain('href="/information/03-claims"');
  expect(manualPage('[x](#here)')).toContain('href="#here"');
  expect(manualPage('[x](../src/cluster/view.ts)')).toContain('href="/information"');
  expect(manualPage('[x](javascript:alert(1))')).toContain('href="/information"');
});

test('HTML is shown, not obeyed; comments are left out; of a picture its words are left', () => {
  expect(manualPage('a <b onclick="x()">c</b>\n\n<script>d()</script>')).not.toMatch(/<b|<script/);
  expect(manualPage('<!-- begin -->\na\n<!-- end -->\n')).toBe('<p>a</p>\n');
  expect(manualPage('![the status](docs/x.png)')).toBe('<p><em>the status</em></p>\n');
});

test.each(readdirSync(docs, { encoding: 'utf8', recursive: true }).filter((name) => name.endsWith('.md')))(
  '%s loses no word',
  (name) => {
    const text = readFileSync(docs + name, 'utf8').replace(/<!--[\s\S]*?-->/g, '');
    const words = (of: string): string[] => of.match(/[\p{L}\p{N}]+/gu) ?? [];
    const known = new Set(
      words(
        manualPage(text)
          .replace(/<[a-z/][^>]*>/g, ' ')
          .replace(/&(#\d+|\w+);/g, ' '),
      ),
    );
    const written = text.replace(/^```\w*$|^\d+\. /gm, '').replace(/\]\([^)\s]+\)/g, '] ');
    expect(words(written).filter((word) => !known.has(word))).toEqual([]);
  },
);
