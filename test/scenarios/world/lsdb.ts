import type { Subject, TransportEvent } from '../../../src/cluster/index.js';
import type { Announcement, RouterId, Sequence } from '../../../src/model/index.js';

interface Entry {
  readonly origin: RouterId;
  readonly subject: Subject;
  readonly announcement: Announcement;
}

/** What one router has heard: announcements, the newest of each subject, and the host routes of each router. */
export class Lsdb {
  private readonly entries = new Map<string, Entry>();
  private readonly routes = new Map<RouterId, readonly string[]>();

  clear(): void {
    this.entries.clear();
    this.routes.clear();
  }

  announcements(): Iterable<Entry> {
    return this.entries.values();
  }

  /** Everything, as a new session hears it. */
  *content(): Generator<TransportEvent> {
    for (const { origin, announcement } of this.entries.values()) yield arrival(origin, announcement);
    for (const [origin, addresses] of this.routes) yield { type: 'routes', origin, addresses };
  }

  /** Returns the event if the announcement is new here. */
  install(origin: RouterId, announcement: Announcement): TransportEvent | null {
    const subject = subjectOf(announcement);
    const key = keyOf(origin, subject);
    const held = this.entries.get(key);
    if (held !== undefined && compare(held.announcement.sequence, announcement.sequence) >= 0) return null;
    this.entries.set(key, { origin, subject, announcement });
    return arrival(origin, announcement);
  }

  /** The LSA that carries the announcement with this sequence is deleted. Returns the event if it was known here. */
  remove(origin: RouterId, subject: Subject, sequence: Sequence): TransportEvent | null {
    const key = keyOf(origin, subject);
    const held = this.entries.get(key);
    if (held === undefined) return null;
    // Of a generation that never arrived here nothing is heard; what goes is the one before it.
    const older = compare(held.announcement.sequence, sequence) <= 0;
    if (older) this.entries.delete(key);
    const gone = older ? held.announcement.sequence : sequence;
    return { type: 'withdrawal', origin, lsaId: '222.0.0.0', subject, sequence: gone };
  }

  /** Everything that the router originated is gone. */
  removeAll(origin: RouterId): TransportEvent[] {
    this.routes.delete(origin);
    const entries = [...this.entries.values()].filter((entry) => entry.origin === origin);
    return entries.flatMap(({ subject, announcement }) => this.remove(origin, subject, announcement.sequence) ?? []);
  }

  /** Returns the event if the router announces other host addresses than before. */
  setRoutes(origin: RouterId, addresses: readonly string[]): TransportEvent | null {
    const before = this.routes.get(origin);
    if (before !== undefined && before.join() === addresses.join()) return null;
    this.routes.set(origin, addresses);
    return { type: 'routes', origin, addresses };
  }
}

export function subjectOf(announcement: Announcement): Subject {
  switch (announcement.kind) {
    case 'service':
      return { kind: 'service', service: announcement.definition.name };
    case 'daemon':
      return { kind: 'daemon' };
    case 'command':
      return { kind: 'command', nonce: announcement.nonce };
  }
}

function arrival(origin: RouterId, announcement: Announcement): TransportEvent {
  return { type: 'announcement', origin, lsaId: '222.0.0.0', ageSeconds: 1, announcement };
}

function compare(a: Sequence, b: Sequence): number {
  return a.epoch - b.epoch || a.counter - b.counter;
}

function keyOf(origin: RouterId, subject: Subject): string {
  return `${origin} ${JSON.stringify(subject)}`;
}
