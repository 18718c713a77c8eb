import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { Story } from './world/story.js';

/**
 * Each *.txt is a story: comments, and commands, each followed by `----` and all that happened because of it. A change
 * in behaviour shows up as a diff in the story; `REWRITE=1 npx vitest run --project unit test/scenarios` tells it anew.
 */
const folder = fileURLToPath(new URL('.', import.meta.url));

describe('scenarios', () => {
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.txt'))) {
    it(file.replace('.txt', '').replaceAll('-', ' '), () => {
      const path = `${folder}/${file}`;
      const written = readFileSync(path, 'utf8');
      const told = retell(written);
      if (process.env.REWRITE) writeFileSync(path, told);
      else expect(told).toBe(written);
    });
  }
});

function retell(text: string): string {
  const story = new Story();
  const out: string[] = [];
  let skipping = false;
  for (const line of text.trimEnd().split('\n')) {
    if (line === '') skipping = false;
    if (skipping || line === '----') {
      skipping = true;
      continue;
    }
    out.push(line);
    if (line !== '' && !line.startsWith('#')) out.push('----', ...story.tell(line));
  }
  return `${out.join('\n')}\n`;
}
