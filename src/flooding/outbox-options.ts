import type { Subject } from '../cluster/index.js';
import type { Announcement } from '../model/index.js';
import type { Clock } from './clock.js';
import type { FloodLimits } from './flood-limit.js';
import type { OwnLsas } from './own-lsas.js';
import type { OwnSeries } from './own-series.js';
import type { PlacementResult } from './placement.js';
import type { FloodingScope } from './transport.js';

export interface OutboxOptions {
  readonly clock: Clock;
  readonly lsas: OwnLsas;
  readonly series: OwnSeries;
  /** Throws a RangeError for what cannot be written. */
  readonly encode: (announcement: Announcement) => Uint8Array;
  readonly place: (announcement: Announcement, scope: FloodingScope) => PlacementResult;
  /** Whether there is anyone to flood to: a Full neighbour. */
  readonly hasNeighbour: () => boolean;
  /** Never called from within a call of the outbox. */
  readonly refused: (subject: Subject, reason: string) => void;
  /** This service changes faster than it may be flooded; its changes are merged. */
  readonly limited: (service: string) => void;
  readonly limits: FloodLimits;
}
