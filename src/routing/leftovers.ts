import type { AliasRecords } from './alias-records.js';
import { type AliasAddress, isAliasLabel, usableAddress } from './alias-request.js';
import type { AliasTable } from './alias-table.js';
import { type InterfaceConfiguration, markedAddresses } from './interface-configuration.js';
import type { KernelAddress, KernelAddresses } from './kernel-addresses.js';
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
  readonly records: AliasRecords;
  readonly table: AliasTable;
  readonly kernel: KernelAddresses;
  readonly networks: OspfNetworksControl;
  readonly configuration: InterfaceConfiguration;
}

/**
 * Removes what an earlier life has recorded: aliases, and the lines for them in FRR; and the lines for `known` addresses,
 * which somebody may have saved while they were up. Aliases with our mark that are not recorded are another srrd's, or
 * of a life whose state directory is lost: they are left alone, and so are the lines for them. Never throws.
 */
export async function removeLeftovers(known: readonly string[], parts: LeftoverParts): Promise<Leftovers> {
  const problems: string[] = [];
  const attempt = async <T>(otherwise: T, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      problems.push(error instanceof Error ? error.message : String(error));
      return otherwise;
    }
  };
  const { table, kernel, records } = parts;
  const recorded = records.all();
  const ours = [...recorded.values()].flatMap(({ aliases }) => aliases.map(({ address }) => address));
  table.own(ours);
  const none: readonly string[] = [];
  // FRR's configuration first: what it holds, zebra would put up again.
  const configured = await attempt(none, () => removeConfigured(ours, parts.configuration));
  const found = await attempt([], () => kernel.list());
  const marked = found.filter((one) => isAliasLabel(one.label));
  const left = marked.filter(({ address }) => ours.every((one) => one !== address));
  const aliases = await attempt(none, () =>
    removeMarked(
      marked.filter((one) => !left.includes(one)),
      kernel,
    ),
  );
  for (const { address, interface: name } of left) {
    problems.push(
      `${address} on ${name} has srrd's mark, and is not recorded here: it is left alone, as another srrd's`,
    );
  }
  const unclaimed = known.flatMap(usableAddress).filter((address) => left.every((one) => one.address !== address));
  const addresses = [...new Set([...unclaimed, ...ours])];
  table.dismiss(addresses);
  const announced = await attempt(none, () => removeAnnounced(addresses, parts.networks));
  if (problems.length === 0) for (const service of recorded.keys()) records.remove(service);
  return { aliases, announced, configured, problems };
}

async function removeConfigured(
  ours: readonly AliasAddress[],
  configuration: InterfaceConfiguration,
): Promise<readonly string[]> {
  const marked = markedAddresses(await configuration.list()).filter(({ address }) => ours.includes(address));
  await configuration.remove(marked);
  return marked.map((line) => line.address);
}

async function removeMarked(marked: readonly KernelAddress[], kernel: KernelAddresses): Promise<readonly string[]> {
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
  // None of its addresses is up: it is begun anew when it is needed.
  await networks.endExternal();
  return lines.map((line) => line.address);
}
