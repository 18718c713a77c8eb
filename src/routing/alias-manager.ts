import type { RoutingEvent } from '../cluster/index.js';
import type { RouteWay } from '../model/index.js';
import { AddressMonitor } from './address-monitor.js';
import { AliasRecords } from './alias-records.js';
import { type AliasRequest, type CheckedAliasRequest, checkAliasRequest, usableAddress } from './alias-request.js';
import { type AliasRecord, AliasTable, addressesOf, isSame } from './alias-table.js';
import { type IsOurs, isUpElsewhere, refuseClash } from './clash.js';
import { HoldDown } from './hold-down.js';
import { InterfaceConfiguration } from './interface-configuration.js';
import { isPlaced, type KernelAddress, KernelAddresses } from './kernel-addresses.js';
import { LeaseKeeper } from './lease-keeper.js';
import { type Leftovers, removeLeftovers } from './leftovers.js';
import { Lowering } from './lowering.js';
import { chooseArea } from './ospf-areas.js';
import { OspfNetworksControl } from './ospf-networks.js';
import { Raising } from './raising.js';
import { Reconciliation } from './reconcile.js';
import type { FrrDaemon } from './vty/answer.js';
import type { VtyAddress } from './vty/connection.js';
import { VtySession, vtyOpener } from './vty/persistent-session.js';

export interface AliasManagerOptions {
  /** mgmtd is asked where it is there (FRR 10 and later); null: never. */
  readonly vty: { readonly ospfd: VtyAddress; readonly zebra: VtyAddress; readonly mgmtd: VtyAddress | null };
  /** How long an alias outlives this daemon, in ms. The kernel counts seconds: rounded down, at least 1 s. */
  readonly leaseMs: number;
  /** Where is recorded what was put up; nobody else writes there. */
  readonly recordFolder: string;
  readonly onLost: (event: Extract<RoutingEvent, { type: 'alias-lost' }>) => void;
  /** The timer found that the leases were renewed too late. `checkLease` tells the same earlier, to those who ask. */
  readonly onLeaseOverrun: (lateMs: number) => void;
  /** For the log. */
  readonly report: (level: 'info' | 'warn', text: string) => void;
}

const LOOK_AGAIN_MS = 200;
/** The kernel takes an address away within a second after its lease. */
const LEASE_MARGIN_MS = 1_500;

/**
 * The aliases of this node: a service's addresses up, leased and announced, all or none, and kept so until `down`.
 *
 * The address goes to the kernel with its lease in one step, `network` to ospfd before it (docs/frr-setup.md).
 */
export class AliasManager {
  readonly #options: AliasManagerOptions;
  readonly #leaseSeconds: number;
  readonly #table = new AliasTable();
  readonly #holdDown = new HoldDown();
  readonly #sessions: readonly VtySession[];
  readonly #kernel: KernelAddresses;
  readonly #networks: OspfNetworksControl;
  readonly #configuration: InterfaceConfiguration;
  readonly #raising: Raising;
  readonly #lowering: Lowering;
  readonly #lease: LeaseKeeper;
  readonly #reconciliation: Reconciliation;
  readonly #monitor: AddressMonitor;
  /** Per service, what is being done: `up` and `down` of one service come one after the other. */
  readonly #last = new Map<string, Promise<void>>();
  readonly #records: AliasRecords;
  readonly #isOurs: IsOurs = (address) => this.#table.isOurs(address);

