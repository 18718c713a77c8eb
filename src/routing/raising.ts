import type { OspfArea } from './alias-request.js';
import { Gathered } from './gathered.js';
import type { ConfiguredAddress, InterfaceConfiguration } from './interface-configuration.js';
import type { KernelAddress, KernelAddresses, PlacedAlias } from './kernel-addresses.js';
import type { AnnouncedAddress, OspfNetworks, OspfNetworksControl } from './ospf-networks.js';
import { VtyRefusal } from './vty/answer.js';

/** What has to be known of the machine before an alias is put up. */
export interface Survey {
  readonly present: readonly KernelAddress[];
  readonly configured: readonly ConfiguredAddress[];
  readonly networks: OspfNetworks;
  readonly areas: readonly OspfArea[];
}

/** The steps in which aliases are put up; services that come to a step at the same time take it together. */
export class Raising {
  readonly #surveys: Gathered<null, Survey>;
  readonly #announcements: Gathered<readonly AnnouncedAddress[], void>;
  readonly #additions: Gathered<readonly PlacedAlias[], void>;

  constructor(
    kernel: KernelAddresses,
    configuration: InterfaceConfiguration,
    networks: OspfNetworksControl,
    leaseSeconds: number,
  ) {
    this.#surveys = new Gathered(async () => {
      const [present, configured, ospf, areas] = await Promise.all([
        kernel.list(),
        configuration.list(),
        networks.list(),
        networks.ownAreas(),
      ]);
      return { present, configured, networks: ospf, areas };
    });
    this.#announcements = new Gathered(
      (lines) => networks.announce(lines.flat()),
      (error) => error instanceof VtyRefusal,
    );
    this.#additions = new Gathered(
      (aliases) => kernel.add(aliases.flat(), leaseSeconds),
      () => true,
    );
  }

  /** Begins after it was asked for. Throws VtyRefusal, VtyUnavailable, or an Error of `ip` or ospfd. */
  survey(): Promise<Survey> {
    return this.#surveys.ask(null);
  }

  /** Throws VtyRefusal or VtyUnavailable. */
  announce(lines: readonly AnnouncedAddress[]): Promise<void> {
    return this.#announcements.ask(lines);
  }

  /** Leased. Throws an Error with the kernel's words if one of them is not up afterwards. */
  add(aliases: readonly PlacedAlias[]): Promise<void> {
    return this.#additions.ask(aliases);
  }
}
