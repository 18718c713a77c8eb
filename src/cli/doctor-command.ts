import type { Command } from 'commander';
import type { DaemonView } from '../doctor/index.js';
import type { StatusDocument } from '../http/index.js';
import { API_PREFIX } from '../tables/index.js';
import { askDaemon } from './client.js';
import type { Output } from './output.js';
import { printable } from './printable.js';

/** The report has been printed, and something in it is broken. */
export class NodeIsBrokenError extends Error {
  override readonly name = 'NodeIsBrokenError';
}

interface DoctorOptions {
  readonly json?: true;
  readonly config: string;
  readonly frrDir?: string;
}

/** A daemon that takes longer is frozen; the doctor's other looks have about as much. */
const STATUS_WITHIN_MS = 4_000;

const HELP = `
It looks at FRR, the kernel, the configuration and the definitions itself, and asks srrd if it runs. It changes nothing.

Example:
  srrctl doctor

Exit codes: 0 nothing is broken, 1 something is.
`;

export function addDoctor(program: Command, output: Output): void {
  program
    .command('doctor')
    .description('say what is wrong with this node and what to change; nothing is changed')
    .option('--json', 'for programs')
    .option('--config <file>', "srrd's configuration", '/etc/srrd/srrd.yaml')
    .option('--frr-dir <folder>', "where FRR's files are, instead of vty.configDir of srrd's configuration")
    .addHelpText('after', HELP)
    .action(async ({ json, config, frrDir }: DoctorOptions) => {
      // Not at the start of the file: it loads what all other commands do without.
      const { describeReport, examine } = await import('../doctor/index.js');
      const given = program.getOptionValueSource('socket') === 'default' ? undefined : program.opts().socket;
      const report = await examine({
        configFile: config,
        frrDirectory: frrDir ?? null,
        askDaemon: (configured) => askView(given ?? configured),
      });
      output.out(json ? `${JSON.stringify(report, null, 2)}\n` : printable(describeReport(report)));
      if (report.level === 'broken') throw new NodeIsBrokenError('something is broken');
    });
}

async function askView(socket: string): Promise<DaemonView> {
  const path = `${API_PREFIX}/status`;
  const status = (await askDaemon({ socket, method: 'GET', path, timeoutMs: STATUS_WITHIN_MS })) as StatusDocument;
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
