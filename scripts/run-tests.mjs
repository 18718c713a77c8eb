#!/usr/bin/env node
// Runs vitest for each project named, and ends with what failed, a line for each ("FILE > TITLE: first line of its
// message"), and one line: "N passed, N failed".
// What was skipped, or never ran because its preparation failed, has not passed: it counts as failed. So do a test file
// that could not be read and a run that ended badly or left no report. No test at all is a failure too.
// With --all, so is a test file of this checkout that belongs to none of the projects; those of `make test-services` and
// `make test-machines` apart.
//
// Where `lab` is named with others, browsers run beside labs, with a lower priority. Unit tests and simulations come first,
// each alone: beside labs they were starved until their limits were over. Labs that ask for much of the machine come last,
// alone (vitest.config.ts).
//
// usage: scripts/run-tests.mjs [--all] PROJECT...
import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';

const checkout = fileURLToPath(new URL('..', import.meta.url));
const reports = `${checkout}.lab/reports`;
/** A test must not notice that make runs it: what a make gives on changes what another one does and says. */
const environment = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(MAKE\w*|MFLAGS|GNUMAKEFLAGS)$/.test(name)),
);
let passed = 0;
/** What failed, a line for each. */
const failures = [];
const reported = new Set();
mkdirSync(reports, { recursive: true });
let endedBy = null;
const running = new Map();
process.on('SIGINT', () => end('SIGINT'));
process.on('SIGTERM', () => end('SIGTERM'));
const projects = process.argv.slice(2).filter((argument) => argument !== '--all');
const progress = setInterval(tellWhatRuns, 60_000);
for (const lanes of stages(projects)) await Promise.all(lanes.map(runLane));
clearInterval(progress);
if (endedBy !== null) failures.push(`run-tests: ended by ${endedBy}`);
else if (process.argv.includes('--all')) failures.push(...forgottenFiles());
if (passed === 0 && failures.length === 0) failures.push('run-tests: no test was found');
const lines = failures.length === 0 ? [] : ['What failed:', ...failures.map((failure) => `  ${failure}`)];
const text = [...lines, `${passed} passed, ${failures.length} failed`].join('\n');
// For .ci/run, which has to say it last.
writeFileSync(`${reports}/totals`, `${text}\n`);
console.log(text);
process.exitCode = failures.length === 0 ? 0 : 1;

/** One after the other: lanes that go on at the same time, of runs one after the other. */
function stages(names) {
  const alone = (project) => [[{ name: project, project }]];
  const others = names.filter((name) => name !== 'lab');
  if (!names.includes('lab') || others.length === 0) return names.map(alone);
  const lab = (labs) => ({ name: `lab-${labs}`, project: 'lab', variables: { LABS: labs } });
  const isFirst = (name) => name === 'unit' || name === 'sim';
  const beside = others.filter((name) => !isFirst(name)).map((project) => ({ name: project, project, isBeside: true }));
  return [...others.filter(isFirst).map(alone), [[lab('calm')], beside], [[lab('quiet')]]];
}

async function runLane(runs) {
  for (const run of runs) {
    if (endedBy !== null) return;
    const report = `${reports}/${run.name}.json`;
    rmSync(report, { force: true });
    const begin = performance.now();
    running.set(run.name, { begin });
    const { status, output } = await runVitest(run, report);
    running.delete(run.name);
    process.stdout.write(output);
    console.log(`run-tests: ${run.name} took ${secondsSince(begin)} s`);
    count(run.name, report, status);
  }
}

/** Of what runs beside something else, the output is kept and told whole. */
function runVitest({ name, project, variables = {}, isBeside = false }, report) {
  const args = ['run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const child = spawn(process.execPath, [`${checkout}node_modules/vitest/vitest.mjs`, ...args], {
    cwd: checkout,
    env: { ...environment, ...variables },
    stdio: ['ignore', ...(isBeside ? ['pipe', 'pipe'] : ['inherit', 'inherit'])],
  });
  if (isBeside) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
  Object.assign(running.get(name), { child });
  const output = [];
  child.stdout?.on('data', (bytes) => output.push(bytes));
  child.stderr?.on('data', (bytes) => output.push(bytes));
  return new Promise((resolve) =>
    child.once('close', (code, signal) => resolve({ status: signal ?? code, output: Buffer.concat(output) })),
  );
}

function tellWhatRuns() {
  const words = [...running].map(([name, { begin }]) => `${name} for ${secondsSince(begin)} s`);
  console.log(`run-tests: running: ${words.join(', ')}`);
}

function secondsSince(begin) {
  return ((performance.now() - begin) / 1000).toFixed(0);
}

function end(signal) {
  endedBy = signal;
  // Ctrl-C reaches vitest by itself. It clears its labs away, and this process waits for that.
  if (signal !== 'SIGINT') for (const { child } of running.values()) child?.kill(signal);
}

function count(name, path, status) {
  let report;
  try {
    report = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    failures.push(`run-tests: ${name}: vitest ended with ${status} and left no report: ${error.message}`);
    return;
  }
  const before = failures.length;
  for (const file of report.testResults) {
    reported.add(file.name);
    passed += file.assertionResults.filter((test) => test.status === 'passed').length;
    failures.push(...failuresIn(file));
  }
  if (status !== 0 && failures.length === before)
    failures.push(
      `run-tests: ${name}: every test passed, but vitest ended with ${status}: see its messages further up`,
    );
}

function failuresIn(file) {
  const name = relative(checkout, file.name);
  const notPassed = file.assertionResults
    .filter((test) => test.status !== 'passed')
    .map(({ ancestorTitles, title, failureMessages, status }) =>
      [name, ...ancestorTitles, `${title}: ${firstLine(failureMessages?.[0]) || `did not run (${status})`}`].join(
        ' > ',
      ),
    );
  if (file.status !== 'failed' || file.assertionResults.some((test) => test.status === 'failed')) return notPassed;
  // Its preparation or its own code failed: what the tests of it could have said is of no interest.
  const whole = `${name}: ${firstLine(file.message) || 'the file failed as a whole'}`;
  return notPassed.length === 0 ? [whole] : notPassed.map((line) => `${line}: ${firstLine(file.message)}`);
}

function firstLine(message = '') {
  return stripVTControlCharacters(message).trim().split('\n', 1)[0].slice(0, 300);
}

function forgottenFiles() {
  return testFiles(checkout)
    .filter((file) => !reported.has(file) && !/^test\/(services|machines)\//.test(relative(checkout, file)))
    .map((file) => `run-tests: ${relative(checkout, file)} was not run: is it in none of ${projects.join(', ')}?`);
}

function testFiles(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name === 'node_modules' || entry.name === 'dist' || entry.name.startsWith('.')) return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return testFiles(path);
    return entry.name.endsWith('.test.ts') ? [path] : [];
  });
}
