import type { Announcement } from '../cluster/announcement.js';
import type { Subject } from '../cluster/event.js';

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

/** The same text for the same subject. */
export function subjectKey(subject: Subject): string {
  switch (subject.kind) {
    case 'service':
      return `service ${subject.service}`;
    case 'daemon':
      return 'daemon';
    case 'command':
      return `command ${subject.nonce}`;
  }
}
