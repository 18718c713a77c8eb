import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { loadDefinitions } from '../config/index.js';
import { buildProgram } from './srrctl.js';

const checkout = new URL('../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, checkout), 'utf8');
const readme = read('README.md');

test('a node takes four commands, and the options of setup are those that it has', () => {
  const commands = blockAfter(readme, '<!-- node -->').trim().split('\n');
  expect(commands.length).toBeLessThanOrEqual(4);
  const setup = buildProgram({ out: () => {}, err: () => {} }).commands.find((command) => command.name() === 'setup');
  const known = setup?.options.map(({ long }) => long) ?? [];
  const used = [...commands, ...blockAfter(readme, '<!-- authority -->').split('\n')]
    .filter((line) => line.startsWith('srrctl setup'))
    .flatMap((line) => line.match(/--[a-z-]+/g) ?? []);
  expect(used.filter((option) => !known.includes(option))).toEqual([]);
});

test('docs/operations.md shows the unit file as it is', () => {
  expect(blockAfter(read('docs/operations.md'), '### Under systemd')).toBe(read('debian/srrd.service'));
});

test("the README's service definition is accepted as it is", () => {
  const folder = mkdtempSync(join(tmpdir(), 'srrd-readme-'));
  mkdirSync(join(folder, 'services'));
  const [definition = ''] = [...readme.matchAll(/```yaml\n([^`]+)```/g)].map(([, text]) => text);
  const installed = definition.replace('/usr/share/srrd/services', fileURLToPath(new URL('services', checkout)));
  writeFileSync(join(folder, 'services', 'WEB.yaml'), installed);
  const loaded = loadDefinitions(folder, folder);
  rmSync(folder, { recursive: true });
  expect(loaded).toMatchObject({
    definitions: [{ name: 'WEB', addresses: ['172.16.15.128'], preference: 100 }],
    errors: [],
  });
});

const PAGES = [
  ...['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'services/README.md'],
  ...[...pagesIn('docs/'), ...pagesIn('docs/decisions/')],
];

test.each(PAGES)('%s links only to what exists, and to headings that exist', (page) => {
  const links = [...read(page).matchAll(/\]\(([^)]+)\)/g)].map(([, link = '']) => link);
  const own = links.filter((link) => !link.startsWith('http'));
  expect(own.filter((link) => !leadsSomewhere(page, link))).toEqual([]);
});

test.each(['docs/', 'docs/decisions/'])('%sREADME.md lists every page', (folder) => {
  const index = read(`${folder}README.md`);
  const pages = pagesIn(folder).map((page) => page.slice(folder.length));
  expect(pages.filter((name) => name !== 'README.md' && !index.includes(`](${name})`))).toEqual([]);
});

function pagesIn(folder: string): string[] {
  const names = readdirSync(new URL(folder, checkout)).filter((name) => name.endsWith('.md'));
  return names.map((name) => `${folder}${name}`);
}

function leadsSomewhere(page: string, link: string): boolean {
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? new URL(page, checkout) : new URL(path, new URL(page, checkout));
  if (!existsSync(target)) return false;
  if (anchor === undefined) return true;
  const headings = [...readFileSync(target, 'utf8').matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => heading);
  return headings.map(anchorOf).includes(anchor);
}

/** As those who show Markdown name a heading: lower case, dashes for spaces, no other signs. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\w\- ]/g, '')
    .replaceAll(' ', '-');
}

/** The text of the first block of code behind this place. */
function blockAfter(page: string, place: string): string {
  const begin = page.indexOf(place);
  const text = /```[a-z]*\n([^`]+)```/.exec(page.slice(begin))?.[1];
  if (begin < 0 || text === undefined) throw new Error(`no block of code behind "${place}"`);
  return text;
}
