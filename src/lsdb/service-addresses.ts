import type { Announcement, Sequence } from '../model/index.js';
import type { ReadLsa } from './read-lsa.js';

export interface AnnouncedServices {
  /** What each srrd calls itself, by router ID. */
  readonly nodeNames: ReadonlyMap<string, string>;
  readonly addresses: ReadonlyMap<string, { readonly services: string[]; readonly startedAt: string[] }>;
}

interface Announced {
  readonly announcement: Announcement;
  readonly advertisingRouter: string;
}

/** What the LSAs of opaque type 222 say about nodes and the addresses of services, in the order of the addresses. */
export function announcedServices(lsas: readonly ReadLsa[]): AnnouncedServices {
  const nodeNames = new Map<string, string>();
  const addresses = new Map<string, { services: string[]; startedAt: string[] }>();
  for (const { announcement, advertisingRouter } of newest(lsas)) {
    if (announcement.kind === 'daemon') nodeNames.set(advertisingRouter, announcement.hostName);
    if (announcement.kind !== 'service') continue;
    for (const address of announcement.definition.addresses) {
      const known = addresses.get(address) ?? { services: [], startedAt: [] };
      addresses.set(address, known);
      if (!known.services.includes(announcement.definition.name)) known.services.push(announcement.definition.name);
      const isNew = !known.startedAt.includes(advertisingRouter);
      if (announcement.runState === 'started' && isNew) known.startedAt.push(advertisingRouter);
    }
  }
  return { nodeNames, addresses: sorted(addresses) };
}

/** Of a replica that is announced under several link state IDs the newest counts (docs/wire-format.md). */
function newest(lsas: readonly ReadLsa[]): Iterable<Announced> {
  const found = new Map<string, Announced>();
  for (const { meaning, advertisingRouter } of lsas) {
    if (meaning.announcement?.ok !== true) continue;
    const { announcement } = meaning.announcement;
    const subject = announcement.kind === 'service' ? announcement.definition.name : announcement.kind;
    const key = `${advertisingRouter} ${announcement.kind} ${subject}`;
    const known = found.get(key);
    if (known !== undefined && isNewer(known.announcement.sequence, announcement.sequence)) continue;
    found.set(key, { announcement, advertisingRouter });
  }
  return found.values();
}

function isNewer(a: Sequence, b: Sequence): boolean {
  return a.epoch === b.epoch ? a.counter > b.counter : a.epoch > b.epoch;
}

function sorted<Value>(byAddress: ReadonlyMap<string, Value>): Map<string, Value> {
  const keyed = [...byAddress].map((entry) => ({ entry, key: sortKey(entry[0]) }));
  return new Map(keyed.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ entry }) => entry));
}

function sortKey(address: string): string {
  return address
    .split('.')
    .map((part) => part.padStart(3, '0'))
    .join('.');
}
