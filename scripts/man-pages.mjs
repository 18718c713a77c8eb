#!/usr/bin/env node
// usage: man-pages.mjs FOLDER
// Writes the man pages into FOLDER, from the same text as docs/: whole pages, or the named sections of one.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { marked } from 'marked';

const CHECKOUT = fileURLToPath(new URL('..', import.meta.url));

/** `sections`: headings of the second level, in this order, and '' for what stands before the first. Absent: all. */
const PAGES = [
  {
    name: 'srrd',
    section: 8,
    about: 'keeps services alive when their machine dies',
    synopsis: ['srrd --config FILE', 'srrd --config FILE --check'],
    source: 'docs/operations.md',
    sections: ['Starting', 'Signals and exit codes', 'Taking definitions away', 'The log', 'Files'],
    see: ['srrctl(1)', 'srrd.yaml(5)', 'srrd-definition(5)', 'srrd-makefile(7)'],
  },
  {
    name: 'srrctl',
    section: 1,
    about: 'asks srrd about services, and tells it what to do',
    synopsis: ['srrctl [--socket PATH] COMMAND', 'srrctl --node NAME COMMAND', 'srrctl --url URL COMMAND'],
    source: 'docs/srrctl.md',
    see: ['srrd(8)', 'srrd-definition(5)'],
  },
  {
    name: 'srrd.yaml',
    section: 5,
    about: 'configuration of srrd',
    synopsis: ['/etc/srrd/srrd.yaml'],
    source: 'docs/configuration.md',
    sections: ['', "The daemon's configuration", 'The state directory'],
    see: ['srrd(8)', 'srrd-definition(5)'],
  },
  {
    name: 'srrd-definition',
    section: 5,
    about: 'definition of a service for srrd',
    synopsis: ['/var/lib/srrd/services/NAME.yaml'],
    source: 'docs/configuration.md',
    sections: ['Service definitions'],
    see: ['srrd.yaml(5)', 'srrd-makefile(7)', 'srrctl(1)'],
  },
  {
    name: 'srrd-makefile',
    section: 7,
    about: "writing a service's Makefile for srrd",
    synopsis: ['make -f MAKEFILE --no-print-directory TARGET'],
    source: 'docs/service-makefile.md',
    see: ['srrd-definition(5)', 'srrctl(1)', 'make(1)'],
  },
];

const [, , folder] = process.argv;
if (folder === undefined) throw new Error('usage: man-pages.mjs FOLDER');
const { version } = JSON.parse(readFileSync(join(CHECKOUT, 'package.json'), 'utf8'));
const [released] = / {2}\w{3}, (.*)$/m.exec(readFileSync(join(CHECKOUT, 'debian/changelog'), 'utf8'))?.slice(1) ?? [];
const date = new Date(released).toISOString().slice(0, 10);
mkdirSync(folder, { recursive: true });
for (const page of PAGES) writeFileSync(join(folder, `${page.name}.${page.section}`), manPage(page));

function manPage({ name, section, about, synopsis, source, sections, see }) {
  const markdown = readFileSync(join(CHECKOUT, source), 'utf8').replace(/<!--[\s\S]*?-->\n?/g, '');
  const parts = inParts(marked.lexer(markdown));
  const wanted = sections === undefined ? parts : sections.map((title) => partOf(parts, title, source));
  const lines = [
    `.TH "${name.toUpperCase()}" "${section}" "${date}" "srrd ${version}" "SRRD"`,
    '.ad l',
    '.SH NAME',
    `${text(name)} \\- ${text(about)}`,
    '.SH SYNOPSIS',
    ...synopsis.flatMap((line) => ['.PP', `.B ${text(line)}`]),
    ...wanted.flatMap(({ title, tokens }) => [`.SH ${heading(title || 'Description')}`, ...blocks(tokens)]),
    '.SH SEE ALSO',
    see.map(text).join(', '),
  ];
  // A paragraph that begins a section, or an empty one, is what mandoc warns of.
  return `${lines.join('\n').replace(/^(\.S[HS] .*)\n\.PP\n/gm, '$1\n')}\n`;
}

