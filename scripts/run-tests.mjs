#!/usr/bin/env node
// Runs vitest once for each project named, one after the other, and ends with one line: "N passed, N failed".
// What was skipped, or never ran because its preparation failed, has not passed: it counts as failed. So do a test file
// that could not be read and a run that ended badly or left no report. No test at all is a failure too.
// With --all, so is a test file of this checkout that belongs to none of the projects.
//
// usage: scripts/run-tests.mjs [--all] PROJECT...
import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const checkout = fileURLToPath(new URL('..', import.meta.url));
const reports = `${checkout}.lab/reports`;
const totals = { passed: 0, failed: 0 };
const reported = new Set();
mkdirSync(reports, { recursive: true });
let endedBy = null;
let running;
process.on('SIGINT', () => end('SIGINT'));
process.on('SIGTERM', () => end('SIGTERM'));
const projects = process.argv.slice(2).filter((argument) => argument !== '--all');
for (const project of projects) {
  if (endedBy !== null) break;
  const report = `${reports}/${project}.json`;
  rmSync(report, { force: true });
  const begin = performance.now();
  const status = await runVitest(project, report);
  count(project, report, status);
  console.log(`run-tests: ${project} took ${((performance.now() - begin) / 1000).toFixed(0)} s`);
}
if (endedBy !== null) {
  console.error(`run-tests: ended by ${endedBy}`);
  totals.failed += 1;
} else if (process.argv.includes('--all')) countForgotten();
if (totals.passed === 0 && totals.failed === 0) {
  console.error('run-tests: no test was found');
  totals.failed = 1;
}
const text = `${totals.passed} passed, ${totals.failed} failed`;
// For .ci/run, which has to say it last.
writeFileSync(`${reports}/totals`, `${text}\n`);
console.log(text);
process.exitCode = totals.failed === 0 ? 0 : 1;

function runVitest(project, report) {
  const args = ['run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const child = spawn(process.execPath, [`${checkout}node_modules/vitest/vitest.mjs`, ...args], {
    cwd: checkout,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  running = child;
  return new Promise((resolve) => child.once('exit', (code, signal) => resolve(signal ?? code)));
}

function end(signal) {
  endedBy = signal;
  // Ctrl-C reaches vitest by itself. It clears its labs away, and this process waits for that.
  if (signal !== 'SIGINT') running?.kill(signal);
}

function count(project, path, status) {
  const before = totals.failed;
  let report;
  try {
    report = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    console.error(`run-tests: ${project}: vitest ended with ${status} and left no report: ${error.message}`);
    totals.failed += 1;
    return;
  }
  for (const file of report.testResults) {
    reported.add(file.name);
    const passed = file.assertionResults.filter((test) => test.status === 'passed').length;
    const failed = file.assertionResults.length - passed;
    totals.passed += passed;
    totals.failed += failed === 0 && file.status === 'failed' ? 1 : failed;
  }
  if (status !== 0 && totals.failed === before) {
    console.error(`run-tests: ${project}: every test passed, but vitest ended with ${status}: see its messages above`);
    totals.failed += 1;
  }
}

function countForgotten() {
  for (const file of testFiles(checkout)) {
    if (reported.has(file)) continue;
    console.error(`run-tests: ${file} was not run: is it in none of ${projects.join(', ')} in vitest.config.ts?`);
    totals.failed += 1;
  }
}

function testFiles(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name === 'node_modules' || entry.name === 'dist' || entry.name.startsWith('.')) return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return testFiles(path);
    return entry.name.endsWith('.test.ts') ? [path] : [];
  });
}
