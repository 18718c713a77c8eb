#!/usr/bin/env node
// Builds the pages into web/dist: index.html, one script, one style sheet, the manual, and each of them compressed, so that
// the daemon never compresses anything itself.
//
// usage: web/build.mjs
import { copyFileSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { manualName, manualPage } from './manual.mjs';

const web = fileURLToPath(new URL('.', import.meta.url));
const checkout = join(web, '..');
const out = join(web, 'dist');

rmSync(out, { recursive: true, force: true });
const common = {
  outdir: out,
  bundle: true,
  minify: true,
  target: ['chrome123', 'firefox125', 'safari17.5'],
  jsx: 'automatic',
  jsxImportSource: 'preact',
  legalComments: 'none',
  logLevel: 'warning',
};
await build({
  ...common,
  entryPoints: { app: join(web, 'src/main.tsx') },
  format: 'esm',
  splitting: true,
  chunkNames: '[name]-[hash]',
});
// No module: the browser must run it before it paints anything.
await build({ ...common, entryPoints: { theme: join(web, 'src/theme.ts') }, format: 'iife' });
cpSync(join(web, 'static'), out, { recursive: true });
makeManual();
for (const file of filesIn(out)) compress(file);

// From the same files that the repository shows.
function makeManual() {
  const manual = join(out, 'manual');
  mkdirSync(manual);
  const docs = readdirSync(join(checkout, 'docs'), { recursive: true }).filter((name) => name.endsWith('.md'));
  for (const path of [...docs.map((name) => `docs/${name}`), 'README.md', 'CHANGELOG.md', 'CONTRIBUTING.md']) {
    const text = readFileSync(join(checkout, path), 'utf8');
    writeFileSync(join(manual, `${manualName(path)}.html`), manualPage(text));
  }
  copyFileSync(join(checkout, 'LICENSE'), join(manual, 'LICENSE.txt'));
}

function filesIn(folder) {
  return readdirSync(folder, { recursive: true })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile());
}

function compress(file) {
  const content = readFileSync(file);
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: content.length };
  writeFileSync(`${file}.br`, brotliCompressSync(content, { params }));
  writeFileSync(`${file}.gz`, gzipSync(content, { level: 9 }));
}
