import type { Effect, PrimitiveOutcome } from '../../src/cluster/index.js';
import type { Primitive } from '../../src/model/index.js';
import type { Planned } from './clock.js';
import type { Machine } from './machine.js';
import type { Behaviour } from './plan.js';
import type { Random } from './random.js';
import type { World } from './world.js';

type RunEffect = Extract<Effect, { type: 'run' }>;

interface Call {
  readonly service: string;
  readonly primitive: Primitive;
  readonly run: number;
  readonly timeoutMs: number;
  readonly recall: number;
  /** The daemon's life that called it. */
  readonly life: number;
  readonly begunMs: number;
  planned: Planned | undefined;
}

/** The processes that make starts on one machine, and the services that run because of them. */
export class PrimitiveCalls {
  /** What really runs: from the beginning of `start` to the end of `stop`. */
  readonly running = new Set<string>();
  /** Whose `start` has ended well. */
  readonly started = new Set<string>();
  /** Runs, but does not answer; and what heals it. */
  readonly sick = new Map<string, 'restart' | 'start' | 'repair'>();
  readonly #behaviours = new Map<string, Behaviour>();
  readonly #calls = new Set<Call>();
  readonly #machine: Machine;
  readonly #world: World;
  readonly #random: Random;

  constructor(machine: Machine, world: World, random: Random) {
    this.#machine = machine;
    this.#world = world;
    this.#random = random;
  }

  get busy(): boolean {
    return this.#calls.size > 0;
  }

  behave(service: string, primitive: string, behaviour: Behaviour | null): void {
    if (behaviour === null) this.#behaviours.delete(`${service} ${primitive}`);
    else this.#behaviours.set(`${service} ${primitive}`, behaviour);
  }

  behaviourOf(service: string, primitive: string): Behaviour | undefined {
    return this.#behaviours.get(`${service} ${primitive}`);
  }

  repairAll(): void {
    this.#behaviours.clear();
    this.sick.clear();
  }

  run({ service, primitive, run, timeoutMs, context }: RunEffect): void {
    const { monitor, clock } = this.#world;
    for (const call of this.#calls) {
      if (call.service === service) monitor.overlappingPrimitives(this.#machine, call.primitive, primitive, service);
    }
    if (primitive === 'stop' || primitive === 'restart') this.#machine.watches.mustNotRun(service, primitive);
    monitor.primitiveBegins(this.#machine, service, primitive);
    if (primitive === 'start') this.#begin(service);
    const { life } = this.#machine;
    const call: Call = {
      service,
      primitive,
      run,
      timeoutMs,
      recall: context.recall,
      life,
      begunMs: clock.nowMs,
      planned: undefined,
    };
    this.#calls.add(call);
    const behaviour = this.#behaviours.get(`${service} ${primitive}`) ?? this.#usual();
    const recalls = context.recall < behaviour.recalls;
    const takesMs = recalls ? Math.min(50, behaviour.durationMs) : behaviour.durationMs;
    const late = !recalls && (behaviour.result === 'hangs' || takesMs > timeoutMs);
    call.planned = clock.after(late ? timeoutMs : takesMs, () => {
      if (recalls) this.#end(call, { result: 'recall', output: '' });
      else if (late) this.#failed(call, behaviour, 'timed-out');
      else if (behaviour.result === 'fails' || this.#isSick(call)) this.#failed(call, behaviour, 'failed');
      else this.#succeeded(call);
    });
  }

  kill(service: string, run: number): void {
    for (const call of this.#calls) {
      if (call.service !== service || call.run !== run || call.life !== this.#machine.life) continue;
      this.#drop(call);
      this.#world.clock.after(this.#random.between(0.5, 5), () => this.#tell(call, { result: 'killed' }));
    }
  }

  /** Power is lost: nothing runs any more. */
  powerLost(): void {
    for (const call of this.#calls) this.#drop(call);
    for (const service of [...this.running]) this.#endRunning(service);
  }

  /** A new life of the daemon kills the process groups that an earlier one has recorded. */
  killLeftovers(): void {
    for (const call of this.#calls) this.#drop(call);
  }

  /** A person sees to it that nothing of the service runs here any more. */
  stopByHand(service: string): void {
    this.#endRunning(service);
  }

  #usual(): Behaviour {
    return { result: 'succeeds', durationMs: this.#random.between(1, 30), recalls: 0, leavesRunning: false };
  }

  #isSick({ service, primitive }: Call): boolean {
    return primitive === 'check' && this.sick.has(service);
  }

  #succeeded(call: Call): void {
    const { service, primitive } = call;
    if (primitive === 'start') {
      this.started.add(service);
      if (this.sick.get(service) !== 'repair') this.sick.delete(service);
    }
    if (primitive === 'restart' && this.sick.get(service) === 'restart') this.sick.delete(service);
    if (primitive === 'stop') this.#endRunning(service);
    this.#end(call, { result: 'succeeded', output: '' });
  }

  #failed(call: Call, { leavesRunning }: Behaviour, result: 'failed' | 'timed-out'): void {
    const { service, primitive } = call;
    if ((primitive === 'start' || primitive === 'stop') && !leavesRunning) this.#endRunning(service);
    this.#end(call, { result, reason: `${primitive} ${result}`, output: '' });
  }

  #end(call: Call, outcome: PrimitiveOutcome): void {
    this.#drop(call);
    this.#world.clock.after(0.2, () => this.#tell(call, outcome));
  }

  #tell(call: Call, outcome: PrimitiveOutcome): void {
    const { service, primitive, run, life } = call;
    const machine = this.#machine;
    machine.inProcess(life, () => {
      machine.handle({ type: 'primitive-ended', service, primitive, run, outcome, unixSeconds: machine.unixSeconds() });
    });
  }

  #drop(call: Call): void {
    this.#calls.delete(call);
    this.#world.clock.cancel(call.planned);
  }

  #begin(service: string): void {
    if (this.running.has(service)) return;
    this.running.add(service);
    this.#world.monitor.exclusion.begins(this.#machine, service);
  }

  #endRunning(service: string): void {
    this.started.delete(service);
    if (this.running.delete(service)) this.#world.monitor.exclusion.ends(this.#machine, service);
  }
}
