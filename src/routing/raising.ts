import type { OspfArea } from './alias-request.js';
import { Batcher } from './batcher.js';
import type { ConfiguredAddress, InterfaceConfiguration } from './interface-configuration.js';
import { type KernelAddress, type KernelAddresses, type PlacedAlias, SERVICES_AT_ONCE } from './kernel-addresses.js';
import type { AnnouncedAddress, OspfNetworks, OspfNetworksControl } from './ospf-networks.js';
import { VtyRefusal } from './vty/answer.js';

/** What has to be known of the machine before an alias is put up. */
export interface Survey {
  readonly present: readonly KernelAddress[];
  readonly configured: readonly ConfiguredAddress[];
  readonly networks: OspfNetworks;
  readonly areas: readonly OspfArea[];
}

/** For so long, in ms, what was looked at before is good enough: people change addresses and FRR more slowly. */
const PREPARED_FOR_MS = 1_000;

/** The steps in which aliases are put up; services that come to a step at the same time take it together. */
export class Raising {
  readonly #surveys: Batcher<null, Survey>;
  #prepared: { readonly askedAtMs: number; readonly survey: Promise<Survey> } | undefined;
  readonly #announcements: Batcher<readonly AnnouncedAddress[], void>;
  readonly #additions: Batcher<readonly PlacedAlias[], void>;

  constructor(
    kernel: Pick<KernelAddresses, 'list' | 'add'>,
    configuration: Pick<InterfaceConfiguration, 'list'>,
    networks: Pick<OspfNetworksControl, 'list' | 'ownAreas' | 'announce'>,
    leaseSeconds: number,
  ) {
    this.#surveys = new Batcher(async () => {
      const [present, configured, ospf, areas] = await Promise.all([
        kernel.list(),
        configuration.list(),
        networks.list(),
        networks.ownAreas(),
      ]);
      return { present, configured, networks: ospf, areas };
    });
    this.#announcements = new Batcher(
      (lines) => networks.announce(lines.flat()),
      (error) => error instanceof VtyRefusal,
    );
    this.#additions = new Batcher(
      (aliases) => kernel.add(aliases.flat(), leaseSeconds),
      () => true,
      SERVICES_AT_ONCE,
    );
  }

  /** Looks at the machine already, since aliases are about to be put up. */
  prepare(): void {
    const survey = this.#surveys.ask(null);
    survey.catch(() => {});
    this.#prepared = { askedAtMs: performance.now(), survey };
  }

  /** Begins after it was asked for, or was just prepared. Throws VtyRefusal, VtyUnavailable, or an Error of `ip` or ospfd. */
  async survey(): Promise<Survey> {
    const prepared = this.#prepared;
    if (prepared !== undefined && performance.now() - prepared.askedAtMs < PREPARED_FOR_MS) {
      const survey = await prepared.survey.catch(() => undefined);
      if (survey !== undefined) return survey;
    }
    return await this.#surveys.ask(null);
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
