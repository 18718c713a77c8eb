import type { Plan, PlannedAction } from './plan.js';
import { type RunOptions, type RunResult, simulate } from './simulation.js';

/** At most so many runs are spent on making a schedule smaller. */
const MOST_RUNS = 400;

/**
 * Leaves out faults, operations, services and nodes' definitions while the run still fails in the same way. Returns the
 * smallest plan that was found.
 */
export function shrink(plan: Plan, { actions, violation }: RunResult, options: RunOptions): Plan {
  const kind = violation?.kind ?? '';
  let runs = 0;
  const fails = (candidate: Plan): boolean => {
    if (runs++ >= MOST_RUNS) return false;
    return failsLike(simulate(candidate, options), kind);
  };
  // From here on the schedule is what it is, however little happens.
  const fixed = { ...plan, actions: plan.actions.slice(0, actions), leastActions: Number.POSITIVE_INFINITY };
  let smallest = withoutServices(fails(fixed) ? fixed : plan, fails);
  for (let size = Math.ceil(smallest.actions.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    smallest = withoutActions(smallest, size, fails);
  }
  return withoutServices(smallest, fails);
}

function failsLike({ violation }: RunResult, kind: string): boolean {
  return violation !== null && violation.kind === kind;
}

/** Tries to leave out runs of `size` actions, the last ones first. */
function withoutActions(plan: Plan, size: number, fails: (plan: Plan) => boolean): Plan {
  let smallest = plan;
  for (let end = plan.actions.length; end > 0; end -= size) {
    const from = Math.max(0, end - size);
    const actions: PlannedAction[] = smallest.actions.filter((_, index) => index < from || index >= end);
    const candidate = { ...smallest, actions };
    if (fails(candidate)) smallest = candidate;
  }
  return smallest;
}

function withoutServices(plan: Plan, fails: (plan: Plan) => boolean): Plan {
  let smallest = plan;
  const services = new Set(plan.definitions.flatMap((definitions) => [...definitions.keys()]));
  for (const service of services) {
    const definitions = smallest.definitions.map((each) => {
      const rest = [...each].filter(([name]) => name !== service);
      return new Map(
        rest.map(([name, definition]) => [
          name,
          { ...definition, dependsOn: definition.dependsOn.filter((needed) => needed !== service) },
        ]),
      );
    });
    const candidate = { ...smallest, definitions };
    if (fails(candidate)) smallest = candidate;
  }
  return smallest;
}
