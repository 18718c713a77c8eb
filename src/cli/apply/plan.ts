import { definitionsBase, editedDefinition } from '../../config/index.js';
import { API_PREFIX } from '../../tables/index.js';
import { askDaemon, RefusedError } from '../client.js';
import type { DaemonAddress } from '../daemon-address.js';
import type { AppliedDefinition, Keys } from './applied-file.js';
import { type Change, changeOf } from './differences.js';
import { wantedOn } from './for-node.js';
import { type AskedNode, problemOf } from './nodes.js';
import { ANSWER_WITHIN_MS, exportedDefinitions, listedDefinitions } from './on-node.js';

/** What is to happen on one node. */
export interface Plan {
  readonly node: AskedNode;
  readonly changes: readonly Change[];
  /** Services of the node that are in no file, and stay. */
  readonly others: readonly string[];
  /** As YAML, what is to be saved. */
  readonly yaml: string;
  /** A hash of what the node had when this was made, which it must still have. */
  readonly base: string;
  /** Why it cannot be, in a sentence; null: the node would take it. */
  readonly problem: string | null;
}

/** Asks the node what it has, and whether it would take the rest. Nothing is changed. */
export async function planFor(
  node: AskedNode,
  definitions: readonly AppliedDefinition[],
  prune: boolean,
): Promise<Plan> {
  const nothing = { node, changes: [], others: [], yaml: '', base: '' };
  if ('problem' in node.daemon) return { ...nothing, problem: node.daemon.problem };
  try {
    const entries = await listedDefinitions(node.daemon);
    // A file whose name and text disagree would be deleted for the wrong service.
    if (prune) await exportedDefinitions(node.daemon, entries);
    const present = new Map(entries.map(({ name, definition }) => [name, definition]));
    const { changes, others, yaml } = differencesFor(node, definitions, present, prune);
    const plan = { node, changes, others, yaml, base: definitionsBase(entries), problem: null };
    if (changes.length > 0) await applyTo(node.daemon, plan, true);
    return plan;
  } catch (error) {
    return { ...nothing, problem: problemOf(error) };
  }
}

/** Does what the plan says. What the node says of it; throws if it does not take it after all. */
export async function carryOut({ node, ...plan }: Plan): Promise<string> {
  if ('problem' in node.daemon) return node.daemon.problem;
  return applyTo(node.daemon, plan, false);
}

interface Differences {
  readonly changes: readonly Change[];
  readonly others: readonly string[];
  readonly yaml: string;
}

/** `present`: what the node has, by name. */
export function differencesFor(
  node: Pick<AskedNode, 'name' | 'routerId'>,
  definitions: readonly AppliedDefinition[],
  present: ReadonlyMap<string, Keys>,
  prune: boolean,
): Differences {
  const changes: Change[] = [];
  const texts: string[] = [];
  const wantedHere = new Set<string>();
  for (const definition of definitions) {
    const { name, text } = definition;
    const wanted = wantedOn(definition, node, present.get(name));
    if (wanted === null) continue;
    wantedHere.add(name);
    const change = changeOf(name, present.get(name), wanted);
    if (change === null) continue;
    changes.push(change);
    texts.push(editedDefinition(text, wanted));
  }
  const others = [...present.keys()].filter((name) => !wantedHere.has(name));
  const deleted = prune ? others.flatMap((name) => changeOf(name, present.get(name), null) ?? []) : [];
  return { changes: [...changes, ...deleted], others: prune ? [] : others, yaml: texts.join('---\n') };
}

async function applyTo(
  address: DaemonAddress,
  { changes, yaml, base }: Pick<Plan, 'changes' | 'yaml' | 'base'>,
  check: boolean,
): Promise<string> {
  const deleted = changes.filter(({ kind }) => kind === 'deleted').map(({ service }) => service);
  const remove = deleted.length === 0 ? '' : `&delete=${encodeURIComponent(deleted.join(','))}`;
  const path = `${API_PREFIX}/definitions/apply?check=${check}&base=${base}${remove}`;
  // An empty body has no type.
  const body = { yaml: yaml === '' ? '# nothing is saved\n' : yaml };
  try {
    const answer = await askDaemon({ address, method: 'POST', path, body, timeoutMs: ANSWER_WITHIN_MS });
    return (answer as { readonly text: string }).text;
  } catch (error) {
    if (error instanceof RefusedError && error.code === 'unknown-route') throw new RefusedError(TOO_OLD, error.code);
    throw error;
  }
}

const TOO_OLD =
  'it runs a version of srrd that cannot be asked what it would do: bring it to this version, or leave it out (--nodes)';
