import { resolve } from 'node:path';
import { InvalidArgumentError } from 'commander';
import type { Plan, Wishes } from '../setup/index.js';
import { askSecret } from './ask-secret.js';
import type { Context } from './context.js';
import { UsageError } from './exit.js';
import { printable } from './printable.js';
import { type MachineOptions, machine, putRight, setup, undo } from './put-right.js';

interface SetupOptions extends MachineOptions {
  readonly interface?: readonly string[];
  readonly area?: string;
  readonly routerId?: string;
  readonly priority?: number;
  readonly keyFile?: string;
  readonly name?: string;
  readonly pki?: string;
  readonly authority?: true;
  readonly sign?: true;
  readonly apply?: true;
  readonly undo?: true;
}

const HELP = `
It looks at this machine and shows what it would change, each file as a diff, and the lines that FRR's daemons are told. With
--apply it does so: ospfd and its API, BFD, timers, OSPF's priority and authentication, the nftables rule, srrd.yaml, and
certificates. It keeps a copy of each file, and --undo puts back what was done last. What is set up already stays as it is.

The key of OSPF's authentication is asked for, or is the first line of --key-file. It is not shown.

Examples:
  srrctl setup
  srrctl setup --interface eth0 --priority 0 --key-file /root/ospf-key --apply
  srrctl setup --undo

Exit codes: 0 done, or shown; 1 it cannot be done, or is not done.
`;

export function addSetup(context: Context): void {
  context.program
    .command('setup')
    .description('make this machine a node: show what would be changed, do it, or undo it')
    .option(
      '--interface <names>',
      'what is to speak OSPF, with commas between (default: what does, or the only one)',
      names,
    )
    .option('--area <area>', 'their OSPF area (default: that of the others, or 0.0.0.0)', quad)
    .option('--router-id <id>', "the node's router ID (default: ospfd's, or its address)", quad)
    .option('--priority <number>', 'OSPF priority; 0 where routers without srrd share the link', priority)
    .option('--key-file <file>', "OSPF's key is its first line; nobody else may read it")
    .option('--name <name>', "the node's name (default: the host name)")
    .option('--pki <folder>', 'certificates (default: /etc/srrd/pki)')
    .option('--authority', "make the cluster's certificate authority there: on one node")
    .option('--sign', "make this node's key, and sign what it announces (trust: sign)")
    .option('--config <file>', "srrd's configuration (default: /etc/srrd/srrd.yaml)")
    .option('--frr-dir <folder>', "where FRR's files are, instead of vty.configDir of srrd's configuration")
    .option('--nftables-file <file>', "nftables' rules (default: /etc/nftables.conf)")
    .option('--apply', 'do it')
    .option('--undo', 'put back what --apply has changed last')
    .addHelpText('after', HELP)
    .action(async (options: SetupOptions) => {
      if (options.undo && options.apply) throw new UsageError('expected either --apply or --undo');
      return options.undo ? undo(context, options) : setUp(context, options);
    });
}

async function setUp(context: Context, options: SetupOptions): Promise<void> {
  const { describePlan, isEmpty, lookAround, planFor } = await setup();
  const of = machine(context, options);
  const look = await lookAround(of);
  const { wishes, plan } = await withKey(options, (wanted) => planFor(look, wanted));
  const { output } = context;
  if (isEmpty(plan)) {
    const notes = describePlan(plan, look);
    return output.out(printable(`There is nothing to set up.\n${notes === '' ? '' : `${notes}\n`}`));
  }
  output.out(printable(`${describePlan(plan, look)}\n`));
  if (!options.apply) return output.out('Nothing was changed: --apply does it.\n');
  await putRight(context, look, plan, async () => {
    const now = await lookAround(of);
    return { look: now, plan: withoutLater(planFor(now, wishes)) };
  });
  output.out('srrctl doctor says what is left, once the neighbours are there.\n');
}

/** That there are two routers only is known when the neighbour is there: that is for another time. */
function withoutLater(plan: Plan): Plan {
  return { ...plan, edits: plan.edits.filter(({ check }) => check !== 'isolation') };
}

/** Asks for the key where one is missing, before anything is changed. */
async function withKey(
  options: SetupOptions,
  plan: (wishes: Wishes) => Plan,
): Promise<{ readonly wishes: Wishes; readonly plan: Plan }> {
  const { checkedKey } = await setup();
  const wishes = await wishesOf(options);
  const first = plan(wishes);
  if (!first.needsKey || !options.apply) return { wishes, plan: first };
  const typed = await askSecret("OSPF's key, the same on every router of the link (empty: without authentication): ");
  if (typed === null) return { wishes, plan: first };
  const known = { ...wishes, key: checkedKey(typed, 'the key') };
  return { wishes: known, plan: plan(known) };
}

async function wishesOf(options: SetupOptions): Promise<Wishes> {
  const { keyIn, NO_WISHES } = await setup();
  return {
    interfaces: options.interface ?? [],
    area: options.area ?? null,
    routerId: options.routerId ?? null,
    priority: options.priority ?? null,
    key: options.keyFile === undefined ? null : keyIn(options.keyFile),
    name: options.name ?? null,
    pki: options.pki === undefined ? NO_WISHES.pki : resolve(options.pki),
    authority: options.authority ?? false,
    sign: options.sign ?? false,
  };
}

function names(text: string): readonly string[] {
  const list = text.split(',').map((name) => name.trim());
  const wrong = list.find((name) => !/^[A-Za-z0-9._:-]{1,15}$/.test(name));
  if (wrong === undefined) return list;
  throw new InvalidArgumentError(`expected names of interfaces, got ${JSON.stringify(wrong)}`);
}

function quad(text: string): string {
  const parts = text.split('.');
  const isQuad = parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256);
  if (isQuad) return text;
  throw new InvalidArgumentError('expected four numbers such as 10.0.0.1');
}

function priority(text: string): number {
  const value = Number(text);
  if (/^\d{1,3}$/.test(text) && value < 256) return value;
  throw new InvalidArgumentError('expected a number from 0 to 255');
}
