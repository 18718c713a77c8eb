import { computed, signal } from '@preact/signals';
import type { LsdbChange } from '../../api/types.js';
import { onStreamEvent, wantLsdb } from '../../store/connection.js';
import { applyChanges, type KnownLsas } from './known-lsas.js';

/** The LSDB as the node tells it, while a page looks. */
export const lsas = signal<KnownLsas>(new Map());

/** null: nothing was told yet; undefined: the node has no session with ospfd. */
export const lsdbRouterId = signal<string | undefined | null>(null);

/** What the LSDB may lack, in the node's words. */
export const lsdbNotes = signal<readonly string[]>([]);

export const lsdbTold = computed(() => lsdbRouterId.value !== null);

let waiting: LsdbChange[] = [];
let frame: number | undefined;

/** Follows the LSDB until the function that comes back is called. Changes are applied once for each frame. */
export function followLsdb(): () => void {
  const end = onStreamEvent('lsdb', (data) => {
    waiting.push(data as LsdbChange);
    frame ??= requestAnimationFrame(apply);
  });
  const release = wantLsdb();
  return () => {
    end();
    release();
    if (frame !== undefined) cancelAnimationFrame(frame);
    frame = undefined;
    waiting = [];
    lsas.value = new Map();
    lsdbRouterId.value = null;
    lsdbNotes.value = [];
  };
}

function apply(): void {
  frame = undefined;
  const changes = waiting;
  waiting = [];
  const last = changes.at(-1);
  if (last === undefined) return;
  lsdbRouterId.value = last.routerId ?? undefined;
  if (last.notes.join('\n') !== lsdbNotes.peek().join('\n')) lsdbNotes.value = last.notes;
  lsas.value = applyChanges(lsas.peek(), changes);
}