function inParts(tokens) {
  const parts = [{ title: '', tokens: [] }];
  for (const token of tokens) {
    if (token.type === 'heading' && token.depth === 2) parts.push({ title: token.text, tokens: [] });
    else if (token.type !== 'heading' || token.depth > 2) parts.at(-1).tokens.push(token);
  }
  return parts.filter(({ tokens: own }) => own.some(({ type }) => type !== 'space'));
}

function partOf(parts, title, source) {
  const found = parts.find((part) => part.title === title);
  if (found === undefined)
    throw new Error(`expected a section "${title}" in ${source}: name it anew in scripts/man-pages.mjs`);
  return found;
}

function blocks(tokens) {
  return tokens.flatMap((token) => {
    switch (token.type) {
      case 'space':
      case 'hr':
        return [];
      case 'heading':
        return [`.SS ${heading(token.text)}`];
      case 'paragraph':
      case 'text':
        return ['.PP', line(inline(token.tokens ?? [token]))];
      case 'code':
        return ['.PP', '.EX', ...token.text.split('\n').map((each) => line(text(each))), '.EE'];
      case 'list':
        return token.items.flatMap((item) => ['.IP \\(bu 3', ...item.tokens.flatMap(itemBlocks)]);
      case 'table':
        return table(token);
      default:
        throw new Error(
          `expected text, lists, tables and code, got "${token.type}": let scripts/man-pages.mjs write it`,
        );
    }
  });
}

/** Within an item only what is no plain text begins a paragraph of its own. */
function itemBlocks(token) {
  if (token.type === 'text' || token.type === 'paragraph') return [line(inline(token.tokens ?? [token]))];
  return ['.RS 3', ...blocks([token]), '.RE'];
}

/** What stands in the first column names what stands in the others: tables are too wide for a terminal. */
function table({ header, rows }) {
  const titles = header.map(({ tokens }) => inline(tokens));
  return rows.flatMap(([first, ...others]) => {
    const cells = others.map(({ tokens }) => inline(tokens));
    const shown = cells.flatMap((cell, index) => {
      if (cell === '') return [];
      return [cells.length > 1 ? `\\fI${titles[index + 1]}\\fR: ${cell}` : cell];
    });
    return [
      '.TP',
      `${line(inline(first.tokens)) || '\\&'}`,
      ...shown.flatMap((cell, index) => (index === 0 ? [line(cell)] : ['.br', line(cell)])),
    ];
  });
}

function inline(tokens) {
  return tokens
    .map((token) => {
      switch (token.type) {
        case 'strong':
        case 'codespan':
          return `\\fB${token.tokens ? inline(token.tokens) : text(unescaped(token.text))}\\fR`;
        case 'em':
          return `\\fI${inline(token.tokens)}\\fR`;
        case 'link':
          return inline(token.tokens);
        case 'image':
          return text(token.text);
        case 'br':
          return '\n.br\n';
        default:
          return token.tokens ? inline(token.tokens) : text(unescaped(token.text));
      }
    })
    .join('')
    .replaceAll(/\s*\n(?!\.br)\s*/g, ' ');
}

/** A table's cells come with `\|` for a bar. */
function unescaped(markdown) {
  return markdown.replaceAll('\\|', '|');
}

function heading(title) {
  return text(title)
    .toUpperCase()
    .replaceAll('\\E', '\\e')
    .replaceAll(/\\\[U([0-9A-F]+)\]/g, '\\[u$1]')
    .replaceAll('"', '\\(dq');
}

/** For roff: its escape character, hyphens that must stay what they are, and every sign outside of ASCII. */
function text(plain) {
  return plain
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll(/[^\n -~]/gu, (sign) => `\\[u${sign.codePointAt(0).toString(16).toUpperCase().padStart(4, '0')}]`);
}

/** A dot or an apostrophe at the beginning of a line would be a request. */
function line(roff) {
  return roff.replace(/^(?=[.'])/, '\\&');
}
