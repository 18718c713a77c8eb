import { isDeepStrictEqual } from 'node:util';
import { isKeys, type Keys, ownValue } from './applied-file.js';

/** What would become another on a node. */
export interface Change {
  readonly service: string;
  readonly kind: 'new' | 'changed' | 'deleted';
  /** Only with `changed`. */
  readonly keys: readonly KeyChange[];
}

/** `check.interval`; undefined: it is not written, so the default counts. */
export interface KeyChange {
  readonly key: string;
  readonly from: unknown;
  readonly to: unknown;
}

/** null: nothing differs. */
export function changeOf(service: string, present: Keys | undefined, wanted: Keys | null): Change | null {
  if (wanted === null) return present === undefined ? null : { service, kind: 'deleted', keys: [] };
  if (present === undefined) return { service, kind: 'new', keys: [] };
  const keys = differing([], present, wanted);
  return keys.length === 0 ? null : { service, kind: 'changed', keys };
}

/** One line. */
export function describeChange({ service, kind, keys }: Change): string {
  if (kind !== 'changed') return `${service}: ${kind}`;
  return `${service}: ${keys.map(({ key, from, to }) => `${key}: ${shown(from)} -> ${shown(to)}`).join('; ')}`;
}

function differing(path: readonly string[], present: Keys, wanted: Keys): KeyChange[] {
  const names = [...new Set([...Object.keys(present), ...Object.keys(wanted)])];
  return names.flatMap((name): KeyChange[] => {
    const [from, to] = [ownValue(present, name), ownValue(wanted, name)];
    if (isDeepStrictEqual(from, to)) return [];
    const key = [...path, name];
    if ((isKeys(from) || isKeys(to)) && isSection(from) && isSection(to)) return differing(key, from ?? {}, to ?? {});
    return [{ key: key.join('.'), ...masked(key, from, to) }];
  });
}

function isSection(value: unknown): value is Keys | undefined {
  return value === undefined || isKeys(value);
}

/** The values of variables may be passwords, and what is printed here may end in the log of a build. */
function masked([section]: readonly string[], from: unknown, to: unknown): Pick<KeyChange, 'from' | 'to'> {
  if (section !== 'variables') return { from, to };
  return { from: from === undefined ? from : '***', to: to === undefined ? to : '***' };
}

function shown(value: unknown): string {
  if (value === undefined) return '(default)';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
