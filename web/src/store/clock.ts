import { computed, signal } from '@preact/signals';
import { clockLead } from './cluster.js';

/** The browser's time, once a second. */
export const now = signal(Date.now());

/** The node's time, as well as we know it: stamps of the cluster are compared with this. */
export const nodeNow = computed(() => now.value + clockLead.value);

export function startClock(): void {
  setInterval(() => {
    now.value = Date.now();
  }, 1000);
}
