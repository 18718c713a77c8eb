import { type AliasAddress, aliasAddress, isAliasLabel } from './alias-request.js';
import type { AliasTable } from './alias-table.js';
import { type InterfaceConfiguration, markedAddresses } from './interface-configuration.js';
import type { KernelAddresses } from './kernel-addresses.js';
import type { OspfNetworksControl } from './ospf-networks.js';

/** What an earlier life had left. */
export interface Leftovers {
  /** Addresses that were removed from interfaces. */
  readonly aliases: readonly string[];
  /** Addresses whose line was removed from ospfd. */
  readonly announced: readonly string[];
  /** Addresses that were removed from FRR's own configuration of interfaces. */
  readonly configured: readonly string[];
  /** What could not be looked at or removed, a sentence each. What ospfd still has is removed when it answers. */
  readonly problems: readonly string[];
}

export interface LeftoverParts {
  readonly table: AliasTable;
  readonly kernel: KernelAddresses;
  readonly networks: OspfNetworksControl;
  readonly configuration: InterfaceConfiguration;
}

/**
 * Removes aliases that carry our mark, and the lines for them and for `known` addresses in FRR. A `network` line has
 * no mark: one for an address that no service has any more stays, and announces nothing, since nobody has the address.
 * Never throws.
 */
export async function removeLeftovers(known: readonly string[], parts: LeftoverParts): Promise<Leftovers> {
  const problems: string[] = [];
  const attempt = async (work: () => Promise<readonly string[]>): Promise<readonly string[]> => {
    try {
      return await work();
    } catch (error) {
      problems.push(error instanceof Error ? error.message : String(error));
      return [];
    }
  };
  // FRR's configuration first: what it holds, zebra would put up again.
  const configured = await attempt(() => removeConfigured(parts.configuration));
  const aliases = await attempt(() => removeMarked(parts.kernel));
  const addresses = [...new Set([...known, ...aliases, ...configured])].flatMap(usable);
  parts.table.dismiss(addresses);
  const announced = await attempt(() => removeAnnounced(addresses, parts.networks));
  return { aliases, announced, configured, problems };
}

async function removeConfigured(configuration: InterfaceConfiguration): Promise<readonly string[]> {
  const marked = markedAddresses(await configuration.list());
  await configuration.remove(marked);
  return marked.map((line) => line.address);
}

async function removeMarked(kernel: KernelAddresses): Promise<readonly string[]> {
  const marked = (await kernel.list()).filter((one) => isAliasLabel(one.label));
  if (marked.length > 0) await kernel.removeMarked(marked);
  return marked.map((one) => one.address);
}

async function removeAnnounced(
  addresses: readonly AliasAddress[],
  networks: OspfNetworksControl,
): Promise<readonly string[]> {
  const { announced } = await networks.list();
  const lines = announced.filter((line) => addresses.includes(line.address));
  await networks.withdraw(lines);
  return lines.map((line) => line.address);
}

function usable(address: string): readonly AliasAddress[] {
  try {
    return [aliasAddress(address)];
  } catch {
    return [];
  }
}
