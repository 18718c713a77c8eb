import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';

const CHECKOUT = fileURLToPath(new URL('..', import.meta.url));

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'srrd-structure-'));
  const configuration = JSON.parse(readFileSync(join(CHECKOUT, 'biome.json'), 'utf8'));
  put('biome.json', JSON.stringify({ ...configuration, vcs: { enabled: false } }));
});

afterEach(() => rmSync(folder, { recursive: true }));

function put(file: string, text: string): void {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), text);
}

/** What check-structure.mjs says of the files that were put there, sorted. */
function refused(): string[] {
  const { status, stderr } = spawnSync(join(CHECKOUT, 'scripts/check-structure.mjs'), [folder], { encoding: 'utf8' });
  expect(status).toBe(1);
  return stderr.trim().split('\n').sort();
}

/** What the linter refuses of them: file and rule, sorted. */
function found(): string[] {
  const biome = join(CHECKOUT, 'node_modules/.bin/biome');
  const { stdout } = spawnSync(biome, ['lint', '--reporter=json', '--max-diagnostics=none'], {
    cwd: folder,
    encoding: 'utf8',
  });
  const { diagnostics } = JSON.parse(stdout) as {
    diagnostics: { severity: string; category: string; location: { path: string } }[];
  };
  return diagnostics
    .filter(({ severity }) => severity === 'error')
    .map(({ category, location }) => `${location.path} ${category.split('/').at(-1)}`)
    .sort();
}

it('refuses files that import each other in a circle, also for their types alone', () => {
  put('src/a/one.ts', "import type { Three } from './three.js';\nexport type One = Three | 1;\n");
  put('src/a/two.ts', "import type { One } from './one.js';\nexport type Two = One | 2;\n");
  put('src/a/three.ts', "import type { Two } from './two.js';\nexport type Three = Two | 3;\n");
  put('src/a/four.ts', "import type { Three } from './three.js';\nexport type Four = Three | 4;\n");
  expect(found()).toEqual([
    'src/a/one.ts noImportCycles',
    'src/a/three.ts noImportCycles',
    'src/a/two.ts noImportCycles',
  ]);
});

it('refuses a source file of more than 300 lines', () => {
  put('src/a/long.ts', `export type Long = 1;\n${'// a line\n'.repeat(300)}`);
  put('src/a/short.ts', `export type Short = 1;\n${'// a line\n'.repeat(299)}`);
  put('src/a/long.test.ts', `export type Test = 1;\n${'// a line\n'.repeat(300)}`);
  expect(refused()).toEqual(['src/a/long.ts has 301 lines, at most 300 are expected: make it two files']);
});

it("refuses what passes another folder's index, in whatever way it is imported", () => {
  put('src/a/index.ts', "export { one } from './one.js';\n");
  put('src/a/one.ts', 'export const one = 1;\nexport type One = 1;\n');
  put('src/a/inner/two.ts', "import { one } from '../one.js';\nexport const two = one;\n");
  put('src/b/right.ts', "import { one } from '../a/index.js';\nexport const right = one;\n");
  const wrong = {
    values: "import { one } from '../a/one.js';",
    types: "import type { One } from '../a/one.js';",
    all: "import * as one from '../a/one.js';",
    again: "export { one } from '../a/one.js';",
    later: "export const one = () => import('../a/one.js');",
    inner: "import { two } from '../a/inner/two.js';",
  };
  for (const [name, text] of Object.entries(wrong)) put(`src/b/${name}.ts`, `${text}\n`);
  const target = (name: string) => (name === 'inner' ? 'src/a/inner/two.js' : 'src/a/one.js');
  expect(refused()).toEqual(
    Object.keys(wrong)
      .sort()
      .map((name) => `src/b/${name}.ts imports ${target(name)}: import ../a/index.js, and let that export it`),
  );
});

it('refuses in the core whatever is not of the core', () => {
  put('src/model/index.ts', 'export const right = 1;\n');
  put('src/lsa/index.ts', 'export const wrong = 1;\n');
  put('src/cluster/view/right.ts', "import { right } from '../../model/index.js';\nexport const all = right;\n");
  put('src/cluster/view/ours.ts', "import { wrong } from '../../lsa/index.js';\nexport const all = wrong;\n");
  put('src/cluster/files.ts', "import { readFileSync } from 'node:fs';\nexport const all = readFileSync;\n");
  put('src/model/core.ts', "import type { all } from '../cluster/files.js';\nexport type All = typeof all;\n");
  expect(refused()).toEqual([
    'src/cluster/files.ts imports node:fs: expected nothing but src/cluster and src/model and src/tables there',
    'src/cluster/view/ours.ts imports ../../lsa/index.js: expected nothing but src/cluster and src/model and src/tables there',
    'src/model/core.ts imports ../cluster/files.js: expected nothing but src/model and src/tables there',
  ]);
});

it('refuses names of a package that is imported lazily: a bundle has its default export alone', () => {
  const lazily = (what: string) => `export const f = async () => {\n  const ${what};\n  return x;\n};\n`;
  put('src/a/names.ts', lazily("{ parse: x } = await import('yaml')"));
  put('src/a/default.ts', lazily("{ default: x } = await import('yaml')"));
  put('src/a/ours.ts', lazily("{ x } = await import('./names.js')"));
  put('src/a/node.ts', lazily("{ request: x } = await import('node:https')"));
  expect(refused()).toEqual([
    'src/a/names.ts imports parse: x of yaml lazily: import its default, a bundle has nothing else of it',
  ]);
});
