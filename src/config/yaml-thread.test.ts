import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ForeignFiles } from '../files/index.js';
import { loadConfiguration } from './configuration.js';
import { loadDefinitionsInTurns } from './definitions.js';
import { CarefulSources, carefully } from './sources.js';
import { CONFIGURATION_LIMITS, DEFINITION_LIMITS } from './yaml-document.js';
import { parsedYaml } from './yaml-file.js';
import { inYamlThread } from './yaml-thread.js';

/** As slow as the limits allow: the parser takes its time for each error, and for each key. */
const errors = (tokens: number) => '}\n'.repeat(tokens / 2 - 10);
const keys = (tokens: number) =>
  `{${Array.from({ length: tokens / 8 - 10 }, (_, index) => `k${index}: 1, `).join('')}}\n`;

let folder: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'srrd-yaml-'));
  // To start the thread takes its time once.
  await inYamlThread({ kind: 'documents', text: 'a: 1' });
});

afterEach(() => rmSync(folder, { recursive: true }));

/** What this thread has used of the CPU, in ms: how long a test waits on a busy machine says nothing. */
function usedMs(): number {
  return Number(readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ')[0]) / 1e6;
}

/** The most that one turn of the event loop has used until the work was done, in ms. */
async function mostInATurn(work: () => Promise<unknown>): Promise<number> {
  let most = 0;
  let before = usedMs();
  let isDone = false;
  const watching = (async () => {
    while (!isDone) {
      await new Promise((resolve) => setImmediate(resolve));
      const now = usedMs();
      most = Math.max(most, now - before);
      before = now;
    }
  })();
  await work();
  isDone = true;
  await watching;
  return most;
}

/** Of CPU, on a slow machine too; what is not parted takes seconds. */
const SHORT_MS = 250;

test.each([
  ['errors', errors(DEFINITION_LIMITS.tokens)],
  ['keys', keys(DEFINITION_LIMITS.tokens)],
])('a definition of nothing but %s does not hold the event loop', async (_, text) => {
  const file = join(folder, 'services', 'WEB.yaml');
  const load = () => loadDefinitionsInTurns(folder, folder, new Map([[file, text]]));
  expect(await mostInATurn(load)).toBeLessThan(SHORT_MS);
});

test.each([
  ['errors', errors(CONFIGURATION_LIMITS.tokens)],
  ['keys', keys(CONFIGURATION_LIMITS.tokens)],
])('nor does a configuration of nothing but %s, read on SIGHUP', async (_, text) => {
  const file = join(folder, 'srrd.yaml');
  writeFileSync(file, text);
  const sources = new CarefulSources(folder, new ForeignFiles());
  const read = () => carefully(sources, () => loadConfiguration(file, sources)).catch(() => {});
  expect(await mostInATurn(read)).toBeLessThan(SHORT_MS);
});

test('the thread finds what would be found here, with its lines', async () => {
  for (const text of ['a: 1\nb: [1, {c: 2}]\n', 'a: 1\na: 2\n', 'a: [\n', '', 'a: &x {b: 1}\nc: *x\n']) {
    expect(await inYamlThread({ kind: 'parse', text, limits: DEFINITION_LIMITS })).toEqual(
      parsedYaml(text, DEFINITION_LIMITS),
    );
  }
});
