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
