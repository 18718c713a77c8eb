import type { RemoteCommandRules, RouteWay } from '../../model/index.js';

/** What the daemon's configuration says to the core. Durations in milliseconds. */
export interface Settings {
  readonly nodeName: string;
  readonly softwareVersion: string;
  readonly joinHoldMs: number;
  readonly stampRefreshMs: number;
  readonly recallDelayMs: number;
  readonly onIsolation: 'stop' | 'keep';
  readonly remoteCommands: RemoteCommandRules;
  /** `auto`: by the number of addresses. */
  readonly announce: 'auto' | RouteWay;
  readonly managementAddresses: readonly string[];
  readonly managementPort: number;
}

/** What may change while the daemon runs: nobody has been told of it, and it counts from the next time on that it is looked at. */
export type LiveSettings = Pick<
  Settings,
  'joinHoldMs' | 'stampRefreshMs' | 'recallDelayMs' | 'onIsolation' | 'remoteCommands'
>;
