import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { MUTATIONS, type Mutation } from './list.js';
import { breakCore } from './mutate.js';

/**
 * `make mutations`: breaks the core in many ways, one at a time, in a copy, and shows that the simulator notices each, in
 * lives that the unbroken core survives.
 *
 * What only a story shows is not tried, unless ONLY names it, and is no failure then. Ends with 0 if all others are noticed.
 *
 * Environment: RUNS, how many runs it has for each (default 3000); ONLY=TEXT|TEXT, those that have one of these texts,
 * without trying the unbroken core first.
 */
const { RUNS = '3000', ONLY } = process.env;
const root = fileURLToPath(new URL('../../../../../../', import.meta.url));

const mutations = MUTATIONS.filter((each) =>
  ONLY === undefined ? each.shownBy === undefined : ONLY.split('|').some((text) => JSON.stringify(each).includes(text)),
);
let survived = 0;
if (ONLY === undefined) {
  const unbroken = await tryOut(null);
  console.log(`unbroken: ${unbroken.text}`);
  if (unbroken.noticed) process.exit(1);
}
for (const mutation of mutations) {
  const verdict = await tryOut(mutation);
  if (!verdict.noticed && mutation.shownBy === undefined) survived++;
  const word = verdict.noticed ? 'noticed ' : mutation.shownBy === undefined ? 'SURVIVED' : 'by story';
  console.log(`${word}  ${mutation.name}: ${verdict.text}`);
}
if (ONLY === undefined) {
  for (const { name, shownBy } of MUTATIONS) if (shownBy !== undefined) console.log(`by story  ${name}: ${shownBy}`);
}
console.log(`${mutations.length - survived} of ${mutations.length} ways to break the core were noticed`);
process.exitCode = survived === 0 ? 0 : 1;

async function tryOut(mutation: Mutation | null): Promise<{ noticed: boolean; text: string }> {
  const folder = mkdtempSync(`${tmpdir()}/srrd-mutation-`);
  try {
    copyTo(folder);
    if (mutation !== null) breakCore(`${folder}/src`, mutation);
    // A broken core need not pass the type checker; what it emits runs all the same.
    await execa('node_modules/.bin/tsc', ['-p', 'test/sim/tsconfig.json'], { cwd: folder, reject: false });
    const env = { RUNS, SEED: '1', QUIET: '1', TELL: '0', STOP_AT: '1' };
    const { stdout, exitCode } = await execa('node', ['test/sim/dist/test/sim/main.js'], {
      cwd: folder,
      env,
      reject: false,
    });
    const lines = stdout.split('\n');
    const found = lines.find((line) => line.includes('SEED='));
    const runs = lines.find((line) => line.includes(' runs from seed '))?.split(' ')[0];
    if (found === undefined)
      return { noticed: false, text: `${runs ?? 'no'} runs without a violation (exit status ${exitCode})` };
    return { noticed: true, text: `after ${runs} runs: ${found.trim()}` };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function copyTo(folder: string): void {
  const filter = (path: string): boolean =>
    !/\/(dist|node_modules)(\/|$)/.test(path.slice(root.length)) && !path.endsWith('.test.ts');
  for (const part of ['src', 'test/sim', 'test/fuzz', 'test/scenarios/world', 'package.json', 'tsconfig.base.json']) {
    cpSync(`${root}${part}`, `${folder}/${part}`, { recursive: true, filter });
  }
  symlinkSync(`${root}node_modules`, `${folder}/node_modules`);
}
