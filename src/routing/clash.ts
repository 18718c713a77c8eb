import { type AliasAddress, isAliasLabel } from './alias-request.js';
import type { KernelAddress, PlacedAlias } from './kernel-addresses.js';
import type { Survey } from './raising.js';

export type IsOurs = (address: AliasAddress) => boolean;

/** Whether one of the aliases is up with our mark, and not by us: another srrd has it, or one whose state directory is lost. */
export function isUpElsewhere(
  aliases: readonly PlacedAlias[],
  present: readonly KernelAddress[],
  isOurs: IsOurs,
): boolean {
  return aliases.some(
    ({ address }) => !isOurs(address) && present.some((one) => one.address === address && isAliasLabel(one.label)),
  );
}

/** Throws an Error if somebody else has one of the addresses up, or FRR would put it up by itself. */
export function refuseClash(
  aliases: readonly PlacedAlias[],
  { present, configured }: Pick<Survey, 'present' | 'configured'>,
  isOurs: IsOurs,
): void {
  for (const { address } of aliases) {
    const foreign = present.find((one) => one.address === address && !(isAliasLabel(one.label) && isOurs(address)));
    if (foreign !== undefined) {
      const who = isAliasLabel(foreign.label) ? 'put there by another srrd' : 'not put there by srrd';
      throw new Error(`${address} is on ${foreign.interface} already, and ${who}; remove it there or choose another`);
    }
    const line = configured.find((one) => one.address === address);
    if (line !== undefined) {
      throw new Error(
        `FRR's configuration gives ${address} to ${line.interface}, so it would put it up by itself; ` +
          `remove the line "ip address ${line.address}/${line.prefixLength}" there`,
      );
    }
  }
}
