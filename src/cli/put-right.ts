import { setTimeout as delay } from 'node:timers/promises';
import type { Look, Plan, SetupOf } from '../setup/index.js';
import type { Context } from './context.js';
import { askView } from './daemon-view.js';
import { printable } from './printable.js';

/** Not at the start of a file: it loads what all other commands do without. */
export const setup = () => import('../setup/index.js');

export const DEFAULT_CONFIGURATION = '/etc/srrd/srrd.yaml';
export const DEFAULT_NFTABLES = '/etc/nftables.conf';

/** systemd calls FRR started when its daemons run; their configuration is given to them after that. */
const STARTED_WITHIN_MS = 30_000;
const LOOK_AGAIN_MS = 1_000;

/** It has been said what is still so. */
export class StillSoError extends Error {
  override readonly name = 'StillSoError';
}

export interface MachineOptions {
  readonly config?: string;
  readonly frrDir?: string;
  readonly nftablesFile?: string;
}

/** Where this machine's files are. */
export function machine(context: Context, { config, frrDir, nftablesFile }: MachineOptions): SetupOf {
  const given = context.options().socket;
  return {
    configFile: config ?? DEFAULT_CONFIGURATION,
    frrDirectory: frrDir ?? null,
    nftablesFile: nftablesFile ?? DEFAULT_NFTABLES,
    askDaemon: (configured) => askView(given ?? configured),
  };
}

/** Carries a plan out and says so; `again` is the plan of what is left then. Throws a StillSoError if something is. */
export async function putRight(
  { output }: Context,
  look: Look,
  plan: Plan,
  again: () => Promise<{ readonly look: Look; readonly plan: Plan }>,
): Promise<void> {
  const { applyPlan, describePlan, isEmpty } = await setup();
  const { copies, words, restartLeft } = await applyPlan(plan, look, new Date());
  const kept = copies.map(({ file, copy }) => `  ${file} as it was: ${copy}`);
  const next = [...(restartLeft ? ['Restart FRR now: systemctl restart frr'] : []), ...takenWith(plan, look)];
  output.out(printable(`${['Done. --undo puts it back.', ...kept, ...words, ...next].join('\n')}\n`));
  if (restartLeft) return;
  const until = performance.now() + (plan.restart === null ? 0 : STARTED_WITHIN_MS);
  let after = await again();
  while (!isEmpty(after.plan) && performance.now() < until) {
    await delay(LOOK_AGAIN_MS);
    after = await again();
  }
  const left = { ...after.plan, notes: [] };
  if (isEmpty(left)) return;
  output.err(printable(`srrctl: it is still so:\n${describePlan(left, after.look)}\n`));
  throw new StillSoError('it is not put right');
}

/** docs/configuration.md says what is in effect without a restart. */
export function takenWith({ edits }: Pick<Plan, 'edits'>, { configFile }: Pick<Look, 'configFile'>): readonly string[] {
  const own = edits.filter(({ file }) => file === configFile);
  const how = own.every(({ check }) => check === 'trust' || check === 'isolation') ? 'reload-or-restart' : 'restart';
  return own.length === 0 ? [] : [`srrd takes its configuration with: systemctl ${how} srrd`];
}

/** Puts back what was done last. */
export async function undo({ output }: Context, { config }: MachineOptions): Promise<void> {
  const { configurationOf, undoLast } = await setup();
  const undone = await undoLast(configurationOf(config ?? DEFAULT_CONFIGURATION));
  if (undone === null) return output.out('There is nothing to undo.\n');
  const { at, files, problems, restartLeft } = undone;
  const lines = [
    `As it was before ${at}: ${files.join(', ') || 'what the daemons of FRR run with'}`,
    ...(restartLeft ? ['Restart FRR now: systemctl restart frr'] : []),
  ];
  output.out(printable(`${lines.join('\n')}\n`));
  if (problems.length === 0) return;
  output.err(printable(`srrctl: not put back: ${problems.join('; ')}. --undo tries that again\n`));
  throw new StillSoError('not all was put back');
}
