import type { Context } from '../context.js';
import { EXIT, ExitError } from '../exit.js';
import { printable } from '../printable.js';
import { type AppliedDefinition, readApplied } from './applied-file.js';
import { describeChange } from './differences.js';
import { askedNodes, clusterNodes, problemOf } from './nodes.js';
import { carryOut, type Plan, planFor } from './plan.js';

export interface ApplyOptions {
  readonly json?: true;
  /** `all`, or names with commas between; undefined: the node that is asked. */
  readonly nodes?: string;
  readonly prune?: true;
  readonly dryRun?: true;
}

/** What became of one node; `said`: by the node itself. */
interface Outcome {
  readonly plan: Plan;
  readonly outcome: 'same' | 'would change' | 'not changed' | 'changed' | 'failed';
  readonly said: string | null;
}

/** Brings the definitions of nodes to what the files say, on all of them or, if one would not take it, on none. */
export async function apply(context: Context, paths: readonly string[], options: ApplyOptions): Promise<void> {
  const definitions = readApplied(paths);
  await warnOfStrangers(context, definitions);
  const nodes = await askedNodes(context, options.nodes);
  const plans = await Promise.all(nodes.map((node) => planFor(node, definitions, options.prune === true)));
  const tell = (text: string) => {
    if (options.json === undefined) context.output.out(printable(`${text}\n`));
  };
  for (const plan of plans) tell(describePlan(plan));
  const outcomes = await outcomesOf(plans, options.dryRun === true);
  for (const outcome of outcomes) if (outcome.said !== null) tell(`${outcome.plan.node.name}: ${outcome.said}`);
  const failed = outcomes.filter(({ outcome, plan }) => outcome === 'failed' || plan.problem !== null);
  tell(summary(outcomes, failed.length, options.dryRun === true));
  if (options.json !== undefined) context.output.out(`${JSON.stringify(outcomes.map(asDocument), null, 2)}\n`);
  if (failed.length > 0) throw new ExitError(EXIT.refused);
}

async function outcomesOf(plans: readonly Plan[], dryRun: boolean): Promise<readonly Outcome[]> {
  const isRefused = plans.some(({ problem }) => problem !== null);
  return Promise.all(
    plans.map(async (plan): Promise<Outcome> => {
      if (plan.problem !== null) return { plan, outcome: 'failed', said: null };
      if (plan.changes.length === 0) return { plan, outcome: 'same', said: null };
      if (isRefused) return { plan, outcome: 'not changed', said: null };
      if (dryRun) return { plan, outcome: 'would change', said: null };
      try {
        return { plan, outcome: 'changed', said: await carryOut(plan) };
      } catch (error) {
        return { plan, outcome: 'failed', said: `FAILED: ${problemOf(error)}` };
      }
    }),
  );
}

function describePlan({ node, changes, others, problem }: Plan): string {
  if (problem !== null) return `${node.name}: FAILED: ${problem}`;
  const rest = others.length === 0 ? [] : [`  not in the files, and left alone: ${others.join(', ')}`];
  if (changes.length === 0) return [`${node.name}: nothing differs`, ...rest].join('\n');
  return [`${node.name}:`, ...changes.map((change) => `  ${describeChange(change)}`), ...rest].join('\n');
}

function summary(outcomes: readonly Outcome[], failed: number, dryRun: boolean): string {
  const count = (wanted: Outcome['outcome']) => outcomes.filter(({ outcome }) => outcome === wanted).length;
  const refused = outcomes.filter(({ plan }) => plan.problem !== null).map(({ plan }) => plan.node.name);
  if (refused.length > 0) return `Nothing was changed on any node, because of ${refused.join(', ')}.`;
  if (dryRun) return `Nothing was changed: --dry-run. ${count('would change')} of ${outcomes.length} nodes would be.`;
  if (failed > 0) return `${count('changed')} nodes were changed, ${failed} failed. Once that is mended, apply again.`;
  return `${count('changed')} of ${outcomes.length} nodes were changed.`;
}

function asDocument({ plan, outcome, said }: Outcome) {
  const { node, changes, others, problem } = plan;
  return { node: node.name, routerId: node.routerId, outcome, changes, others, problem, said };
}

/** A name that no node has may be a slip of the pen, or a node that is switched off. */
async function warnOfStrangers(context: Context, definitions: readonly AppliedDefinition[]): Promise<void> {
  const { nodes } = await clusterNodes(context);
  const known = new Set(nodes.flatMap(({ name, routerId }) => [name, routerId]));
  for (const { file, nodes: sections } of definitions) {
    const strangers = Object.keys(sections).filter((name) => !known.has(name));
    if (strangers.length === 0) continue;
    context.output.err(printable(`srrctl: ${file}: nodes: no node is called ${strangers.join(', ')} now\n`));
  }
}