  constructor(options: AliasManagerOptions) {
    this.#options = options;
    this.#records = new AliasRecords(options.recordFolder, (text) => options.report('warn', text));
    this.#leaseSeconds = Math.max(1, Math.floor(options.leaseMs / 1_000));
    const leaseMs = this.#leaseSeconds * 1_000;
    const session = (daemon: FrrDaemon, address: VtyAddress, more: { patient?: boolean; onLost?: () => void } = {}) =>
      new VtySession({ daemon, open: vtyOpener({ daemon, address }), ...more });
    const ospfd = session('ospfd', options.vty.ospfd, { onLost: () => this.#reconciliation.checkNetworks() });
    const zebra = session('zebra', options.vty.zebra);
    const mgmtd = options.vty.mgmtd === null ? null : session('mgmtd', options.vty.mgmtd, { patient: false });
    this.#sessions = mgmtd === null ? [ospfd, zebra] : [ospfd, zebra, mgmtd];
    this.#kernel = new KernelAddresses(Math.min(leaseMs / 3, 1_000));
    this.#networks = new OspfNetworksControl(ospfd);
    this.#configuration = new InterfaceConfiguration(zebra, mgmtd);
    this.#raising = new Raising(this.#kernel, this.#configuration, this.#networks, this.#leaseSeconds);
    this.#lowering = new Lowering({
      kernel: this.#kernel,
      networks: this.#networks,
      records: this.#records,
      holdDown: this.#holdDown,
      warn: (text) => options.report('warn', text),
    });
    this.#reconciliation = new Reconciliation({
      table: this.#table,
      kernel: this.#kernel,
      networks: this.#networks,
      leaseSeconds: this.#leaseSeconds,
      onLost: (service, reason) => options.onLost({ type: 'alias-lost', service, reason }),
      report: options.report,
    });
    this.#lease = new LeaseKeeper({
      leaseMs,
      renew: () => this.#reconciliation.renew(),
      onLapse: () => this.#table.lapse(),
      onOverrun: options.onLeaseOverrun,
    });
    this.#monitor = new AddressMonitor(() => this.#reconciliation.checkKernel());
  }

  /** Starts the lease clock and the reconciliation. */
  start(): void {
    this.#lease.start();
    this.#reconciliation.start();
  }

  /** Ends all timers, sessions and child processes. Aliases that are up stay so until their lease ends. */
  close(): void {
    this.#lease.stop();
    this.#reconciliation.stop();
    this.#monitor.stop();
    this.#kernel.close();
    for (const session of this.#sessions) session.close();
  }

  /** Resolves when everything that was asked for so far is done. */
  async settled(): Promise<void> {
    await Promise.all(this.#last.values());
  }

  /**
   * By how many ms the leases were renewed too late; 0: they were not, or it was told before. Ask before every event is
   * handled: those queued while this process was frozen come before the timer that would report it.
   */
  checkLease(): number {
    return this.#lease.check() ?? 0;
  }

  /**
   * Removes what an earlier life left and recorded, and ospfd's lines for `addresses`, the addresses of all configured
   * services, unless somebody else has them up. To be called before the first `up`.
   */
  removeLeftovers(addresses: readonly string[]): Promise<Leftovers> {
    return removeLeftovers(addresses, {
      records: this.#records,
      table: this.#table,
      kernel: this.#kernel,
      networks: this.#networks,
      configuration: this.#configuration,
    });
  }

  /** How addresses are announced from now on, and which there may be: one after the other. Never throws: ospfd may be told later. */
  announceAs(way: RouteWay, addresses: readonly string[]): Promise<void> {
    return this.#inOrder('', async () => {
      const all = [...addresses.flatMap(usableAddress), ...this.#table.records.flatMap(addressesOf)];
      const later = (error: unknown) => this.#options.report('warn', `ospfd is told later: ${message(error)}`);
      await this.#networks.prefer(way, all).catch(later);
      this.#table.changed();
      await this.#reconciliation.checkNetworks();
      if (way === 'stub') await this.endExternal();
    });
  }

  /** Leaves ospfd as it was before the first alias. Call it when nothing is up any more. Never throws. */
  async endExternal(): Promise<void> {
    if (this.#table.records.length === 0)
      await this.#networks.endExternal().catch((error: unknown) => this.#options.report('warn', message(error)));
  }

  /** An `up` is about to come: what it has to know of the machine is looked at meanwhile. */
  prepare(): void {
    this.#raising.prepare();
  }

  /**
   * Puts all addresses of the service up, or none. What is up already, the same, is left as it is.
   * Throws an Error with a reason for people if that is not possible, or if `down` came in between.
   *
   * @param withheld the addresses are not announced before `announce`; those that are up already stay as they are.
   */
  up(service: string, request: AliasRequest, withheld = false): Promise<void> {
    return this.#inOrder(service, async () => {
      const checked = checkAliasRequest(request);
      const aliases = checked.addresses.map((address) => ({ address, interface: checked.interface }));
      const before = this.#table.get(service);
      if (before !== undefined) {
        if (this.#table.isKept(before) && isSame(before, aliases, checked.area)) return;
        await this.#lower(before);
      }
      for (const { address } of aliases) {
        const holder = this.#table.holderOf(address);
        if (holder !== undefined)
          throw new Error(`${address} is in use by service ${holder}; give each its own address`);
      }
      await this.#raiseOrNothing(this.#table.begin(service, aliases, withheld), checked);
    });
  }

  /**
   * Takes the service's addresses down. Always ends, and never throws: what fails here is ended by the lease.
   *
   * @param gone called when the addresses are gone, if they were up: ospfd may still have to be told, which nobody waits for.
   */
  down(service: string, gone: () => void = () => {}): Promise<void> {
    const record = this.#table.get(service);
    // An `up` that has not ended sees this and gives up.
    if (record !== undefined) this.#table.setPhase(record, 'falling');
    return this.#inOrder(service, async () => {
      const current = this.#table.get(service);
      if (current !== undefined) await this.#lower(current, gone);
    }).catch((error: unknown) => this.#options.report('warn', `${service}: ${message(error)}`));
  }

  /** Announces the service's addresses, which are up. Never throws: what fails here the reconciliation repeats. */
  announce(service: string): Promise<void> {
    return this.#changeRoute(service, false, (record) => this.#networks.announce(record.lines));
  }

  /** Ends the announcement of the service's addresses, which stay up. Never throws, as `announce`. */
  withhold(service: string): Promise<void> {
    return this.#changeRoute(service, true, (record) => this.#networks.withhold(record.aliases, record.lines));
  }

  #changeRoute(service: string, withheld: boolean, change: (record: AliasRecord) => Promise<void>): Promise<void> {
    return this.#inOrder(service, async () => {
      const record = this.#table.get(service);
      if (record?.phase !== 'up' || record.withheld === withheld) return;
      // While the line is on its way in or out, the reconciliation must not miss it.
      this.#table.setWithheld(record, true);
      await change(record).finally(() => this.#table.setWithheld(record, withheld));
    }).catch((error: unknown) =>
      this.#options.report('warn', `${service}: its route changes later: ${message(error)}`),
    );
  }

  #inOrder(service: string, work: () => Promise<void>): Promise<void> {
    const result = (this.#last.get(service) ?? Promise.resolve()).then(work);
    const settled = result.catch(() => {});
    this.#last.set(service, settled);
    settled.then(() => {
      if (this.#last.get(service) === settled) this.#last.delete(service);
    });
    return result;
  }

  async #raiseOrNothing(record: AliasRecord, checked: CheckedAliasRequest): Promise<void> {
    try {
      await this.#raise(record, checked);
      this.#monitor.start();
    } catch (error) {
      await this.#lower(record);
      throw error;
    }
  }

  async #raise(record: AliasRecord, checked: CheckedAliasRequest): Promise<void> {
    await this.#holdDown.over(addressesOf(record));
    const { configured, networks, areas, ...survey } = await this.#raising.survey();
    const present = await this.#withoutOthers(record, survey.present);
    const area = chooseArea(areas, checked.area);
    refuseClash(record.aliases, { present, configured }, this.#isOurs);
    if (!networks.configured) throw new Error('ospfd has no `router ospf`; configure OSPF first');
    const stale = record.aliases.filter((alias) => isPlaced(alias, present));
    if (stale.length > 0) await this.#kernel.remove(stale);
    this.#mustGoOn(record);
    record.area = area;
    record.lines = this.#networks.linesFor(record.aliases, area, networks);
    this.#records.put(record.service, record);
    this.#table.begun(record);
    if (record.withheld) await this.#networks.withhold(record.aliases);
    else await this.#raising.announce(record.lines);
    this.#mustGoOn(record);
    await this.#raising.add(record.aliases);
    this.#mustGoOn(record);
    this.#table.setPhase(record, 'up');
  }

  /** What an srrd left that did not know its state directory any more ends with its lease; another srrd renews it. */
  async #withoutOthers(record: AliasRecord, present: readonly KernelAddress[]): Promise<readonly KernelAddress[]> {
    const until = performance.now() + this.#leaseSeconds * 1_000 + LEASE_MARGIN_MS;
    let found = present;
    while (isUpElsewhere(record.aliases, found, this.#isOurs) && performance.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
      this.#mustGoOn(record);
      found = await this.#kernel.list();
    }
    return found;
  }

  #mustGoOn(record: AliasRecord): void {
    const lateMs = this.checkLease();
    if (lateMs > 0) this.#options.onLeaseOverrun(lateMs);
    if (record.lapsed) throw new Error('this daemon was frozen for longer than the lease while the alias was put up');
    if (record.phase !== 'rising') throw new Error('it was taken down before it was up');
  }

  async #lower(record: AliasRecord, gone: () => void = () => {}): Promise<void> {
    this.#table.setPhase(record, 'falling');
    await this.#lowering.lower(record, gone);
    this.#table.end(record);
    if (this.#table.records.length === 0) this.#monitor.stop();
  }
}

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
