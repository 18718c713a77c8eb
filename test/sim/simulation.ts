import { Actions } from './actions.js';
import { SimulatedClock } from './clock.js';
import type { Coverage } from './coverage.js';
import { describeMachines } from './describe.js';
import { Exam } from './exam.js';
import { Exclusion, type Overlap } from './exclusion.js';
import { Machine } from './machine.js';
import { Monitor } from './monitor.js';
import { problemAtRest } from './oracle.js';
import { OspfNetwork } from './ospf/network.js';
import { isFault, type Plan } from './plan.js';
import { Random } from './random.js';
import { Repairs } from './repairs.js';
import { type MakeAdversary, Violation, type World } from './world.js';

/** After the last fault or repair the cluster must be at rest within this time, and within so many events that daemons handle. */
const REST_LIMIT_MS = 120_000;
const REST_LIMIT_STEPS = 10_000;
/** And must stay so for this long. */
const STABLE_MS = 14_000;
const LOOK_EVERY_MS = 2_000;

export interface RunOptions {
  /** An unexplained overlap of a resource is a violation. */
  readonly strictExclusion: boolean;
  readonly coverage: boolean;
  readonly tell?: (line: string) => void;
  /** Needed where the plan has one. */
  readonly makeAdversary?: MakeAdversary | null;
}

export interface RunResult {
  readonly seed: number;
  readonly violation: { readonly kind: string; readonly text: string; readonly atMs: number } | null;
  /** Events that a daemon handled. */
  readonly steps: number;
  readonly actions: number;
  readonly faults: number;
  /** From the last repair to rest. */
  readonly rest: Rest;
  readonly overlaps: readonly Overlap[];
  readonly coverage: Coverage | null;
}

interface Rest {
  readonly ms: number;
  readonly steps: number;
}

interface Progress {
  actions: number;
  faults: number;
}

/** Lets the cluster live through the plan and come to rest. The same plan always gives the same result. */
export function simulate(plan: Plan, options: RunOptions): RunResult {
  const clock = new SimulatedClock();
  const exclusion = new Exclusion(options.strictExclusion, kindOf(plan));
  const monitor = new Monitor({ coverage: options.coverage, exclusion });
  const network = new OspfNetwork(clock, new Random(plan.seed, 2), plan.ospf);
  const { tell } = options;
  const world: World = {
    plan,
    clock,
    network,
    monitor,
    adversary: plan.adversary === null ? null : (options.makeAdversary?.(plan) ?? null),
    tell: tell === undefined ? null : (line) => tell(`${(clock.nowMs / 1000).toFixed(4).padStart(9)} s  ${line}`),
  };
  monitor.attach(world);
  let rest: Rest = { ms: 0, steps: 0 };
  let violation: RunResult['violation'] = null;
  const machines: Machine[] = [];
  const progress: Progress = { actions: 0, faults: 0 };
  try {
    rest = liveThrough(world, machines, progress);
  } catch (error) {
    if (!(error instanceof Violation)) throw error;
    violation = { kind: error.kind, text: error.message, atMs: clock.nowMs };
    if (world.tell !== null) for (const line of describeMachines(machines, monitor)) world.tell(line);
    world.tell?.(`VIOLATION (${error.kind}): ${error.message}`);
  }
  return {
    seed: plan.seed,
    violation,
    steps: monitor.steps,
    ...progress,
    rest,
    overlaps: exclusion.overlaps,
    coverage: monitor.coverage,
  };
}

/** A resource is what no node ever calls a service, by mistake or for a while. */
function kindOf({ definitions, actions }: Plan): (service: string) => 'service' | 'resource' {
  const all = definitions.flatMap((each) => [...each.values()]);
  for (const { action } of actions) if (action.type === 'define') all.push(action.definition);
  const services = new Set(all.filter(({ kind }) => kind === 'service').map(({ name }) => name));
  return (service) => (services.has(service) ? 'service' : 'resource');
}

/** Returns how long it took from the last repair to rest. Throws a Violation. */
function liveThrough(world: World, machines: Machine[], progress: Progress): Rest {
  const { plan, clock, network } = world;
  for (const { id, name } of plan.nodes) network.addRouter(id, name);
  plan.transitRouters.forEach((id, index) => {
    network.addRouter(id, `R${index + 1}`);
  });
  const links = plan.links.flatMap(([a, b]) => {
    const [from, to] = [network.routers[a], network.routers[b]];
    return from === undefined || to === undefined ? [] : [network.addLink(from, to)];
  });
  plan.nodes.forEach((node, index) => {
    const router = network.routers[index];
    if (router !== undefined) machines.push(new Machine(index, node, router, world));
  });
  machines.forEach((machine, index) => {
    clock.after(plan.nodes[index]?.bootMs ?? 0, () => machine.boot());
  });
  world.adversary?.begin(world, machines);
  const actions = new Actions(world, machines, links);
  for (const planned of plan.actions) {
    if (isEnough(plan, progress, world.monitor.steps)) break;
    clock.runUntil(planned.atMs, never);
    const acted = actions.act(planned);
    progress.actions++;
    if (acted && isFault(planned)) progress.faults++;
  }
  clock.runUntil(clock.nowMs + plan.calmAfterMs, never);
  const repairs = new Repairs(world, machines, actions);
  repairs.begin();
  world.adversary?.calm();
  const rest = waitForRest(world, machines, repairs);
  if (plan.exam) {
    new Exam(world, machines, () => {
      repairs.note();
      waitForRest(world, machines, repairs);
    }).take();
  }
  return rest;
}

function isEnough(plan: Plan, { actions, faults }: Progress, steps: number): boolean {
  return actions >= plan.leastActions && faults >= plan.leastFaults && steps >= plan.leastSteps;
}

function never(): boolean {
  return false;
}

function waitForRest({ plan, clock, monitor }: World, machines: readonly Machine[], repairs: Repairs): Rest {
  let rest: (Rest & { readonly sinceMs: number }) | null = null;
  let changes = 0;
  for (;;) {
    clock.runUntil(clock.nowMs + LOOK_EVERY_MS, never);
    repairs.lookAfter();
    const problem = problemAtRest(machines, monitor, plan.calm.agreesOnDefinitions);
    const quiet = problem === null && changes === monitor.changes && repairs.lastMs < clock.nowMs;
    changes = monitor.changes;
    const ms = clock.nowMs - repairs.lastMs;
    const steps = monitor.steps - repairs.lastSteps;
    if (!quiet) rest = null;
    else rest ??= { ms, steps, sinceMs: clock.nowMs };
    if (rest !== null && clock.nowMs - rest.sinceMs >= STABLE_MS) {
      const unanswered = monitor.unanswered(60_000);
      if (unanswered !== undefined) throw new Violation('replies', unanswered);
      return rest;
    }
    if (ms > REST_LIMIT_MS || (rest === null && steps > REST_LIMIT_STEPS)) {
      throw new Violation('no rest', problem ?? 'announcements keep changing');
    }
    if (clock.nowMs > 1_200_000) throw new Violation('no rest', `the operator must act again and again; ${problem}`);
  }
}
