import { API_PREFIX } from '../../tables/index.js';
import { type ToldNode, toldDaemon } from '../chosen-daemon.js';
import { askDaemon, RefusedError } from '../client.js';
import { UnreachableError } from '../connection.js';
import { type Context, get, getStatus } from '../context.js';
import { type DaemonAddress, inWords } from '../daemon-address.js';
import { UsageError } from '../exit.js';

/** A node that is asked itself, by its own API: what the asker may do counts on each. */
export interface AskedNode {
  readonly name: string;
  /** Dotted quad. */
  readonly routerId: string;
  /** A sentence: it cannot be asked. */
  readonly daemon: DaemonAddress | { readonly problem: string };
}

interface Session {
  readonly user: string;
  readonly role: string;
  readonly node: { readonly routerId: string | null; readonly name: string };
}

const ANSWER_WITHIN_MS = 10_000;

/** The nodes of the cluster as the chosen daemon knows them. */
export async function clusterNodes(context: Context): Promise<{ self: string | null; nodes: readonly ToldNode[] }> {
  const { node, nodes } = await getStatus(context);
  return { self: node.routerId, nodes };
}

/**
 * Those that are meant by `all`, or by names and router IDs with commas between, each by itself and as an admin.
 * undefined: the chosen daemon's node alone. Throws a UsageError for names that no node has.
 */
export async function askedNodes(context: Context, wanted: string | undefined): Promise<readonly AskedNode[]> {
  const { self, nodes } = await clusterNodes(context);
  if (wanted === undefined) return [await theChosen(context)];
  const meant = wanted === 'all' ? nodes : wanted.split(',').map((name) => nodeCalled(name.trim(), nodes));
  return Promise.all(
    [...new Set(meant)].map(async (node) => ({
      name: node.name,
      routerId: node.routerId,
      daemon: await reached(context, node, node.routerId === self),
    })),
  );
}

async function theChosen(context: Context): Promise<AskedNode> {
  const daemon = await context.daemon();
  const { node, user, role } = await get<Session>(context, '/session');
  const { name, routerId } = node;
  const problem = role === 'admin' ? null : noAdmin(user, role, name);
  return { name, routerId: routerId ?? name, daemon: problem === null ? daemon : { problem } };
}

function nodeCalled(name: string, nodes: readonly ToldNode[]): ToldNode {
  const [found, another] = nodes.filter((node) => node.name === name || node.routerId === name);
  if (found !== undefined && another === undefined) return found;
  const known = nodes.map((node) => node.name).join(', ');
  throw new UsageError(
    found === undefined
      ? `--nodes: expected all, or nodes of the cluster (${known}), got ${name}`
      : `--nodes: several nodes are called ${name}; give the router ID`,
  );
}

async function reached(context: Context, node: ToldNode, isChosen: boolean): Promise<AskedNode['daemon']> {
  try {
    const address = isChosen ? await context.daemon() : await toldDaemon(context.options(), node);
    const asked = { address, method: 'GET', path: `${API_PREFIX}/session`, timeoutMs: ANSWER_WITHIN_MS } as const;
    const session = (await askDaemon(asked)) as Session;
    const { routerId, name } = session.node;
    if (routerId !== node.routerId) {
      const other = `${name} (${routerId ?? 'router ID not known yet'})`;
      return { problem: `what answers at ${inWords(address)} is ${other}, not ${node.name} (${node.routerId})` };
    }
    return session.role === 'admin' ? address : { problem: noAdmin(session.user, session.role, name) };
  } catch (error) {
    return { problem: problemOf(error) };
  }
}

function noAdmin(user: string, role: string, name: string): string {
  return `${user} is ${role} on ${name}: definitions are for an admin (web.access there)`;
}

/** What keeps one node from it is no reason to end. Throws what is a fault of ours. */
export function problemOf(error: unknown): string {
  if (error instanceof UnreachableError || error instanceof RefusedError || error instanceof UsageError)
    return error.message;
  throw error;
}
