import { signal } from '@preact/signals';
import { get, wordsOf } from '../../api/client.js';
import type { TopologyDocument } from '../../api/types.js';
import { onStreamEvent, wantLsdb } from '../../store/connection.js';

export const topology = signal<TopologyDocument | null>(null);

/** Why the last question was not answered; null: it was. */
export const topologyTrouble = signal<string | null>(null);

/** After a change of the LSDB the node is asked at once, and then at most so often. */
const REST_MS = 1_000;

/** Keeps the topology up to date until the function that comes back is called. */
export function followTopology(): () => void {
  const controller = new AbortController();
  let isAsking = false;
  let isStale = false;
  const ask = async (): Promise<void> => {
    isStale = true;
    if (isAsking) return;
    isAsking = true;
    while (isStale && !controller.signal.aborted) {
      isStale = false;
      try {
        topology.value = await get<TopologyDocument>('/topology', controller.signal);
        topologyTrouble.value = null;
      } catch (error) {
        if (!controller.signal.aborted) topologyTrouble.value = wordsOf(error);
      }
      await new Promise((resolve) => setTimeout(resolve, REST_MS));
    }
    isAsking = false;
  };
  const end = onStreamEvent('lsdb', () => void ask());
  const release = wantLsdb();
  void ask();
  return () => {
    controller.abort();
    end();
    release();
    topology.value = null;
    topologyTrouble.value = null;
  };
}
