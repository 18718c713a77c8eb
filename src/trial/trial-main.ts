import { mkdirSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { loadDefinitions } from '../config/index.js';
import type { ServiceDefinition } from '../model/index.js';
import type { TargetTime, TrialResult } from './report.js';
import { type Rig, rigFor } from './rig.js';
import { NotApplicable, TrialError } from './trial-error.js';
import { TRIALS, type Trial } from './trials.js';
import type { Said, Task } from './try-service.js';
import { writtenSince } from './written.js';

// Runs inside of the namespaces that try-service.ts makes, and says what it sees on stdout.

const task = JSON.parse(process.argv[2] ?? '') as Task;
const definition = readDefinition(task);
if (definition !== null) await tryAll(definition, task);
// What an unknown service may have left: nothing here waits for it. It ends with process 1.
process.exit(0);

async function tryAll(service: ServiceDefinition, { stateDir, seed, only }: Task): Promise<void> {
  await execa('ip', ['link', 'set', 'lo', 'up']);
  const begun = join(stateDir, 'begun');
  writeFileSync(begun, '');
  const rig = rigFor(service, stateDir, randomFrom(seed));
  const results: TrialResult[] = [];
  let missing: string | null = null;
  const wanted = TRIALS.filter(({ name, isNeeded }) => isNeeded || only === null || only.includes(name));
  for (const trial of wanted) {
    const result = missing === null ? await tryOne(rig, trial) : notTried(trial, missing);
    if (result.verdict === 'failed' && trial.isNeeded) missing = trial.name;
    results.push(result);
    say({ type: 'result', result });
  }
  await rig.reset();
  const writtenOutside = await writtenSince(begun, stateDir);
  const { name, makefile } = service;
  say({ type: 'end', report: { service: name, makefile, seed, results, times: timesOf(rig), writtenOutside } });
}

/** Its files are checked as those of a node are. */
function readDefinition({ stateDir, definition: written }: Task): ServiceDefinition | null {
  const folder = join(stateDir, 'services');
  mkdirSync(folder);
  // YAML 1.2 takes JSON.
  writeFileSync(join(folder, `${String(written.name)}.yaml`), JSON.stringify(written));
  const { definitions, errors } = loadDefinitions(stateDir, folder, new Map(), new Map(), new Map());
  const [found] = definitions;
  if (found !== undefined && errors.length === 0) return found;
  say({ type: 'refused', problems: errors.map(({ message }) => message) });
  return null;
}

async function tryOne(rig: Rig, { name, title, run }: Trial): Promise<TrialResult> {
  try {
    await rig.reset();
    return { name, title, verdict: 'passed', text: await run(rig), advice: null };
  } catch (error) {
    if (error instanceof NotApplicable) return { name, title, verdict: 'not-tried', text: error.message, advice: null };
    if (!(error instanceof TrialError)) throw error;
    return { name, title, verdict: 'failed', text: error.message, advice: error.advice };
  }
}

function notTried({ name, title }: Trial, missing: string): TrialResult {
  return { name, title, verdict: 'not-tried', text: `the trial \`${missing}\` failed`, advice: null };
}

function timesOf({ times }: Rig): TargetTime[] {
  return [...times].map(([target, taken]) => {
    const sorted = taken.toSorted((a, b) => a - b);
    const medianMs = sorted[Math.floor(sorted.length / 2)] ?? 0;
    return { target, calls: sorted.length, medianMs, longestMs: sorted.at(-1) ?? 0 };
  });
}

function say(said: Said): void {
  writeSync(1, `${JSON.stringify(said)}\n`);
}

/** Knuth's linear congruential generator (TAOCP 3.2.1, MMIX). */
function randomFrom(seed: number): () => number {
  let state = BigInt(seed);
  return () => {
    state = (state * 6364136223846793005n + 1442695040888963407n) % 2n ** 64n;
    return Number(state >> 11n) / 2 ** 53;
  };
}
