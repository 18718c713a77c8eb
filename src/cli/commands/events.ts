import { InvalidArgumentError, Option } from 'commander';
import type { NodeStatus } from '../../cluster/index.js';
import type { ClusterEvent } from '../../events/index.js';
import { RefusedError } from '../client.js';
import { type Context, described, get, getStatus, type JsonOption, query } from '../context.js';
import { follow } from '../follow.js';
import { printableLine } from '../printable.js';

const KINDS: readonly ClusterEvent['kind'][] = [
  'state',
  'command',
  'failure',
  'member',
  'lease',
  'node',
  'configuration',
];

interface EventsOptions extends JsonOption {
  readonly follow?: true;
  readonly number: number;
  readonly service?: string;
  readonly node?: string;
  readonly kind?: ClusterEvent['kind'];
  readonly text?: string;
}

/** The most that the API returns at once. */
const PAGE = 1000;

export function addEvents(context: Context): void {
  const command = context.program.command('events');
  described(
    command,
    'show what happened in the cluster, the newest last',
    'srrctl events --service WEB',
    'srrctl events -f --kind failure',
    'srrctl events -n all --service WEB --json > events.jsonl',
  )
    .option('-f, --follow', 'and what happens from now on, until Ctrl-C')
    .option('-n, --number <count>', 'at most so many of those that happened, or all that are kept', readCount, 50)
    .option('--service <service>', 'of this service only')
    .option('--node <node>', 'on this node only: router ID or name')
    .addOption(new Option('--kind <kind>', 'of this kind only').choices(KINDS))
    .option('--text <text>', 'anywhere in the line')
    .action((options: EventsOptions) => showEvents(context, options));
}

async function showEvents(context: Context, options: EventsOptions): Promise<void> {
  const { output } = context;
  const { nodes } = await getStatus(context);
  const routerId = options.node === undefined ? undefined : routerIdOf(options.node, nodes);
  const { service, kind, text } = options;
  const filter = { service, node: routerId, kind, text };
  let last = 0;
  const tell = (event: ClusterEvent) => {
    if (event.seq <= last) return;
    last = event.seq;
    output.out(options.json ? `${JSON.stringify(event)}\n` : `${printableLine(describe(event, nodes))}\n`);
  };
  const limit = options.number;
  if (!options.follow) {
    for (const event of await newest(context, filter, limit)) tell(event);
    return;
  }
  // Not at the start of the file: it loads zod, which all other commands do without.
  const { matcher } = await import('../../events/index.js');
  const matches = matcher(filter);
  // What happened is asked for when the stream is open, so that nothing falls between the two.
  const opened = async () => {
    const events = await newest(context, filter, last === 0 ? limit : PAGE);
    for (const event of events) tell(event);
  };
  await follow(context, { opened }, ({ event, data }) => {
    if (event === 'event' && matches(data as ClusterEvent)) tell(data as ClusterEvent);
  });
}

/** Throws where two nodes say they have the name: events of the one are not those of the other. */
function routerIdOf(wanted: string, nodes: readonly NodeStatus[]): string {
  const named = nodes.filter(({ name }) => name === wanted).map(({ routerId }) => routerId);
  if (named.length > 1)
    throw new RefusedError(`${named.join(' and ')} are both called ${wanted}; give the router ID`, 'not-understood');
  return named[0] ?? wanted;
}

function readCount(text: string): number {
  if (text === 'all') return Number.POSITIVE_INFINITY;
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('Expected a number of events, or "all".');
  return Number(text);
}

/** Oldest first. */
async function newest(context: Context, filter: object, count: number): Promise<ClusterEvent[]> {
  const found: ClusterEvent[] = [];
  while (found.length < count) {
    const before = found.at(-1)?.seq;
    const limit = Math.min(PAGE, count - found.length);
    const { events } = await get<{ events: ClusterEvent[] }>(context, `/events${query({ ...filter, before, limit })}`);
    found.push(...events);
    if (events.length < limit) break;
  }
  return found.reverse();
}

/** `2026-01-02 03:04:05.678  beta  WEB  active/stopped -> active/starting: claim 3`; times are UTC. */
function describe({ at, node, service, kind, text }: ClusterEvent, nodes: readonly NodeStatus[]): string {
  const where = nodes.find(({ routerId }) => routerId === node)?.name ?? node;
  const what = kind === 'failure' ? `FAILURE ${text}` : text;
  const time = at.replace('T', ' ').replace('Z', '');
  return [time, (where || '(here)').padEnd(10), (service ?? '').padEnd(10), what].join('  ');
}
