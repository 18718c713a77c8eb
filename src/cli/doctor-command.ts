import type { DoctorReport } from '../doctor/index.js';
import { isRemote } from './chosen-daemon.js';
import { type Context, get } from './context.js';
import { askView } from './daemon-view.js';
import { UsageError } from './exit.js';
import { printable } from './printable.js';
import {
  DEFAULT_CONFIGURATION,
  type MachineOptions,
  machine,
  putRight,
  StillSoError,
  setup,
  undo,
} from './put-right.js';

/** The report has been printed, and something in it is broken. */
export class NodeIsBrokenError extends Error {
  override readonly name = 'NodeIsBrokenError';
}

interface DoctorOptions extends MachineOptions {
  readonly json?: true;
  readonly fix?: string;
  readonly keyFile?: string;
  readonly apply?: true;
  readonly undo?: true;
}

/** The doctor of another node takes some seconds, and more on a machine that is ill. */
const EXAMINED_WITHIN_MS = 60_000;

const HELP = `
It looks at FRR, the kernel, the configuration and the definitions itself, and asks srrd if it runs. It changes nothing.
With --node or --url the srrd of that node is asked to do so.

With --fix it shows what it would change on this machine for findings, by the names in brackets behind them: files, lines
for FRR's daemons, nftables. With --apply as well it does so, keeps a copy of each file, and looks again. --undo puts back what
was done last, here or by srrctl setup.

Examples:
  srrctl doctor
  srrctl doctor --fix spf-throttle
  srrctl doctor --fix all --key-file /root/ospf-key --apply
  srrctl doctor --undo

Exit codes: 0 nothing is broken, 1 something is; with --fix: 1 if it is not put right.
`;

export function addDoctor(context: Context): void {
  context.program
    .command('doctor')
    .description('say what is wrong with this node and what to change; nothing is changed')
    .option('--json', 'for programs')
    .option('--config <file>', `srrd's configuration (default: ${DEFAULT_CONFIGURATION})`)
    .option('--frr-dir <folder>', "where FRR's files are, instead of vty.configDir of srrd's configuration")
    .option('--fix <checks>', 'what to put right: names in brackets behind findings, with commas between, or all')
    .option('--key-file <file>', "with --fix authentication: OSPF's key is its first line; nobody else may read it")
    .option('--nftables-file <file>', "nftables' rules (default: /etc/nftables.conf)")
    .option('--apply', 'with --fix: do it')
    .option('--undo', 'put back what --apply has changed last')
    .addHelpText('after', HELP)
    .action(async (options: DoctorOptions) => {
      if (options.undo) return undoHere(context, options);
      if (options.fix !== undefined) return fix(context, options, options.fix);
      if (options.apply) throw new UsageError('--apply is for --fix: expected what to put right');
      // Not at the start of the file: it loads what all other commands do without.
      const { describeReport } = await import('../doctor/index.js');
      const report = isRemote(context.options())
        ? await ofAnother(context, options)
        : await ofThisNode(context, options);
      context.output.out(options.json ? `${JSON.stringify(report, null, 2)}\n` : printable(describeReport(report)));
      if (report.level === 'broken') throw new NodeIsBrokenError('something is broken');
    });
}

async function ofThisNode(context: Context, { config, frrDir }: DoctorOptions): Promise<DoctorReport> {
  const { examine } = await import('../doctor/index.js');
  const given = context.options().socket;
  return examine({
    configFile: config ?? DEFAULT_CONFIGURATION,
    frrDirectory: frrDir ?? null,
    askDaemon: (configured) => askView(given ?? configured),
  });
}

async function fix(context: Context, options: DoctorOptions, wanted: string): Promise<void> {
  const { describePlan, FIXABLE, isEmpty, keyIn, lookAround, NO_WISHES, planFor } = await setup();
  onlyHere(context, '--fix');
  const checks = wanted === 'all' ? FIXABLE : wanted.split(',');
  const unknown = checks.find((check) => !FIXABLE.includes(check));
  if (unknown !== undefined)
    throw new UsageError(`--fix: expected all, or some of ${FIXABLE.join(', ')}, got ${unknown}`);
  if (options.keyFile === undefined && wanted.split(',').includes('authentication'))
    throw new UsageError('--fix authentication: expected --key-file as well, with the key of the link');
  const wishes = { ...NO_WISHES, key: options.keyFile === undefined ? null : keyIn(options.keyFile) };
  const { output } = context;
  const planned = async () => {
    const look = await lookAround(machine(context, options));
    const found = look.findings.filter(({ check, level }) => level !== 'fine' && checks.includes(check));
    return { look, found, plan: planFor(look, wishes, [...new Set(found.map(({ check }) => check))]) };
  };
  const { look, found, plan } = await planned();
  if (found.length === 0) return output.out('There is nothing to put right.\n');
  if (isEmpty(plan)) {
    output.err(
      printable(`srrctl: nothing that is done here puts it right: ${found.map(({ text }) => text).join(' ')}\n`),
    );
    throw new StillSoError('it is not put right');
  }
  output.out(printable(`${describePlan(plan, look)}\n`));
  if (!options.apply) return output.out('Nothing was changed: --apply does it.\n');
  await putRight(context, look, plan, planned);
}

function undoHere(context: Context, options: DoctorOptions): Promise<void> {
  onlyHere(context, '--undo');
  if (options.fix !== undefined || options.apply) throw new UsageError('--undo: expected neither --fix nor --apply');
  return undo(context, options);
}

function onlyHere(context: Context, option: string): void {
  if (isRemote(context.options()))
    throw new UsageError(`${option} is for this machine: expected neither --node nor --url`);
}

function ofAnother(context: Context, { config, frrDir }: DoctorOptions): Promise<DoctorReport> {
  if (config === undefined && frrDir === undefined) return get<DoctorReport>(context, '/doctor', EXAMINED_WITHIN_MS);
  throw new UsageError('--config and --frr-dir are for this machine: expected neither with --node or --url');
}
