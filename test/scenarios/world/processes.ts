import type { Effect, Event } from '../../../src/cluster/index.js';
import type { Primitive } from '../../../src/model/index.js';
import { environment, FREE } from './behaviour.js';
import type { Machine } from './machine.js';

type PrimitiveEnded = Event & { type: 'primitive-ended' };

/** What runs on one machine: services, the primitives that start and stop them, and their watches. */
export class Processes {
  /** The services that really run. */
  readonly running = new Set<string>();
  /** How to end the primitives that run, by the number of their call. */
  readonly #calls = new Map<number, () => void>();
  /** The run numbers of the watches that run, by service. */
  readonly #watches = new Map<string, number>();
  readonly #machine: Machine;

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  call({ service, primitive, run, timeoutMs, context }: Effect & { type: 'run' }): void {
    const machine = this.#machine;
    const { result, durationMs, reason, once } = machine.behaviours.get(`${service} ${primitive}`) ?? FREE;
    if (once) machine.behaviours.delete(`${service} ${primitive}`);
    const again = context.recall === 0 ? '' : ` (recall ${context.recall})`;
    const about = context.peer === null ? '' : ` for ${context.peer}`;
    const told = machine.tellsEnvironment ? environment(context) : '';
    machine.say(`${service} runs ${primitive}${about}${this.#otherMakefile(service)}${again}${told}`);
    const took = result === 'hangs' ? timeoutMs : Math.min(durationMs, timeoutMs);
    const cancel = machine.later(took, () => {
      this.#calls.delete(run);
      if (result === 'hangs' || durationMs > timeoutMs) {
        const text = `${primitive} did not end within ${timeoutMs / 1000} s`;
        this.#ended(service, primitive, run, { result: 'timed-out', reason: text, output: '' });
      } else if (result === 'fails') {
        this.#ended(service, primitive, run, { result: 'failed', reason, output: reason });
      } else if (result === 'recalls') {
        this.#ended(service, primitive, run, { result: 'recall', output: '' });
      } else {
        if (primitive === 'start' || primitive === 'restart') this.running.add(service);
        if (primitive === 'stop') this.running.delete(service);
        this.#ended(service, primitive, run, { result: 'succeeded', output: reason });
      }
    });
    if (primitive === 'start' && result !== 'fails') this.running.add(service);
    this.#calls.set(run, cancel);
  }

  kill(service: string, run: number): void {
    const machine = this.#machine;
    this.#calls.get(run)?.();
    this.#calls.delete(run);
    machine.say(`${service} primitive killed`);
    const primitive = machine.engine?.state.replicas.get(service)?.job?.primitive ?? 'start';
    machine.later(1, () => this.#ended(service, primitive, run, { result: 'killed' }));
  }

  watch(service: string, run: number): void {
    this.#machine.say(`${service} is watched`);
    this.#watches.set(service, run);
    const { result, durationMs, reason } = this.#machine.behaviours.get(`${service} watch`) ?? FREE;
    if (result === 'fails') this.#machine.later(durationMs, () => this.#endWatch(service, run, reason));
  }

  unwatch(service: string): void {
    this.#watches.delete(service);
    this.#machine.say(`${service} watch is ended`);
  }

  /** What runs there ends, by itself or by hand. Only its watch sees it. */
  end(service: string): void {
    this.running.delete(service);
    const run = this.#watches.get(service);
    if (run !== undefined) this.#endWatch(service, run, 'its process has ended');
  }

  /** Its primitives and watches die with it, services run on. */
  daemonDies(): void {
    for (const cancel of this.#calls.values()) cancel();
    this.#calls.clear();
    this.#watches.clear();
  }

  powerLost(): void {
    this.running.clear();
  }

  /** Said only where the definition has a Makefile of another name than the service's. */
  #otherMakefile(service: string): string {
    const folder = this.#machine.engine?.state.replicas.get(service)?.definition.makefile.split('/').at(-2);
    return folder === undefined || folder === service ? '' : ` of ${folder}`;
  }

  #ended(service: string, primitive: Primitive, run: number, outcome: PrimitiveEnded['outcome']): void {
    this.#machine.handle({ type: 'primitive-ended', service, primitive, run, outcome, unixSeconds: 1_000_000 });
  }

  #endWatch(service: string, run: number, reason: string): void {
    if (this.#watches.get(service) !== run) return;
    this.#watches.delete(service);
    this.#machine.handle({ type: 'watch-ended', service, run, reason });
  }
}
