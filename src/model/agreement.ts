import type { SharedDefinition } from './announcement.js';

/** Whether two definitions agree in everything that must be the same on all nodes. */
export function agrees(a: SharedDefinition, b: SharedDefinition): boolean {
  return (
    a === b ||
    (a.kind === b.kind &&
      a.group === b.group &&
      a.critical === b.critical &&
      a.scope === b.scope &&
      a.area === b.area &&
      a.preempt === b.preempt &&
      a.handover === b.handover &&
      sameSet(a.dependsOn, b.dependsOn) &&
      sameSet(a.addresses, b.addresses))
  );
}

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item) => b.includes(item));
}

/** What other nodes must agree on (docs/states-and-rules.md). */
export const SHARED_KEYS = [
  'kind',
  'group',
  'critical',
  'dependsOn',
  'addresses',
  'scope',
  'area',
  'preempt',
  'handover',
] as const satisfies readonly (keyof SharedDefinition)[];

/** The keys in which two definitions of one service differ, and must not. */
export function differingKeys(definition: SharedDefinition, reference: SharedDefinition): readonly string[] {
  return SHARED_KEYS.filter((key) => !agrees({ ...reference, [key]: definition[key] }, reference));
}
