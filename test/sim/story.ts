import type * as AdversaryKit from './adversary/index.js';
import { planRun } from './plan-run.js';
import { shrink } from './shrink.js';
import { simulate } from './simulation.js';

/** Replays a seed. Returns the transcript; of a run that fails the shrunk one, unless `whole`. */
export function tellSeed(
  seed: number,
  options: {
    readonly strictExclusion: boolean;
    readonly whole: boolean;
    readonly differing: boolean;
    /** A router without a key, if one is there. */
    readonly isBelieved: boolean;
    /** null: none is there. */
    readonly adversary: typeof AdversaryKit | null;
  },
): string[] {
  const { strictExclusion, whole, differing, adversary, isBelieved } = options;
  const planned = planRun(seed, differing);
  const plan = adversary?.withAdversary(planned, isBelieved) ?? planned;
  const run = { strictExclusion, coverage: false, makeAdversary: adversary?.makeAdversary ?? null };
  const result = simulate(plan, run);
  const { violation } = result;
  const shown = violation === null || whole ? plan : shrink(plan, result, run);
  const lines = [
    `seed ${seed}: ${violation === null ? 'no violation' : `${violation.kind}: ${violation.text}`}`,
    `${plan.nodes.length} nodes, ${plan.transitRouters.length} other routers, links ${plan.links.map((link) => link.join('-')).join(' ')}`,
    `OSPF: ${JSON.stringify(plan.ospf)}`,
  ];
  if (shown !== plan) lines.push(`shrunk from ${result.actions} to ${shown.actions.length} faults and operations`);
  simulate(shown, { ...run, tell: (line) => lines.push(line) });
  return lines;
}
