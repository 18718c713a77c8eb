import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';

const CHECKOUT = fileURLToPath(new URL('..', import.meta.url));

/** Stands for vitest: leaves the report of its project, if there is one, and ends as that says. */
const VITEST = `
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
const value = (name) => process.argv.find((word) => word.startsWith(name + '='))?.slice(name.length + 1);
const labs = process.env.LABS === undefined ? '' : '-' + process.env.LABS;
const project = process.argv[process.argv.indexOf('--project') + 1] + labs;
console.log(project + ' is run');
if (!existsSync(project + '.json')) process.exit(3);
const report = JSON.parse(readFileSync(project + '.json', 'utf8'));
writeFileSync(value('--outputFile.json'), JSON.stringify(report));
process.exit(report.exit ?? 0);
`;

let checkout: string;

beforeEach(() => {
  checkout = mkdtempSync(join(tmpdir(), 'srrd-run-tests-'));
  for (const path of ['scripts/run-tests.mjs', '.ci/run']) {
    mkdirSync(dirname(join(checkout, path)), { recursive: true });
    copyFileSync(join(CHECKOUT, path), join(checkout, path));
  }
  mkdirSync(join(checkout, 'node_modules/vitest'), { recursive: true });
  writeFileSync(join(checkout, 'node_modules/vitest/vitest.mjs'), VITEST);
  writeFileSync(join(checkout, 'Makefile'), 'test:\n\t@scripts/run-tests.mjs --all unit lab\n');
});

afterEach(() => rmSync(checkout, { recursive: true }));

interface FakeTest {
  readonly title: string;
  readonly status: string;
  readonly failureMessages?: readonly string[];
}

function file(path: string, tests: readonly FakeTest[], outcome: { status?: string; message?: string } = {}) {
  const assertionResults = tests.map((test) => ({ ancestorTitles: ['a node'], failureMessages: [], ...test }));
  return { name: join(checkout, path), status: 'passed', message: '', assertionResults, ...outcome };
}

function report(project: string, testResults: readonly ReturnType<typeof file>[], exit = 0): void {
  writeFileSync(join(checkout, `${project}.json`), JSON.stringify({ testResults, exit }));
}

function run(program: string): { readonly status: number | null; readonly last: (count: number) => string[] } {
  const { status, stdout } = spawnSync(join(checkout, program), ['--all', 'unit', 'lab'], { encoding: 'utf8' });
  return { status, last: (count) => stdout.trimEnd().split('\n').slice(-count) };
}

const good = { title: 'starts', status: 'passed' };

it('ends with the totals where every test passed', () => {
  report('unit', [file('src/a.test.ts', [good, good])]);
  report('lab-calm', [file('test/lab/b.test.ts', [good])]);
  report('lab-quiet', [file('test/lab/c.test.ts', [good])]);
  const { status, last } = run('.ci/run');
  expect(last(1)).toEqual(['4 passed, 0 failed']);
  expect(status).toBe(0);
});

it('says last what failed in every project, and why, and so does CI', () => {
  const bad = {
    title: 'stops',
    status: 'failed',
    failureMessages: ['\u001b[31mAssertionError: expected 1 to be 2\u001b[0m\n    at a line'],
  };
  report('unit', [file('src/a.test.ts', [good, bad], { status: 'failed' })], 1);
  report('lab-calm', []);
  report('lab-quiet', [
    file('test/lab/b.test.ts', [{ title: 'moves', status: 'skipped' }]),
    file('test/lab/c.test.ts', [{ title: 'fails', status: 'skipped' }], { status: 'failed', message: 'no bridge\nat' }),
    file('test/lab/d.test.ts', [], { status: 'failed', message: 'SyntaxError: here' }),
  ]);
  const expected = [
    'What failed:',
    '  src/a.test.ts > a node > stops: AssertionError: expected 1 to be 2',
    '  test/lab/b.test.ts > a node > moves: did not run (skipped)',
    '  test/lab/c.test.ts > a node > fails: did not run (skipped): no bridge',
    '  test/lab/d.test.ts: SyntaxError: here',
    '1 passed, 4 failed',
  ];
  for (const program of ['scripts/run-tests.mjs', '.ci/run']) {
    const { status, last } = run(program);
    expect(last(expected.length)).toEqual(expected);
    expect(status).not.toBe(0);
  }
});

it('counts as failed a run without a report, one that ended badly, and a file that no project runs', () => {
  mkdirSync(join(checkout, 'src'));
  writeFileSync(join(checkout, 'src/forgotten.test.ts'), '');
  report('unit', [file('src/a.test.ts', [good])], 1);
  report('lab-calm', [file('test/lab/b.test.ts', [good])]);
  const { status, last } = run('scripts/run-tests.mjs');
  expect(last(4)).toEqual([
    '  run-tests: unit: every test passed, but vitest ended with 1: see its messages further up',
    expect.stringContaining('  run-tests: lab-quiet: vitest ended with 3 and left no report: '),
    '  run-tests: src/forgotten.test.ts was not run: is it in none of unit, lab?',
    '2 passed, 3 failed',
  ]);
  expect(status).toBe(1);
});
