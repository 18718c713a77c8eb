import { type AliasAddress, isAliasLabel } from './alias-request.js';
import type { AliasRecord, AliasTable } from './alias-table.js';
import { isOurs } from './external-routes.js';
import { isPlaced, type KernelAddress, type KernelAddresses } from './kernel-addresses.js';
import { isAnnounced, linesFor, type OspfNetworks, type OspfNetworksControl } from './ospf-networks.js';
import { VtyRefusal } from './vty/answer.js';

export interface ReconciliationOptions {
  readonly table: AliasTable;
  readonly kernel: Pick<KernelAddresses, 'list' | 'renew' | 'removeMarked'>;
  readonly networks: Pick<
    OspfNetworksControl,
    'wantsExternal' | 'list' | 'linesFor' | 'announce' | 'withdraw' | 'withhold' | 'release' | 'endExternal'
  >;
  readonly leaseSeconds: number;
  readonly onLost: (service: string, reason: string) => void;
  readonly report: (level: 'info' | 'warn', text: string) => void;
}

/** How often ospfd's lines are compared with what they should be. */
const NETWORK_CHECK_MS = 1_000;
/** ospfd may be in the middle of a reload: a refusal counts when it is repeated. */
const SECOND_TRY_MS = 300;
/** Whoever takes an alias away more often than this means it. */
const MOST_RESTORATIONS = 5;
const RESTORATION_WINDOW_MS = 10_000;

interface Found<What> {
  readonly what: What;
  /** Of the table. */
  readonly version: number;
}

/** Keeps what should be up as it should be, whoever takes it away; what cannot be kept up is reported as lost. */
export class Reconciliation {
  readonly #options: ReconciliationOptions;
  #timer: NodeJS.Timeout | undefined;
  #checkingNetworks = false;
  /** What was found the last time that all was as it should be: found again, it needs no second look. */
  #rightAddresses: Found<readonly KernelAddress[]> | undefined;
  #rightNetworks: Found<OspfNetworks> | undefined;
  #lastComplaint = '';

  constructor(options: ReconciliationOptions) {
    this.#options = options;
  }

