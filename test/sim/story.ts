import { planRun } from './plan-run.js';
import { shrink } from './shrink.js';
import { simulate } from './simulation.js';

/** Replays a seed. Returns the transcript; of a run that fails the shrunk one, unless `whole`. */
export function tellSeed(
  seed: number,
  options: { readonly strictExclusion: boolean; readonly whole: boolean; readonly differing: boolean },
): string[] {
  const { strictExclusion, whole, differing } = options;
  const plan = planRun(seed, differing);
  const result = simulate(plan, { strictExclusion, coverage: false });
  const { violation } = result;
  const shown = violation === null || whole ? plan : shrink(plan, result, strictExclusion);
  const lines = [
    `seed ${seed}: ${violation === null ? 'no violation' : `${violation.kind}: ${violation.text}`}`,
    `${plan.nodes.length} nodes, ${plan.transitRouters.length} other routers, links ${plan.links.map((link) => link.join('-')).join(' ')}`,
    `OSPF: ${JSON.stringify(plan.ospf)}`,
  ];
  if (shown !== plan) lines.push(`shrunk from ${result.actions} to ${shown.actions.length} faults and operations`);
  simulate(shown, { strictExclusion, coverage: false, tell: (line) => lines.push(line) });
  return lines;
}
