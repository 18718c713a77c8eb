import type { AliasRecords } from './alias-records.js';
import { type AliasRecord, addressesOf } from './alias-table.js';
import { Batcher } from './batcher.js';
import type { HoldDown } from './hold-down.js';
import {
  isPlaced,
  type KernelAddress,
  type KernelAddresses,
  type PlacedAlias,
  SERVICES_AT_ONCE,
} from './kernel-addresses.js';
import type { AnnouncedAddress, OspfNetworksControl } from './ospf-networks.js';
import { VtyRefusal } from './vty/answer.js';

export interface LoweringParts {
  readonly kernel: Pick<KernelAddresses, 'remove'>;
  readonly networks: Pick<OspfNetworksControl, 'withdraw' | 'withholds' | 'release'>;
  readonly records: Pick<AliasRecords, 'remove'>;
  readonly holdDown: HoldDown;
  readonly warn: (text: string) => void;
}

/**
 * The steps in which aliases are taken down; services that come to a step at the same time take it together, or hundreds of
 * requests would keep the renewal of the leases waiting. Nothing throws: what fails here the lease ends, or the reconciliation.
 */
export class Lowering {
  readonly #parts: LoweringParts;
  readonly #removals: Batcher<readonly PlacedAlias[], readonly KernelAddress[]>;
  readonly #withdrawals: Batcher<readonly AnnouncedAddress[], void>;

  constructor(parts: LoweringParts) {
    const { kernel, networks } = parts;
    this.#parts = parts;
    this.#removals = new Batcher(
      (aliases) => kernel.remove(aliases.flat()),
      () => false,
      SERVICES_AT_ONCE,
    );
    this.#withdrawals = new Batcher(
      (lines) => networks.withdraw(lines.flat()),
      (error) => error instanceof VtyRefusal,
    );
  }

  /**
   * Nothing, if nothing was put up: it was refused since somebody else has the address.
   *
   * @param gone called when the kernel has been told, which is not to wait for ospfd.
   */
  async lower(record: AliasRecord, gone: () => void): Promise<void> {
    const { networks, records, holdDown } = this.#parts;
    if (!record.begun) return gone();
    const [removed, withdrawn] = await Promise.all([
      this.#removeFromKernel(record).finally(gone),
      this.#withdraw(record),
    ]);
    if (removed && withdrawn) records.remove(record.service);
    holdDown.gone(addressesOf(record));
    if (networks.withholds(record.aliases)) await this.#release(record);
  }

  /** Tried twice: the second time with a fresh `ip`. */
  async #removeFromKernel(record: AliasRecord): Promise<boolean> {
    for (const attempt of [1, 2]) {
      try {
        const left = await this.#removals.ask(record.aliases);
        if (!record.aliases.some((alias) => isPlaced(alias, left))) return true;
        throw new Error('the kernel keeps an address');
      } catch (error) {
        if (attempt === 2) this.#reportFailedDown(record, error);
      }
    }
    return false;
  }

  /** What is not withdrawn now, since ospfd does not answer, the reconciliation withdraws later. */
  async #withdraw(record: AliasRecord): Promise<boolean> {
    try {
      await this.#withdrawals.ask(record.lines);
      return true;
    } catch (error) {
      this.#parts.warn(`${record.service}: its lines stay in ospfd for now: ${message(error)}`);
      return false;
    }
  }

  /** ospfd must have heard that the address is gone, or it would announce it once more. */
  async #release(record: AliasRecord): Promise<void> {
    await this.#parts.holdDown.over(addressesOf(record));
    try {
      await this.#parts.networks.release(record.aliases);
    } catch (error) {
      this.#parts.warn(`${record.service}: its cost stays in ospfd for now: ${message(error)}`);
    }
  }

  #reportFailedDown(record: AliasRecord, error: unknown): void {
    const what = addressesOf(record).join(', ');
    this.#parts.warn(`${record.service}: ${what} stays until its lease ends: ${message(error)}`);
  }
}

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
