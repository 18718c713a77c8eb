import type { DaemonView, DoctorReport } from '../doctor/index.js';
import type { StatusDocument } from '../http/index.js';
import { API_PREFIX } from '../tables/index.js';
import { isRemote } from './chosen-daemon.js';
import { askDaemon } from './client.js';
import { type Context, get } from './context.js';
import { atSocket } from './daemon-address.js';
import { UsageError } from './exit.js';
import { printable } from './printable.js';

/** The report has been printed, and something in it is broken. */
export class NodeIsBrokenError extends Error {
  override readonly name = 'NodeIsBrokenError';
}

interface DoctorOptions {
  readonly json?: true;
  readonly config?: string;
  readonly frrDir?: string;
  readonly fix?: string;
  readonly apply?: true;
}

/** A daemon that takes longer is frozen; the doctor's other looks have about as much. */
const STATUS_WITHIN_MS = 4_000;

/** The doctor of another node takes some seconds, and more on a machine that is ill. */
const EXAMINED_WITHIN_MS = 60_000;

const DEFAULT_CONFIGURATION = '/etc/srrd/srrd.yaml';

const HELP = `
It looks at FRR, the kernel, the configuration and the definitions itself, and asks srrd if it runs. It changes nothing.
With --node or --url the srrd of that node is asked to do so.

With --fix it shows what it would tell ospfd and write into FRR's file, for findings that lines below router ospf put right:
opaque, lsa-throttle, lsa-min-arrival, spf-throttle, or all of these. With --apply as well it does so, keeps a copy of the
file, and looks again.

Examples:
  srrctl doctor
  srrctl doctor --fix spf-throttle
  srrctl doctor --fix all --apply

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
    .option('--apply', 'with --fix: do it')
    .addHelpText('after', HELP)
    .action(async (options: DoctorOptions) => {
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
  const { applyFix, describeFix, FIXABLE, fixFor } = await import('../doctor/index.js');
  if (isRemote(context.options())) throw new UsageError('--fix is for this machine: expected neither --node nor --url');
  const checks = wanted === 'all' ? FIXABLE : wanted.split(',');
  const unknown = checks.find((check) => !FIXABLE.includes(check));
  if (unknown !== undefined)
    throw new UsageError(`--fix: expected all, or some of ${FIXABLE.join(', ')}, got ${unknown}`);
  const { output } = context;
  const found = async () => (await ofThisNode(context, options)).findings.filter(({ check }) => checks.includes(check));
  const of = { configFile: options.config ?? DEFAULT_CONFIGURATION, frrDirectory: options.frrDir ?? null };
  const before = await found();
  if (before.length === 0) throw new Error('ospfd could not be looked at: srrctl doctor says why');
  const planned = fixFor(before, of);
  if (planned === null) return output.out('There is nothing to put right.\n');
  output.out(printable(`${describeFix(planned)}\n`));
  if (!options.apply) return output.out('Nothing was changed: --apply does it.\n');
  const copy = await applyFix(planned, of, new Date());
  output.out(printable(copy === null ? 'Done.\n' : `Done. ${planned.file} as it was: ${copy}\n`));
  const left = (await found()).filter(({ level }) => level !== 'fine');
  if (left.length === 0) return;
  output.err(printable(`srrctl: it is still so: ${left.map(({ text }) => text).join(' ')}\n`));
  throw new NodeIsBrokenError('it is not put right');
}

function ofAnother(context: Context, { config, frrDir }: DoctorOptions): Promise<DoctorReport> {
  if (config === undefined && frrDir === undefined) return get<DoctorReport>(context, '/doctor', EXAMINED_WITHIN_MS);
  throw new UsageError('--config and --frr-dir are for this machine: expected neither with --node or --url');
}

async function askView(socket: string): Promise<DaemonView> {
  const path = `${API_PREFIX}/status`;
  const status = (await askDaemon({
    address: atSocket(socket),
    method: 'GET',
    path,
    timeoutMs: STATUS_WITHIN_MS,
  })) as StatusDocument;
  const name = (routerId: string) => status.nodes.find((node) => node.routerId === routerId)?.name ?? routerId;
  const replicas = status.services.flatMap((service) =>
    service.replicas.filter(({ reachable }) => reachable).map((replica) => ({ service: service.name, replica })),
  );
  return {
    connected: status.ospf.connected,
    pid: status.process.pid,
    duplicateRouterIds: status.process.duplicateRouterIds ?? [],
    trust: status.process.trust ?? null,
    failures: replicas.flatMap(({ service, replica: { routerId, failure } }) =>
      failure === null ? [] : [{ service, node: name(routerId), why: `${failure.code}: ${failure.reason}` }],
    ),
    notCounted: replicas.flatMap(({ service, replica: { routerId, notCounted } }) =>
      notCounted === null ? [] : [{ service, node: name(routerId), why: notCounted }],
    ),
  };
}
