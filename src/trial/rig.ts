import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { execa } from 'execa';
import type { PrimitiveContext, PrimitiveOutcome } from '../cluster/index.js';
import type { Primitive, ServiceDefinition } from '../model/index.js';
import { PrimitiveRunner, serviceStateDir } from '../primitives/index.js';
import { type ServiceProcess, serviceProcesses, signalAll, survivors } from './service-processes.js';
import { TrialError } from './trial-error.js';

/** The daemon's own default `recallDelay`. */
const RECALL_MS = 1_000;
/** As often as a primitive may be called again before a trial gives it up. */
const MOST_RECALLS = 120;
/** A process may be killed while it starts another. */
const MOST_KILLS = 20;

export interface Rig {
  readonly definition: ServiceDefinition;
  /** SRRD_STATE_DIR of the service. */
  readonly folder: string;
  readonly times: ReadonlyMap<Primitive, number[]>;
  /** Between 0 and 1, the same series for the same seed. */
  random(): number;
  /** Calls the primitive, again after each recall; what it takes is noted if it succeeds. */
  call(primitive: Primitive, context?: Partial<PrimitiveContext>): Promise<PrimitiveOutcome>;
  /** The same, and a TrialError unless it succeeds. */
  must(primitive: Primitive, advice: string, context?: Partial<PrimitiveContext>): Promise<void>;
  /** Begins `start` and kills it after so many ms. Returns whether it was still running. */
  killStartAfter(ms: number): Promise<boolean>;
  /** Begins the Makefile's `watch`: its end. */
  watch(): Promise<string | null>;
  endWatch(): void;
  processes(): ServiceProcess[];
  /** A TrialError if something of the service still runs. */
  mustBeGone(after: string): Promise<void>;
  /** A process that has nothing to do with the service. */
  stranger(): Promise<number>;
  address(action: 'add' | 'del'): Promise<void>;
  /** SIGKILL to all of the service. Returns how many there were. */
  killAll(): Promise<number>;
  /** As if the service had never run here, and the addresses up. */
  reset(): Promise<void>;
  /** Another instance on this machine, under another name and on other addresses. */
  beside(definition: ServiceDefinition): Rig;
  /** The same service, whose primitives run at the same time as those of this rig. */
  client(): Rig;
}

/** What trials do things with: one service on this machine, called as the daemon calls it. */
export function rigFor(definition: ServiceDefinition, stateDir: string, random: () => number): Rig {
  const runner = runnerIn(stateDir);
  return makeRig({ definition, stateDir, random, runner, strangers: new Set(), lastRun: { value: 0 } });
}

function runnerIn(stateDir: string): PrimitiveRunner {
  return new PrimitiveRunner({ node: { name: 'trial', cluster: 'trial' }, stateDir });
}

interface Parts {
  readonly definition: ServiceDefinition;
  readonly stateDir: string;
  readonly random: () => number;
  readonly runner: PrimitiveRunner;
  readonly strangers: Set<number>;
  /** Shared by the services on one rig. */
  readonly lastRun: { value: number };
}

function makeRig(parts: Parts): Rig {
  const { definition, stateDir, random, runner, strangers, lastRun } = parts;
  const folder = serviceStateDir(stateDir, definition.name);
  const times = new Map<Primitive, number[]>();
  const request = (primitive: Primitive, context: Partial<PrimitiveContext>) => ({
    service: definition.name,
    primitive,
    run: ++lastRun.value,
    timeoutMs: primitive === 'check' ? definition.check.timeoutMs : definition.timeoutsMs[primitive],
    context: { claim: 1, peers: ['192.0.2.253'], peer: null, failure: null, recall: 0, ...context },
    definition,
  });
  let watchRun = 0;

  const rig: Rig = {
    definition,
    folder,
    times,
    random,
    async call(primitive, context = {}) {
      const begin = performance.now();
      for (let recall = 0; ; recall += 1) {
        const outcome = await runner.run(request(primitive, { ...context, recall }));
        if (outcome.result === 'succeeded') noteTime(times, primitive, performance.now() - begin);
        if (outcome.result !== 'recall' || recall === MOST_RECALLS) return outcome;
        await new Promise((resolve) => setTimeout(resolve, RECALL_MS));
      }
    },
    async must(primitive, advice, context) {
      const outcome = await rig.call(primitive, context);
      if (outcome.result !== 'succeeded') throw new TrialError(`\`${primitive}\` ${wordsOf(outcome)}`, advice);
    },
    async killStartAfter(ms) {
      const started = request('start', {});
      const outcome = runner.run(started);
      const timer = setTimeout(() => runner.kill(definition.name, started.run), ms);
      const { result } = await outcome;
      clearTimeout(timer);
      return result === 'killed';
    },
    watch() {
      const { service, context } = request('check', {});
      watchRun = lastRun.value;
      return runner.watch({ service, run: watchRun, context, definition });
    },
    endWatch: () => runner.endWatch(definition.name, watchRun),
    processes: () => serviceProcesses(strangers),
    async mustBeGone(after) {
      const [first, ...others] = await survivors(strangers);
      if (first === undefined) return;
      const all = [first, ...others].map(({ words }) => words).join(', ');
      throw new TrialError(
        `after ${after} there still is ${all}`,
        '`stop` comes back when all is gone: wait until the process has ended, and end its children too',
      );
    },
    async stranger() {
      const child = spawn('sleep', ['3600'], { stdio: 'ignore', detached: true });
      await new Promise((resolve, reject) => child.once('spawn', () => resolve(null)).once('error', reject));
      const pid = child.pid ?? 0;
      strangers.add(pid);
      return pid;
    },
    async address(action) {
      for (const address of definition.addresses) {
        const { interface: device } = definition;
        const done = await execa('ip', ['address', action, `${address}/32`, 'dev', device], { reject: false });
        if (done.failed && !/File exists|already assigned|Cannot assign/.test(done.stderr))
          throw new Error(done.stderr);
      }
    },
    async killAll() {
      const killed = signalAll(pidsOf(rig.processes()), 'SIGKILL');
      for (let tries = 0; tries < MOST_KILLS && (await survivors(strangers)).length > 0; tries += 1)
        signalAll(pidsOf(rig.processes()), 'SIGKILL');
      return killed;
    },
    async reset() {
      signalAll([...strangers], 'SIGKILL');
      strangers.clear();
      await rig.killAll();
      rmSync(folder, { recursive: true, force: true });
      await rig.address('add');
    },
    beside: (other) => makeRig({ ...parts, definition: other }),
    client: () => makeRig({ ...parts, runner: runnerIn(stateDir) }),
  };
  return rig;
}

function pidsOf(processes: readonly ServiceProcess[]): number[] {
  return processes.map(({ pid }) => pid);
}

function noteTime(times: Map<Primitive, number[]>, primitive: Primitive, ms: number): void {
  const known = times.get(primitive) ?? [];
  times.set(primitive, known);
  known.push(ms);
}

/** Goes on after the name of a primitive. */
export function wordsOf(outcome: PrimitiveOutcome): string {
  if (outcome.result === 'failed') return `fails: ${outcome.reason}`;
  if (outcome.result === 'timed-out') return `is ${outcome.reason}`;
  if (outcome.result === 'recall') return `was to be called again (75) for ${MOST_RECALLS} times`;
  return outcome.result === 'killed' ? 'was killed' : 'succeeds';
}
