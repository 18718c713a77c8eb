#!/usr/bin/env node
// Runs vitest once for each project named, one after the other, and ends with one line: "N passed, N failed".
// What was skipped, or never ran because its preparation failed, has not passed: it counts as failed. So do a test file
// that could not be read and a run that ended badly or left no report. No test at all is a failure too.
//
// usage: scripts/run-tests.mjs PROJECT...
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const checkout = fileURLToPath(new URL('..', import.meta.url));
const reports = `${checkout}.lab/reports`;
const totals = { passed: 0, failed: 0 };
mkdirSync(reports, { recursive: true });
for (const project of process.argv.slice(2)) {
  const report = `${reports}/${project}.json`;
  rmSync(report, { force: true });
  const status = await runVitest(project, report);
  count(project, report, status);
}
if (totals.passed === 0 && totals.failed === 0) {
  console.error('run-tests: no test was found');
  totals.failed = 1;
}
console.log(`${totals.passed} passed, ${totals.failed} failed`);
process.exitCode = totals.failed === 0 ? 0 : 1;

function runVitest(project, report) {
  const args = ['run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const child = spawn(process.execPath, [`${checkout}node_modules/vitest/vitest.mjs`, ...args], {
    cwd: checkout,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  // Ctrl-C reaches vitest too, which clears its labs away; this process waits for that.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  return new Promise((resolve) => child.once('exit', (code, signal) => resolve(signal ?? code)));
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
