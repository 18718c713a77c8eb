import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CHECKOUT } from '../lab/checkout.js';
import { run } from '../lab/command.js';

export interface PreviousBuild {
  readonly checkout: string;
  readonly version: string;
  remove(): void;
}

/** What its version is called here: between releases two commits have the same one. */
const VERSION = '0.0.0-previous';

/** Builds srrd as it was before the last commit that changed it, from this clone's history. Throws where there is none. */
export async function buildPrevious(): Promise<PreviousBuild> {
  const commit = await commitBefore();
  const checkout = mkdtempSync(join(tmpdir(), 'srrd-previous-'));
  const remove = () => rmSync(checkout, { recursive: true, force: true });
  try {
    const archive = join(checkout, 'archive.tar');
    await git('archive', `--output=${archive}`, commit);
    await run(['tar', '-C', checkout, '-xf', archive]);
    await addDependencies(checkout);
    const file = join(checkout, 'package.json');
    writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), version: VERSION }));
    const tsc = join(checkout, 'node_modules', '.bin', 'tsc');
    await run([tsc, '-b', checkout], { timeoutMs: 300_000 });
    return { checkout, version: VERSION, remove };
  } catch (error) {
    remove();
    throw error;
  }
}

async function commitBefore(): Promise<string> {
  try {
    const last = await git('rev-list', '-1', 'HEAD', '--', 'src', 'ospfapi-shim', ':!*.test.ts');
    return await git('rev-parse', '--verify', `${last}^`);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`expected a clone with its history, to build the version before (git fetch --unshallow): ${why}`);
  }
}

async function git(...args: readonly string[]): Promise<string> {
  return (await run(['git', '-C', CHECKOUT, ...args])).stdout.trim();
}

/** Those of this checkout, if they are the same. */
async function addDependencies(checkout: string): Promise<void> {
  const locked = (of: string) => readFileSync(join(of, 'package-lock.json'), 'utf8');
  if (locked(checkout) !== locked(CHECKOUT)) {
    await run(['npm', 'ci', '--prefix', checkout, '--no-audit', '--no-fund'], { timeoutMs: 300_000 });
    return;
  }
  const [from, to] = [CHECKOUT, checkout].map((of) => join(of, 'node_modules')) as [string, string];
  mkdirSync(to);
  for (const name of readdirSync(from)) if (name !== 'ospfapi-shim') symlinkSync(join(from, name), join(to, name));
  symlinkSync('../ospfapi-shim', join(to, 'ospfapi-shim'));
}
