import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run, tryRun } from './command.js';
import { bfddConfig, type FrrConfig, ospfdConfig, RETRANSMIT_SECONDS_AT_START, zebraConfig } from './frr-config.js';
import type { FrrInstallation } from './frr-installation.js';
import { type ManagedProcess, startProcess } from './managed-process.js';
import { frrStateDirectory } from './record.js';
import { GiveUp, until } from './until.js';
import { vty } from './vty.js';

export type FrrDaemon = 'mgmtd' | 'zebra' | 'ospfd' | 'bfdd';

/** The FRR of one host: its daemons as single processes, each of which can be killed, frozen and started again. */
export interface Frr {
  readonly version: string;
  readonly major: number;
  /** Where the VTY sockets are: srrd's `vty.socketDir`. */
  readonly socketDirectory: string;
  running(daemon: FrrDaemon): boolean;
  /** Default SIGKILL. Resolves when the process is gone. */
  kill(daemon: FrrDaemon, signal?: NodeJS.Signals): Promise<void>;
  /** Resolves when the daemon answers on its VTY socket. */
  start(daemon: FrrDaemon): Promise<void>;
  /** As at a boot: none of the daemons may be running. */
  startAll(): Promise<void>;
  freeze(daemon: FrrDaemon): void;
  thaw(daemon: FrrDaemon): void;
  process(daemon: FrrDaemon): ManagedProcess;
  /** Commands in one session, starting in the enable node; returns the last one's answer. */
  vty(daemon: FrrDaemon, commands: readonly string[]): Promise<string>;
  configFile(daemon: Exclude<FrrDaemon, 'mgmtd'>): string;
  /** Ends the settings that only speed up the setting up of the lab. May be called again. */
  settle(): Promise<void>;
  /** Daemons that ended although nobody here ended them. */
  readonly crashed: readonly FrrDaemon[];
}

export interface FrrOptions {
  readonly namespace: string;
  /** The host's folder: configuration and logs. */
  readonly directory: string;
  readonly installation: FrrInstallation;
  readonly config: FrrConfig;
  /** `ospfd -a`: open the OSPF API. */
  readonly ospfApi: boolean;
}

/** Writes the configuration and starts the daemons. Resolves when all of them answer. */
export async function startFrr(options: FrrOptions): Promise<Frr> {
  const directories = [options.directory, frrStateDirectory(options.namespace)];
  for (const directory of directories) mkdirSync(directory, { recursive: true });
  writeConfiguration(options);
  await run(['chown', '-R', 'frr:frr', ...directories]);
  const frr = new NamespacedFrr(options);
  await frr.startAll();
  return frr;
}

function writeConfiguration({ config, directory }: FrrOptions): void {
  const files: Record<Exclude<FrrDaemon, 'mgmtd'>, string> = {
    zebra: zebraConfig(config),
    ospfd: ospfdConfig(config, RETRANSMIT_SECONDS_AT_START),
    bfdd: bfddConfig(config),
  };
  for (const [daemon, text] of Object.entries(files)) writeFileSync(join(directory, `${daemon}.conf`), text);
}

class NamespacedFrr implements Frr {
  readonly crashed: FrrDaemon[] = [];
  readonly socketDirectory: string;
  private readonly processes = new Map<FrrDaemon, ManagedProcess>();
  private settled = false;
  private readonly dismissed = new Set<ManagedProcess>();

  constructor(private readonly options: FrrOptions) {
    this.socketDirectory = frrStateDirectory(options.namespace);
  }

  get version(): string {
    return this.options.installation.version;
  }

  get major(): number {
    return this.options.installation.major;
  }

  running(daemon: FrrDaemon): boolean {
    return this.processes.get(daemon)?.running ?? false;
  }

  process(daemon: FrrDaemon): ManagedProcess {
    const found = this.processes.get(daemon);
    if (found === undefined) throw new Error(`${daemon} was never started in ${this.options.namespace}`);
    return found;
  }

  async kill(daemon: FrrDaemon, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const victim = this.process(daemon);
    this.dismissed.add(victim);
    await victim.kill(signal);
  }

  async start(daemon: FrrDaemon): Promise<void> {
    const { namespace, directory, installation, ospfApi } = this.options;
    if (this.running(daemon)) throw new Error(`${daemon} is already running in ${namespace}`);
    const args = ['-N', namespace, '-A', '127.0.0.1'];
    // With -N alone the file is not found; mgmtd has no -f and needs no file.
    if (daemon !== 'mgmtd') args.push('-f', this.configFile(daemon));
    if (daemon === 'ospfd' && ospfApi) args.push('-a');
    const command = installation.command(daemon, args);
    const started = startProcess(daemon === 'bfdd' ? [...(await ahead()), ...command] : command, {
      namespace,
      logFile: join(directory, `${daemon}.out`),
    });
    this.processes.set(daemon, started);
    started.ended.then(
      () => this.noteEnd(daemon, started),
      () => this.noteEnd(daemon, started),
    );
    await until(
      async () => {
        if (!started.running) throw new GiveUp(`${daemon} in ${namespace} ended at once: ${started.output()}`);
        return this.vty(daemon, ['show version']);
      },
      { what: `${daemon} in ${namespace} answers`, timeoutMs: 60_000, intervalMs: 20 },
    );
  }

  async startAll(): Promise<void> {
    if (this.major >= 10) await this.start('mgmtd');
    await this.start('zebra');
    await Promise.all([this.start('bfdd'), this.start('ospfd')]);
  }

  freeze(daemon: FrrDaemon): void {
    this.process(daemon).freeze();
  }

  thaw(daemon: FrrDaemon): void {
    this.process(daemon).thaw();
  }

  vty(daemon: FrrDaemon, commands: readonly string[]): Promise<string> {
    // A new session is in the view node; mgmtd and the others want "enable" before "configure terminal".
    return vty(join(this.socketDirectory, `${daemon}.vty`), ['enable', ...commands]);
  }

  configFile(daemon: Exclude<FrrDaemon, 'mgmtd'>): string {
    return join(this.options.directory, `${daemon}.conf`);
  }

  async settle(): Promise<void> {
    if (this.settled) return;
    this.settled = true;
    const { config } = this.options;
    const { retransmitSeconds } = config.timing;
    writeFileSync(this.configFile('ospfd'), ospfdConfig(config, retransmitSeconds));
    const commands = config.links.flatMap((link) => [
      `interface ${link.interface}`,
      `ip ospf retransmit-interval ${retransmitSeconds}`,
      'exit',
    ]);
    await this.vty('ospfd', ['configure terminal', ...commands]);
  }

  private noteEnd(daemon: FrrDaemon, ended: ManagedProcess): void {
    if (!this.dismissed.has(ended)) this.crashed.push(daemon);
  }
}

let scheduling: Promise<string[]> | undefined;

/**
 * What makes a program go ahead of all others, where this machine allows it. A node of its own would have time for a BFD
 * packet each 50 ms; here a dozen nodes and their tests share a few cores, and a session lost for want of a core is a
 * failover that no test has asked for.
 */
function ahead(): Promise<string[]> {
  const prefix = ['chrt', '--rr', '10'];
  scheduling ??= tryRun([...prefix, 'true']).then(
    ({ exitCode }) => (exitCode === 0 ? prefix : []),
    () => [],
  );
  return scheduling;
}
