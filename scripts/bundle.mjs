#!/usr/bin/env node
// usage: bundle.mjs FOLDER
// Writes srrd and srrctl into FOLDER, as a package has them: the same layout as a checkout after `make build`, but with its
// JavaScript and that of its dependencies in a few files. What is imported lazily stays so: a command loads what it needs.
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const CHECKOUT = fileURLToPath(new URL('..', import.meta.url));

/** Where a process or a thread begins; bin/ and `new URL` name them by the path of the compiled file. */
const ENTRIES = [
  'alerts/thread/alert-thread',
  'cli/srrd-main',
  'cli/srrctl-main',
  'config/yaml-worker',
  'http/thread/web-thread',
  'trial/trial-main',
];

/** Files that a dependency reads at run time. */
const READ_FILES = ['@fastify/swagger-ui/static'];

// Modules of CommonJS ask for `require`; each output file finds the top of the installation by its own place below dist/.
const BANNER = `import { createRequire as srrdCreateRequire } from 'node:module';
const require = srrdCreateRequire(import.meta.url);
const srrdTop = import.meta.url.slice(0, import.meta.url.lastIndexOf('/dist/') + 1);
const srrdModules = decodeURIComponent(new URL('dist/modules/', srrdTop).pathname);`;

const [, , folder] = process.argv;
if (folder === undefined) throw new Error('usage: bundle.mjs FOLDER');
const { metafile } = await build({
  absWorkingDir: CHECKOUT,
  entryPoints: ENTRIES.map((entry) => `src/${entry}.ts`),
  outbase: 'src',
  outdir: join(folder, 'dist'),
  chunkNames: 'chunk-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  logLevel: 'warning',
  metafile: true,
  alias: { 'ospfapi-shim': join(CHECKOUT, 'ospfapi-shim/src/index.ts') },
  banner: { js: BANNER },
  plugins: [{ name: 'places', setup: (b) => b.onLoad({ filter: /\.(ts|js|cjs|mjs)$/ }, keepPlaces) }],
});
for (const path of READ_FILES) {
  cpSync(join(CHECKOUT, 'node_modules', path), join(folder, 'dist/modules', path), { recursive: true });
}
cpSync(join(CHECKOUT, 'web/dist'), join(folder, 'web/dist'), { recursive: true });
cpSync(join(CHECKOUT, 'bin'), join(folder, 'bin'), { recursive: true });
const { name, version, type } = JSON.parse(readFileSync(join(CHECKOUT, 'package.json'), 'utf8'));
writeFileSync(join(folder, 'package.json'), `${JSON.stringify({ name, version, type })}\n`);
writeFileSync(join(folder, 'third-party-licenses.txt'), licences(Object.keys(metafile.inputs)));

/** What a source file looks for beside itself is found from the top of the installation instead. */
function keepPlaces({ path }) {
  const text = readFileSync(path, 'utf8');
  const loader = path.endsWith('.ts') ? 'ts' : 'js';
  const [, inPackage] = /\/node_modules\/(.*)\/[^/]*$/.exec(path) ?? [];
  if (inPackage !== undefined) {
    if (!/\b__dirname\b/.test(text)) return undefined;
    return { loader, contents: text.replaceAll(/\b__dirname\b/g, `(srrdModules + ${JSON.stringify(inPackage)})`) };
  }
  const compiled = relative(join(CHECKOUT, 'src'), path).replace(/\.ts$/, '.js');
  if (compiled.startsWith('..') || !text.includes('import.meta.url')) return undefined;
  const place = `new URL(${JSON.stringify(`dist/${compiled}`)}, srrdTop)`;
  return { loader, contents: text.replaceAll(/new URL\(('[^']+'), import\.meta\.url\)/g, `new URL($1, ${place})`) };
}

/** The licence of each package that went in, with its copyright notice. */
function licences(inputs) {
  const packages = new Set(
    inputs.map((path) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1]).filter(Boolean),
  );
  const texts = [...packages].sort().map((path) => {
    const about = JSON.parse(readFileSync(join(CHECKOUT, path, 'package.json'), 'utf8'));
    const file = readdirSync(join(CHECKOUT, path)).find((entry) => /^licen[cs]e/i.test(entry));
    const text = file === undefined ? `${about.license}\n` : readFileSync(join(CHECKOUT, path, file), 'utf8');
    return `${about.name} ${about.version} (${about.license})\n\n${text}`;
  });
  return texts.join(`\n${'-'.repeat(80)}\n\n`);
}
