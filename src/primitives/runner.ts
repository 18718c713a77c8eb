import { chmod, mkdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { PrimitiveContext, PrimitiveOutcome } from '../cluster/index.js';
import { closeToOthers } from '../config/index.js';
import { ForeignFiles } from '../files/index.js';
import type { Primitive, ServiceDefinition } from '../model/index.js';
import { type Call, startCall } from './call.js';
import { type PrimitiveNode, primitiveEnvironment, serviceStateDir } from './environment.js';
import { IdleTargets } from './idle-targets.js';
import { type Leftover, RunningRecords } from './leftovers.js';
import { startNativeCheck } from './native-check.js';
import { notRun } from './outcome.js';
import { Pipes } from './pipes.js';
import { Places } from './places.js';
import { readVariablesFile } from './secrets.js';
import { Starts } from './starts.js';

export interface PrimitiveRunnerOptions {
  readonly node: PrimitiveNode;
  /**
   * The daemon's state directory. Used below it: `run/SERVICE/` (SRRD_STATE_DIR) and `primitives/`, which holds nothing
   * that an operator would miss.
   */
  readonly stateDir: string;
  /** Calls at once, over all services. Default 64. */
  readonly maximumAtOnce?: number;
  /** How Makefiles are read; shared with whoever has read them already. */
  readonly files?: ForeignFiles;
  /**
   * Path of the mount namespace in which everything is run. Default: that of the daemon, which a sandbox may have given one
   * of its own; what is mounted there nobody else sees.
   */
  readonly mountNamespace?: string | undefined;
  /** Told of what went wrong without stopping a call, such as a state directory that is full. */
  readonly warn?: (text: string) => void;
}

/** The `run` effect, with the definition that holds when it is carried out. */
export interface PrimitiveRequest {
  readonly service: string;
  readonly primitive: Primitive;
  readonly run: number;
  readonly timeoutMs: number;
  /** It has the right of way, whatever primitive it is. */
  readonly urgent?: true;
  readonly context: PrimitiveContext;
  readonly definition: ServiceDefinition;
}

/** The `watch` effect, likewise. */
export type WatchRequest = Omit<PrimitiveRequest, 'primitive' | 'timeoutMs'>;

const MAXIMUM_AT_ONCE = 64;

/** Run also without the file of variables that they should have. */
const ENDING: ReadonlySet<Command['target']> = new Set(['stop', 'deactivate', 'leave', 'failed']);

/** What a failover may wait for. The other primitives leave a quarter of the places to these. */
const URGENT: ReadonlySet<Primitive> = new Set(['activate', 'deactivate', 'start', 'stop', 'restart', 'reload']);

/** One call of make. */
interface Command extends Omit<PrimitiveRequest, 'primitive' | 'timeoutMs'> {
  readonly target: Primitive | 'watch';
  readonly timeoutMs: number | null;
}

interface RunningWatch {
  readonly request: WatchRequest;
  killed: boolean;
  /** null: it is about to begin. */
  call: Call | null;
}

interface Job {
  readonly request: PrimitiveRequest;
  killed: boolean;
  /** null: it waits for its turn. */
  call: Call | null;
  /** Takes it out of the queue; without effect once it has its turn. */
  withdraw: () => void;
}

/** Runs primitives: one at a time per service and in order, many services side by side. */
export class PrimitiveRunner {
  readonly #starts = new Starts();
  readonly #pipes: Pipes;
  readonly #records: RunningRecords;
  readonly #places: Places;
  readonly #files: ForeignFiles;
  readonly #idleTargets: IdleTargets;
  /** What waits or runs, with its end. */
  readonly #jobs = new Map<Job, Promise<PrimitiveOutcome>>();
  /** What is watched, with the end of the watch. */
  readonly #watches = new Map<RunningWatch, Promise<PrimitiveOutcome>>();
  #ending = false;
  readonly #options: PrimitiveRunnerOptions;

  constructor(options: PrimitiveRunnerOptions) {
    this.#options = options;
    const total = options.maximumAtOnce ?? MAXIMUM_AT_ONCE;
    this.#pipes = new Pipes(join(options.stateDir, 'primitives', 'pipes'));
    this.#records = new RunningRecords(join(options.stateDir, 'primitives', 'running'));
    this.#files = options.files ?? new ForeignFiles();
    this.#idleTargets = new IdleTargets(this.#files);
    this.#places = new Places(total, Math.floor(total / 4));
  }

  /**
   * One call, when it is its turn. `timeoutMs` counts from the start of make, not from the request. Never rejects: what
   * keeps make from starting is a failed call.
   */
  run(request: PrimitiveRequest): Promise<PrimitiveOutcome> {
    if (this.#ending) return Promise.resolve({ result: 'killed' });
    const job: Job = { request, killed: false, call: null, withdraw: () => undefined };
    const outcome = new Promise<PrimitiveOutcome>((resolve) => {
      const urgent = request.urgent === true || URGENT.has(request.primitive);
      const withdraw = this.#places.submit(request.service, urgent, async () => {
        resolve(await this.#perform(job));
      });
      job.withdraw = () => {
        if (withdraw()) resolve({ result: 'killed' });
      };
    });
    const ended = outcome.finally(() => this.#jobs.delete(job));
    this.#jobs.set(job, ended);
    return ended;
  }

  /** Kills the process group of that run, or takes it out of the queue. A run that has ended is left as it is. */
  kill(service: string, run: number): void {
    for (const job of this.#jobs.keys()) {
      if (job.request.service === service && job.request.run === run) killJob(job);
    }
  }

  /**
   * Runs the Makefile's `watch` until it ends, without a time limit and beside the service's primitives: it takes no place
   * in the queue. Resolves to the reason of its end, or to null if `endWatch` or `stop` ended it. Never rejects.
   */
  async watch(request: WatchRequest): Promise<string | null> {
    if (this.#ending) return null;
    const watch: RunningWatch = { request, killed: false, call: null };
    const ended = this.#begin(watch, { ...request, target: 'watch', timeoutMs: null }).finally(() =>
      this.#watches.delete(watch),
    );
    this.#watches.set(watch, ended);
    const outcome = await ended;
    return outcome.result === 'failed' && !watch.killed ? outcome.reason : null;
  }

  /** Kills the process group of that watch. A primitive of the service that is called later begins when it is gone. */
  endWatch(service: string, run: number): void {
    for (const watch of this.#watches.keys()) {
      if (watch.request.service === service && watch.request.run === run) killWatch(watch);
    }
  }

  /**
   * Kills the primitives that an earlier daemon with this state directory left running when it died. To be called
   * before anything is announced or run. What a finished primitive left in the background is not touched: it is the
   * service, and its `stop` will be run.
   */
  async killLeftovers(): Promise<readonly Leftover[]> {
    const leftovers = await this.#records.killAll();
    await this.#pipes.clear();
    return leftovers;
  }

  /** Kills what runs and waits, and waits until it has ended. Every later call is answered with `killed`. */
  async stop(): Promise<void> {
    this.#ending = true;
    for (const job of this.#jobs.keys()) killJob(job);
    for (const watch of this.#watches.keys()) killWatch(watch);
    await Promise.all([...this.#jobs.values(), ...this.#watches.values()]);
    await this.#pipes.clear();
  }

  async #perform(job: Job): Promise<PrimitiveOutcome> {
    const { service, primitive, definition, timeoutMs } = job.request;
    if (primitive === 'check' && definition.check.native !== undefined) {
      if (job.killed) return { result: 'killed' };
      job.call = startNativeCheck(definition.check.native, definition, timeoutMs);
      return await job.call.outcome;
    }
    const killed = [...this.#watches].filter(([watch]) => watch.killed && watch.request.service === service);
    await Promise.all(killed.map(([, ended]) => ended));
    const folder = serviceStateDir(this.#options.stateDir, service);
    const isNeeded = primitive === 'activate' && (await isOfAnotherUser(folder));
    if (!isNeeded && (await this.#idleTargets.includes(definition.makefile, primitive))) {
      return job.killed ? { result: 'killed' } : { result: 'succeeded', output: '' };
    }
    return await this.#begin(job, { ...job.request, target: primitive });
  }

  async #begin(of: Job | RunningWatch, command: Command): Promise<PrimitiveOutcome> {
    try {
      return await this.#call(of, command);
    } catch (error) {
      return notRun(`make could not be started: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  async #call(of: Job | RunningWatch, command: Command): Promise<PrimitiveOutcome> {
    const { service, target, timeoutMs, context, definition } = command;
    const { node, stateDir } = this.#options;
    let secrets: Record<string, string>;
    try {
      secrets = await this.#secretsFor(command);
    } catch (error) {
      return notRun(error instanceof Error ? error.message : String(error));
    }
    const environment = primitiveEnvironment(node, stateDir, definition, context, secrets);
    await mkdir(environment.SRRD_STATE_DIR, { recursive: true, mode: 0o700 });
    if (definition.user !== undefined) await openTheWay(stateDir, environment.SRRD_STATE_DIR);
    await this.#starts.turn();
    const pipe = await this.#pipes.take();
    // A call that is killed so early is started all the same, and killed: one path, and a few ms at most.
    of.call = startCall({
      definition,
      target,
      environment,
      secrets: maskable(secrets),
      timeoutMs,
      pipe,
      mountNamespace: this.#options.mountNamespace ?? null,
      onRunning: (processGroup, running) => this.#record(service, target, processGroup, running),
    });
    if (of.killed) of.call.kill();
    return await of.call.outcome;
  }

  /** Throws a sentence, but not for what ends a service: that it goes on running would be worse. */
  async #secretsFor({ service, target, definition }: Command): Promise<Record<string, string>> {
    const { variablesFile } = definition;
    if (variablesFile === undefined) return {};
    try {
      return await readVariablesFile(variablesFile, this.#options.stateDir, this.#files);
    } catch (error) {
      if (!ENDING.has(target)) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      this.#options.warn?.(`${target} of ${service} runs without its variablesFile: ${reason}`);
      return {};
    }
  }

  /** A state directory that is full must not keep a service from being stopped. */
  #record(service: string, target: Command['target'], processGroup: number, running: boolean): void {
    try {
      if (running) this.#records.add(processGroup, service, target);
      else this.#records.remove(processGroup);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#options.warn?.(`${target} of ${service} runs without a record in the state directory: ${reason}`);
    }
  }
}

/**
 * Other users may pass through the state directory to a folder of their own, and still not see what else is in it.
 */
async function openTheWay(stateDir: string, serviceDir: string): Promise<void> {
  closeToOthers(stateDir);
  for (const folder of [stateDir, dirname(serviceDir)]) await chmod(folder, 0o711);
}

/** Perhaps of one that the definition has no more: the shell knows, and puts the folder aside (command-line.ts). */
async function isOfAnotherUser(folder: string): Promise<boolean> {
  const stats = await stat(folder).catch(() => null);
  return stats !== null && stats.uid !== 0 && stats.uid !== process.geteuid?.();
}

function killJob(job: Job): void {
  job.killed = true;
  if (job.call === null) job.withdraw();
  else job.call.kill();
}

function killWatch(watch: RunningWatch): void {
  watch.killed = true;
  watch.call?.kill();
}

/** Shorter ones (`80`, `yes`) are no secrets, and stand in much that is worth reading. */
const SHORTEST_SECRET = 4;

/** What a recipe would show of its file of variables: make itself prints each command that has no `@`. */
function maskable(secrets: Readonly<Record<string, string>>): readonly string[] {
  return Object.values(secrets)
    .map((value) => value.trim())
    .filter((value) => value.length >= SHORTEST_SECRET);
}
