import type { Trust } from '../trust/index.js';
import type { Clock } from './clock.js';
import type { FloodLimits } from './flood-limit.js';
import type { GenerationStore } from './generation-store.js';
import type { NoticeListener } from './notice.js';
import type { OspfPort } from './ospf-port.js';
import type { Limit } from './token-bucket.js';

export interface OspfTransportOptions {
  readonly port: OspfPort;
  readonly cluster: string;
  readonly store: GenerationStore;
  readonly notice: NoticeListener;
  /** Default: nothing is signed, and everybody is believed. */
  readonly trust?: Trust;
  readonly clock?: Clock;
  /** Default: those of docs/flooding.md. */
  readonly limits?: FloodLimits;
  readonly intakeLimit?: Limit;
  /** Whether the events that were told already are enough to do. Default: never. */
  readonly isBusy?: () => boolean;
  /** The IPv4 addresses of an interface, as dotted quads; for scope `link`. Default: what the system says. */
  readonly addressesOf?: (interfaceName: string) => readonly string[];
  /**
   * Where the generations of a series begin of which nothing is known, 0..255. Default: anywhere, so that a node that
   * lost its state directory hardly meets its old LSAs on the link state IDs of its new ones.
   */
  readonly firstGeneration?: () => number;
}
