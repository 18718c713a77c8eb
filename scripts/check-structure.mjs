#!/usr/bin/env node
// usage: check-structure.mjs [FOLDER]
// Fails on a source file that is too long, on an import that passes another folder's index, and on names that a bundle does not
// have: what Biome does not see (its noExcessiveLinesPerFile skips comments, its noPrivateImports `export … from`). Circles are
// Biome's: noImportCycles.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = process.argv[2] ?? fileURLToPath(new URL('..', import.meta.url));
const ROOTS = ['src', 'ospfapi-shim/src', 'web', 'scripts'];
const MAX_LINES = 300;

/** Folders that import nothing but themselves and these. */
const PURE = {
  'src/tables': [],
  'src/model': ['src/tables'],
  'src/cluster': ['src/model', 'src/tables'],
  'src/raid': [],
};

/** Second doors of rooms: srrd listens to signals before anything else is loaded, and only `srrctl pki` loads node-forge. */
const DOORS = new Set(['src/daemon/signals.js', 'src/pki/making.js']);

const offences = ROOTS.flatMap(sourcesIn).flatMap((file) => {
  const text = readFileSync(join(ROOT, file), 'utf8');
  return [...tooLong(file, text), ...impurities(file, text), ...passedIndexes(file, text), ...lostNames(file, text)];
});
for (const offence of offences) console.error(offence);
if (offences.length > 0) process.exit(1);

/** Tests and what only they import are no part of the structure. */
function sourcesIn(root) {
  if (!existsSync(join(ROOT, root))) return [];
  return readdirSync(join(ROOT, root), { recursive: true })
    .map((file) => join(root, file))
    .filter((file) => /\.(tsx?|mjs)$/.test(file) && !/(^|\/)(dist|node_modules)\/|testing|\.test\.ts$/.test(file));
}

function tooLong(file, text) {
  const lines = text.split('\n').length - 1;
  return lines > MAX_LINES ? [`${file} has ${lines} lines, at most ${MAX_LINES} are expected: make it two files`] : [];
}

/** The core imports nothing that touches the world, neither of ours nor of others (docs/architecture.md). */
function impurities(file, text) {
  const folder = Object.keys(PURE).find((pure) => file.startsWith(`${pure}/`));
  if (folder === undefined) return [];
  const allowed = [folder, ...PURE[folder]];
  return imports(text)
    .filter(
      (name) => !name.startsWith('.') || !allowed.some((each) => join(dirname(file), name).startsWith(`${each}/`)),
    )
    .map((name) => `${file} imports ${name}: expected nothing but ${allowed.join(' and ')} there`);
}

/** A folder with an index is a room: whoever is outside imports that alone, values and types. */
function passedIndexes(file, text) {
  return imports(text).flatMap((name) => {
    if (!name.startsWith('.')) return [];
    const target = join(dirname(file), name);
    const room = roomsOf(target).find((folder) => !file.startsWith(`${folder}/`) && !isIndexOf(folder, target));
    return room === undefined || DOORS.has(target)
      ? []
      : [`${file} imports ${target}: import ${relative(dirname(file), room)}/index.js, and let that export it`];
  });
}

/**
 * Of a package of CommonJS that is imported lazily a bundle has the default export alone; Node.js finds its names by
 * reading it. (What is imported when the file is loaded has its names in a bundle, too.)
 */
function lostNames(file, text) {
  return [...text.matchAll(/\{([^{}]*)\}\s*=\s*await import\('([^'.][^']*)'\)/g)].flatMap(([, names, name]) => {
    const wrong = names
      .split(',')
      .map((each) => each.trim())
      .filter((each) => each !== '' && !each.startsWith('default:'));
    if (wrong.length === 0 || name.startsWith('node:')) return [];
    return [
      `${file} imports ${wrong.join(', ')} of ${name} lazily: import its default, a bundle has nothing else of it`,
    ];
  });
}

/** The outermost first. */
function roomsOf(target) {
  const folders = [];
  for (let folder = dirname(target); folder !== '.'; folder = dirname(folder)) folders.unshift(folder);
  return folders.filter((folder) => existsSync(join(ROOT, folder, 'index.ts')));
}

function isIndexOf(folder, target) {
  return target === join(folder, 'index.js') || target === join(folder, 'index.ts');
}

function imports(text) {
  return [...text.matchAll(/\bfrom '([^']*)'|\bimport\(?\s*'([^']*)'/g)].map(([, from, called]) => from ?? called);
}
