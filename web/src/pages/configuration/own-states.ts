import { computed } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { isHere, picture } from '../../store/cluster.js';

/** The config state of every service of this node: with it changes what may be edited. null: nothing is known yet. */
export const ownStates = computed(() =>
  picture.value === null
    ? null
    : [...picture.value.services.keys()].map((name) => `${name}:${ownState(name)}`).join(' '),
);

/** The config state of the service on this node; empty: it has none here. */
export function ownState(name: string): string {
  const replicas = picture.value?.services.get(name)?.replicas ?? [];
  return replicas.find(({ routerId }) => isHere(routerId))?.config ?? '';
}

/** Many changes may follow each other, and each question makes the node read its files. */
const PAUSE_MS = 150;

/** Asks anew when this text has become another one. */
export function useReloadWith(text: string | null, reload: () => void): void {
  const last = useRef(text);
  useEffect(() => {
    // What is heard first is no change.
    last.current ??= text;
    if (last.current === text) return;
    const timer = setTimeout(() => {
      last.current = text;
      reload();
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text, reload]);
}
