import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { CHECKOUT } from './checkout.js';
import { type RunOptions, type RunResult, run, tryRun } from './command.js';
import type { Frr, FrrDaemon } from './frr.js';
import { type ManagedProcess, startProcess } from './managed-process.js';
import { type Probe, type ProbeOptions, startProbe } from './probe.js';
import { type Srrd, type SrrdOptions, startSrrd } from './srrd.js';
import type { CutKind, Link, Subnet } from './topology.js';

/** One machine of the lab: a network namespace with interfaces, mostly with FRR in it, sometimes with srrd. */
export class Host {
  readonly links: Link[] = [];
  private installedFrr: Frr | undefined;
  private installedSrrd: Srrd | undefined;

  constructor(
    readonly name: string,
    /** As `ip netns` names it. */
    readonly namespace: string,
    /** Configuration, logs and raw data of this host. */
    readonly directory: string,
    /** null: a host without OSPF. */
    readonly routerId: string | null,
  ) {
    mkdirSync(directory, { recursive: true });
  }

  get hasFrr(): boolean {
    return this.installedFrr !== undefined;
  }

  /** Throws if this host has no FRR. */
  get frr(): Frr {
    if (this.installedFrr === undefined) throw new Error(`${this.name} has no FRR`);
    return this.installedFrr;
  }

  install(frr: Frr): void {
    this.installedFrr = frr;
  }

  /** The srrd that was started last, running or not. Throws if there was none. */
  get srrd(): Srrd {
    if (this.installedSrrd === undefined) throw new Error(`srrd was never started on ${this.name}`);
    return this.installedSrrd;
  }

  get hasSrrd(): boolean {
    return this.installedSrrd !== undefined;
  }

  /** The link into this subnet; without an argument the only one. Throws if there is none, or not exactly one. */
  link(subnet?: Subnet): Link {
    const matching = this.links.filter((link) => subnet === undefined || link.subnet === subnet);
    const [only] = matching;
    if (only === undefined || matching.length > 1) {
      throw new Error(`${this.name} has ${matching.length} links${subnet ? ` into ${subnet.name}` : ''}, expected one`);
    }
    return only;
  }

  /** Cuts all links of this host. Resolves with the time (process.hrtime.bigint) just before. */
  async cut(kind: CutKind = 'silent'): Promise<bigint> {
    const at = process.hrtime.bigint();
    await Promise.all(this.links.map((link) => link.cut(kind)));
    return at;
  }

  async restore(): Promise<void> {
    await Promise.all(this.links.map((link) => link.restore()));
  }

  /** Runs a program in this host to its end; throws if it fails. */
  exec(argv: readonly string[], options?: RunOptions): Promise<RunResult> {
    return run(['ip', 'netns', 'exec', this.namespace, ...argv], options);
  }

  /** Like exec, but a failing program is a result too. */
  tryExec(argv: readonly string[], options?: RunOptions): Promise<RunResult> {
    return tryRun(['ip', 'netns', 'exec', this.namespace, ...argv], options);
  }

  /** Starts a program that goes on running; its output goes to NAME.out in the host's folder. */
  spawn(name: string, argv: readonly string[], environment?: Readonly<Record<string, string>>): ManagedProcess {
    return startProcess(argv, {
      namespace: this.namespace,
      logFile: join(this.directory, `${name}.out`),
      ...(environment === undefined ? {} : { environment }),
    });
  }

  /** Asks one FRR daemon (default ospfd), several commands in one session; returns the last one's answer. */
  vtysh(commands: string | readonly string[], daemon: FrrDaemon = 'ospfd'): Promise<string> {
    return this.frr.vty(daemon, typeof commands === 'string' ? [commands] : commands);
  }

  /** Whether the kernel has this address here. */
  async holds(address: string): Promise<boolean> {
    const { stdout } = await this.exec(['ip', '-json', '-4', 'address', 'show']);
    const interfaces: { addr_info?: { local?: string }[] }[] = JSON.parse(stdout);
    return interfaces.some((entry) => entry.addr_info?.some((info) => info.local === address) ?? false);
  }

  /** Whether the kernel has a route to exactly this prefix, such as `10.1.1.0/24` or `10.0.0.1/32`. */
  async hasRoute(prefix: string): Promise<boolean> {
    return (await this.routes()).has(prefix.replace(/\/32$/, ''));
  }

  /** All destinations in the kernel's main table, as `ip route` writes them (a /32 without its length). */
  async routes(): Promise<Set<string>> {
    const { stdout } = await this.exec(['ip', '-json', '-4', 'route', 'show']);
    const routes: { dst: string }[] = JSON.parse(stdout);
    return new Set(routes.map((route) => route.dst));
  }

  /** Starts srrd and resolves when it answers on its socket. */
  async startSrrd(options: SrrdOptions = {}): Promise<Srrd> {
    this.installedSrrd = await startSrrd(this, options, this.installedSrrd);
    return this.installedSrrd;
  }

  /** `srrctl` on this host's srrd; throws if it fails. */
  srrctl(...args: string[]): Promise<RunResult> {
    return this.srrd.ctl(...args);
  }

  /**
   * Starts a responder that answers datagrams to this address with the host's name, even before the host has the
   * address: it is there at once when the alias comes up, so a probe measures the routing and nothing else.
   */
  answerAt(address: string, port = 7007): ManagedProcess {
    const script = join(CHECKOUT, 'test', 'lab', 'probe', 'responder.mjs');
    return this.spawn(`responder-${address}`, [process.execPath, script, address, String(port), this.name]);
  }

  /** Probes a service from this host. */
  probe(address: string, options: ProbeOptions = {}): Promise<Probe> {
    return startProbe(this, address, options);
  }
}
