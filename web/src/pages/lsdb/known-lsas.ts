import type { LsaSummary, LsdbChange } from '../../api/types.js';

/** An LSA as the page keeps it. */
export interface KnownLsa extends LsaSummary {
  /** When its age was 0, in milliseconds since 1970 by the node's clock: the age counts from here. */
  readonly bornAt: number;
  /** What a search looks through, in small letters. */
  readonly haystack: string;
  /** Sorts by type, link state ID and router; addresses as numbers. */
  readonly order: string;
}

export type KnownLsas = ReadonlyMap<string, KnownLsa>;

/** RFC 2328 appendix B, in seconds. */
const MAX_AGE = 3600;

/** What is known after these changes, in the order in which they came. */
export function applyChanges(before: KnownLsas, changes: readonly LsdbChange[]): KnownLsas {
  const after = new Map(before);
  for (const { reset, generatedAt, upserted, removed } of changes) {
    if (reset) after.clear();
    const at = new Date(generatedAt).getTime();
    for (const id of removed) after.delete(id);
    for (const lsa of upserted) after.set(lsa.id, known(lsa, at));
  }
  return after;
}

function known(lsa: LsaSummary, at: number): KnownLsa {
  const { typeName, linkStateId, advertisingRouter, area, link, sequence, checksum, words } = lsa;
  const haystack = [typeName, linkStateId, advertisingRouter, area ?? 'as', link ?? '', sequence, checksum, words];
  return {
    ...lsa,
    bornAt: at - lsa.age * 1000,
    haystack: haystack.join(' ').toLowerCase(),
    order: `${String(lsa.type).padStart(3, '0')} ${padded(linkStateId)} ${padded(advertisingRouter)}`,
  };
}

/** In whole seconds. `nodeNow`: milliseconds since 1970 by the node's clock. */
export function ageAt(lsa: KnownLsa, nodeNow: number): number {
  return Math.max(0, Math.min(MAX_AGE, Math.floor((nodeNow - lsa.bornAt) / 1000)));
}

/** Empty strings do not restrict. */
export interface LsaFilter {
  /** `5`, or with an opaque type `11/222`. */
  readonly type: string;
  readonly router: string;
  /** `as` for AS scope. */
  readonly area: string;
  /** All of its words must occur. */
  readonly text: string;
}

export function filterLsas(lsas: Iterable<KnownLsa>, { type, router, area, text }: LsaFilter): KnownLsa[] {
  const needles = text.toLowerCase().split(/\s+/).filter(Boolean);
  const found: KnownLsa[] = [];
  for (const lsa of lsas) {
    if (type !== '' && type !== String(lsa.type) && type !== typeKey(lsa)) continue;
    if (router !== '' && router !== lsa.advertisingRouter) continue;
    if (area !== '' && area !== (lsa.area ?? 'as')) continue;
    if (needles.every((needle) => lsa.haystack.includes(needle))) found.push(lsa);
  }
  return found;
}

export function typeKey({ type, opaqueType }: LsaSummary): string {
  return opaqueType === null ? String(type) : `${type}/${opaqueType}`;
}

export const COLUMNS = [
  'type',
  'linkStateId',
  'advertisingRouter',
  'area',
  'age',
  'sequence',
  'length',
  'words',
] as const;

export type Column = (typeof COLUMNS)[number];

export interface Order {
  readonly column: Column;
  readonly descending: boolean;
}

/** A new list; equal ones in the order of type, link state ID and router. */
export function sortLsas(lsas: readonly KnownLsa[], { column, descending }: Order): KnownLsa[] {
  const sign = descending ? -1 : 1;
  const keyed = lsas.map((lsa) => ({ lsa, key: sortKey(lsa, column) }));
  keyed.sort((a, b) => sign * compare(a.key, b.key) || compare(a.lsa.order, b.lsa.order));
  return keyed.map(({ lsa }) => lsa);
}

function sortKey(lsa: KnownLsa, column: Column): string | number {
  switch (column) {
    case 'type':
      return lsa.type * 256 + (lsa.opaqueType ?? 0);
    case 'linkStateId':
    case 'advertisingRouter':
      return padded(lsa[column]);
    case 'area':
      return lsa.area === null ? '' : padded(lsa.area);
    case 'age':
      return -lsa.bornAt;
    case 'sequence':
      // As RFC 2328 section 12.1.6 compares them: signed, from 0x80000001 on.
      return Number.parseInt(lsa.sequence, 16) | 0;
    case 'length':
      return lsa.length;
    case 'words':
      return lsa.words;
  }
}

function padded(address: string): string {
  return address
    .split('.')
    .map((part) => part.padStart(3, '0'))
    .join('.');
}

function compare(a: string | number, b: string | number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** What there is to choose from, with how many of each, in order. */
export function choices(lsas: Iterable<KnownLsa>, keyOf: (lsa: KnownLsa) => string): [string, number][] {
  const counts = new Map<string, number>();
  for (const lsa of lsas) {
    const key = keyOf(lsa);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts].sort(([a], [b]) => compare(padded(a), padded(b)));
}
