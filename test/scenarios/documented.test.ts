import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { FAILURE_CODES } from '../../src/tables/index.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const stories = readdirSync(`${root}/test/scenarios`)
  .filter((file) => file.endsWith('.txt'))
  .map((file) => file.replace('.txt', ''));
const coreFiles = ['cluster', 'model'].flatMap((folder) =>
  readdirSync(`${root}/src/${folder}`, { recursive: true }).map((file) => `${root}/src/${folder}/${file}`),
);

describe('the pages about rules and stories', () => {
  it.each(['states-and-rules', 'rules-and-transcripts'])('%s names only stories that exist', (page) => {
    expect(storiesNamedIn(page).filter((name) => !stories.includes(name))).toEqual([]);
  });

  it('rules-and-transcripts names every story', () => {
    const named = new Set(storiesNamedIn('rules-and-transcripts'));
    expect(stories.filter((story) => !named.has(story))).toEqual([]);
  });

  it('states-and-rules names only functions that exist', () => {
    const named = [...read('states-and-rules').matchAll(/`([a-z-]+\.ts): ([^`]+)`/g)];
    expect(named.length).toBeGreaterThan(50);
    const missing = named.flatMap(([, file = '', names = '']) =>
      names.split(/,\s+/).filter((name) => !isDefinedIn(file, name)),
    );
    expect(missing).toEqual([]);
  });
});

function read(page: string): string {
  return readFileSync(`${root}/docs/${page}.md`, 'utf8');
}

/** Words with dashes between backticks that are no failure codes. */
function storiesNamedIn(page: string): string[] {
  const words = [...read(page).matchAll(/`([a-z]+(?:-[a-z]+)+)`/g)].map(([, word = '']) => word);
  const codes: readonly string[] = FAILURE_CODES;
  return words.filter((word) => !codes.includes(word));
}

/** In whatever room of the core the file is: no two have the same name. */
function isDefinedIn(file: string, name: string): boolean {
  const [path] = coreFiles.filter((each) => each.endsWith(`/${file}`));
  return path !== undefined && new RegExp(`function\\*? ${name}\\b`).test(readFileSync(path, 'utf8'));
}
