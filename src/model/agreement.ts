import { SHARED_KEYS } from '../tables/index.js';
import type { SharedDefinition } from './announcement.js';

/** Whether two definitions agree in everything that must be the same on all nodes. */
export function agrees(a: SharedDefinition, b: SharedDefinition): boolean {
  return a === b || SHARED_KEYS.every((key) => isSame(a[key], b[key]));
}

/** The keys in which two definitions of one service differ, and must not. */
export function differingKeys(definition: SharedDefinition, reference: SharedDefinition): readonly string[] {
  return SHARED_KEYS.filter((key) => !isSame(definition[key], reference[key]));
}

type SharedValue = SharedDefinition[(typeof SHARED_KEYS)[number]];

function isSame(a: SharedValue, b: SharedValue): boolean {
  return a === b || (isList(a) && isList(b) && a.length === b.length && a.every((item) => b.includes(item)));
}

function isList(value: SharedValue): value is readonly string[] {
  return Array.isArray(value);
}
