import type { LiveSettings } from '../cluster/index.js';
import type { Configuration } from '../config/index.js';

/** Keys of the configuration that the core takes while it runs. */
export const LIVE_KEYS: readonly string[] = [
  ...['timing.joinHold', 'timing.stampRefresh', 'timing.recallDelay'],
  ...['onIsolation', 'remoteCommands'],
];

export function liveSettings({ timing, onIsolation, remoteCommands }: Configuration): LiveSettings {
  const { joinHoldMs, stampRefreshMs, recallDelayMs } = timing;
  return { joinHoldMs, stampRefreshMs, recallDelayMs, onIsolation, remoteCommands };
}
