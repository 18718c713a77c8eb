import { type AliasAddress, aliasAddress, type InterfaceName, interfaceName, isAliasLabel } from './alias-request.js';
import { interfaceOf, readRunningConfig } from './running-config.js';
import { VtyUnavailable } from './vty/answer.js';
import * as command from './vty/commands.js';
import type { VtySession } from './vty/persistent-session.js';

/** An `ip address` line in FRR's configuration. */
export interface ConfiguredAddress {
  readonly interface: InterfaceName;
  readonly address: AliasAddress;
  readonly prefixLength: number;
  readonly label: string | null;
}

/**
 * The addresses in FRR's own configuration: kept by zebra, from FRR 10 on by mgmtd.
 *
 * zebra puts such an address up by itself, without a lease, whenever the interface or zebra comes up again, even long
 * after our lease on it has ended. So a service's address must not be there.
 */
export class InterfaceConfiguration {
  #mgmtdSeen = false;

  /** @param mgmtd null where FRR has none (before version 10). It must not be `patient`. */
  constructor(
    readonly zebra: VtySession,
    readonly mgmtd: VtySession | null,
  ) {}

  /** Throws VtyRefusal or VtyUnavailable. */
  async list(): Promise<readonly ConfiguredAddress[]> {
    const fromMgmtd = await this.#askMgmtd();
    return readConfiguredAddresses(fromMgmtd ?? (await this.zebra.show(command.SHOW_RUNNING_CONFIG)));
  }

  /** For lines with a label. Throws VtyRefusal or VtyUnavailable. */
  async remove(lines: readonly ConfiguredAddress[]): Promise<void> {
    const commands = lines.flatMap((one) =>
      one.label === null ? [] : [command.enterInterface(one.interface), command.noIpAddress(one.address, one.label)],
    );
    const session = this.#mgmtdSeen && this.mgmtd !== null ? this.mgmtd : this.zebra;
    if (commands.length > 0) await session.configure(commands);
  }

  /** undefined: this FRR has no mgmtd. Once it was seen, zebra is no substitute: it knows of no configuration then. */
  async #askMgmtd(): Promise<string | undefined> {
    if (this.mgmtd === null) return undefined;
    try {
      const text = await this.mgmtd.show(command.SHOW_RUNNING_CONFIG);
      this.#mgmtdSeen = true;
      return text;
    } catch (error) {
      if (error instanceof VtyUnavailable && !this.#mgmtdSeen) return undefined;
      throw error;
    }
  }
}

/** Those of the lines that carry our mark. */
export function markedAddresses(lines: readonly ConfiguredAddress[]): readonly ConfiguredAddress[] {
  return lines.filter((one) => one.label !== null && isAliasLabel(one.label));
}

/** Reads `show running-config`. Lines that no alias could clash with are left out. */
export function readConfiguredAddresses(text: string): readonly ConfiguredAddress[] {
  return readRunningConfig(text).flatMap((block) => {
    const name = interfaceOf(block);
    return name === undefined ? [] : block.lines.flatMap((line) => configuredAddress(name, line));
  });
}

function configuredAddress(name: string, line: string): readonly ConfiguredAddress[] {
  const [, address, prefixLength, label] = /^ip address (\S+)\/(\d+)(?: label (\S+))?$/.exec(line) ?? [];
  if (address === undefined) return [];
  try {
    return [
      {
        interface: interfaceName(name),
        address: aliasAddress(address),
        prefixLength: Number(prefixLength),
        label: label ?? null,
      },
    ];
  } catch (error) {
    if (error instanceof RangeError) return [];
    throw error;
  }
}