  start(): void {
    this.#timer ??= setInterval(() => this.checkNetworks(), NETWORK_CHECK_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** Renews all leases with one request; `false` if that was not possible. */
  async renew(): Promise<boolean> {
    const { table, kernel, leaseSeconds } = this.#options;
    if (table.records.length === 0) return true;
    const version = table.version;
    const kept = table.kept;
    try {
      const present = await kernel.renew(
        kept.flatMap((record) => record.aliases),
        leaseSeconds,
      );
      if (isSame(this.#rightAddresses, present, table.version)) return true;
      const right = this.#judge(kept, present) && table.version === version && (await this.#removeStrays(present));
      this.#rightAddresses = right ? { what: present, version } : undefined;
      return true;
    } catch (error) {
      this.#complain(`leases cannot be renewed: ${message(error)}`);
      return false;
    }
  }

  /** An address was deleted somewhere: puts back at once what is ours. */
  async checkKernel(): Promise<void> {
    const { table, kernel } = this.#options;
    if (table.kept.length === 0) return;
    try {
      const present = await kernel.list();
      const robbed = table.kept.filter((record) => !record.aliases.every((alias) => isPlaced(alias, present)));
      for (const record of robbed) this.#noteRestoration(record, 'its address was deleted');
      const restored = robbed.filter((record) => !record.lost);
      if (restored.length === 0) return;
      const after = await kernel.renew(
        restored.flatMap((record) => record.aliases),
        this.#options.leaseSeconds,
      );
      this.#judge(restored, after);
    } catch (error) {
      this.#complain(`addresses cannot be checked: ${message(error)}`);
    }
  }

  /** Puts back lines that are missing in ospfd, and takes away those of addresses that are down. */
  async checkNetworks(): Promise<void> {
    const { table, networks } = this.#options;
    if (this.#checkingNetworks || (table.kept.length === 0 && table.unwanted.length === 0)) return;
    this.#checkingNetworks = true;
    try {
      const version = table.version;
      const found = await networks.list(false);
      if (table.version !== version) return;
      if (!isSame(this.#rightNetworks, found, version)) {
        const right = await this.#putRight(found, version);
        this.#rightNetworks = right ? { what: found, version } : undefined;
      }
      this.#lastComplaint = '';
    } catch (error) {
      this.#complain(`ospfd's configuration cannot be checked: ${message(error)}`);
    } finally {
      this.#checkingNetworks = false;
    }
  }

  /** This and the next five give whether all was as it should be. */
  async #putRight(found: OspfNetworks, version: number): Promise<boolean> {
    const { table } = this.#options;
    let right = true;
    for (const record of table.kept) right = (await this.#restoreLines(record, found)) && right;
    for (const record of table.kept) right = (await this.#restoreCosts(record, found)) && right;
    return table.version === version && (await this.#withdrawUnwanted(found)) && right;
  }

  #judge(records: readonly AliasRecord[], present: readonly KernelAddress[]): boolean {
    let right = true;
    for (const record of records) {
      const missing = record.aliases.find((alias) => !isPlaced(alias, present));
      if (missing === undefined) continue;
      right = false;
      if (this.#isKept(record)) {
        this.#lose(record, `${missing.address} is no longer on ${missing.interface} and cannot be put back`);
      }
    }
    return right;
  }

  /** Addresses that we put up, with our mark, and that no service has: another srrd on this machine has the same mark. */
  async #removeStrays(present: readonly KernelAddress[]): Promise<boolean> {
    const { table, kernel, report } = this.#options;
    const strays = present.filter(
      ({ label, address }) =>
        isAliasLabel(label) && table.isOurs(address as AliasAddress) && table.holderOf(address) === undefined,
    );
    if (strays.length === 0) return true;
    report('warn', `removing ${strays.map((one) => one.address).join(', ')}: marked as ours, but no service has it`);
    await kernel.removeMarked(strays);
    return false;
  }

  async #restoreLines(record: AliasRecord, found: OspfNetworks): Promise<boolean> {
    if (record.area === null || record.withheld || !this.#isKept(record)) return true;
    // ospfd computes external routes a second after the others: what is up as a stub link stays one.
    const wanted = isExternal(record)
      ? this.#options.networks.linesFor(record.aliases, record.area, found)
      : linesFor(record.aliases, record.area, found.perInterface);
    const missing = wanted.filter((line) => !isAnnounced(line, found));
    const isNewWay = wanted.some(({ external }, index) => external !== record.lines[index]?.external);
    if (missing.length === 0) {
      record.lines = wanted;
      return true;
    }
    if (!found.configured) {
      this.#lose(record, 'ospfd has no `router ospf` any more');
      return false;
    }
    if (!isNewWay) this.#noteRestoration(record, 'its line in ospfd was removed');
    record.lines = wanted;
    for (const attempt of [1, 2]) {
      if (record.withheld || !this.#isKept(record)) break;
      try {
        await this.#options.networks.announce(missing);
        break;
      } catch (error) {
        if (!(error instanceof VtyRefusal)) throw error;
        if (attempt === 2 && this.#isKept(record)) this.#lose(record, error.message);
        else await new Promise((resolve) => setTimeout(resolve, SECOND_TRY_MS));
      }
    }
    return false;
  }

  /** A reload of FRR takes the cost away that withholds an address; one that was saved stays where it must not. */
  async #restoreCosts(record: AliasRecord, found: OspfNetworks): Promise<boolean> {
    const { networks } = this.#options;
    const costs = record.aliases.filter((alias) => found.withheld.some((one) => one.address === alias.address));
    const denied = record.aliases.filter((alias) => found.external.denied.includes(alias.address));
    const wanted = record.withheld ? record.aliases.length : 0;
    const isDenied = denied.length === (isOurs(found.external) ? wanted : 0);
    if (costs.length === wanted && isDenied) return true;
    if (record.withheld) await networks.withhold(record.aliases);
    else await networks.release(record.aliases);
    return false;
  }

  async #withdrawUnwanted(found: OspfNetworks): Promise<boolean> {
    const { table, networks } = this.#options;
    const unwanted = table.unwanted;
    const lines = found.announced.filter((line) => unwanted.includes(line.address));
    const isNobodys = (address: AliasAddress) => unwanted.includes(address) && table.holderOf(address) === undefined;
    const costs = found.withheld.filter(({ address }) => isNobodys(address));
    const denied = found.external.denied.filter(isNobodys);
    const left = new Set([...lines, ...costs].map(({ address }) => address).concat(denied));
    for (const address of unwanted) if (!left.has(address)) table.forget(address);
    await networks.withdraw(lines);
    await networks.release(costs, denied);
    const isOver = !networks.wantsExternal() && isOurs(found.external) && !table.records.some(isExternal);
    if (isOver) await networks.endExternal();
    return left.size === 0 && !isOver;
  }

  #noteRestoration(record: AliasRecord, why: string): void {
    const now = performance.now();
    record.restoredAt = [...record.restoredAt.filter((at) => now - at < RESTORATION_WINDOW_MS), now];
    if (record.restoredAt.length > MOST_RESTORATIONS) {
      this.#lose(record, `${why}, for the ${record.restoredAt.length}th time within 10 s`);
    } else {
      this.#options.report('warn', `${record.service}: ${why} by somebody else; it is put back`);
    }
  }

  #lose(record: AliasRecord, reason: string): void {
    record.lost = true;
    this.#options.onLost(record.service, reason);
  }

  #isKept(record: AliasRecord): boolean {
    return this.#options.table.isKept(record);
  }

  /** Once, not each second. */
  #complain(text: string): void {
    if (text !== this.#lastComplaint) this.#options.report('warn', text);
    this.#lastComplaint = text;
  }
}

function isExternal({ lines }: AliasRecord): boolean {
  return lines.some((line) => line.external);
}

function isSame<What>(right: Found<What> | undefined, what: What, version: number): boolean {
  return right?.what === what && right.version === version;
}

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
