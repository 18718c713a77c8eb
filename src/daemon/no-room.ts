import type { TransportEvent } from '../cluster/index.js';
import type { RouterId } from '../model/index.js';
import { commandRow } from '../tables/index.js';

/**
 * Notes with a command of another node for this one that what it asks for could not be remembered, as a command that is given
 * here is refused for it (a full disk). `noRoom`: a sentence; null: there is room.
 */
export function withoutRoom(event: TransportEvent, self: RouterId | null, noRoom: () => string | null): TransportEvent {
  if (event.type !== 'announcement' || event.announcement.kind !== 'command') return event;
  const { target, order } = event.announcement;
  if (target !== self || commandRow(order).forgettable) return event;
  const why = noRoom();
  return why === null ? event : { ...event, noRoom: why };
}
