import type { Subject } from '../cluster/index.js';
import { type Announcement, compareSequence, type Sequence } from '../model/index.js';

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

/** What an LSA carries. */
export interface Carried {
  readonly subject: Subject;
  readonly sequence: Sequence;
}

/**
 * Whether the announcement that an LSA carried is gone now that it carries another one, and not merely outdated. A node
 * that lost its state directory begins anew with other service ids and, if its clock went back, with a lower epoch, and may
 * use the LSAs of its earlier life before they were deleted.
 */
export function isGone(before: Carried, now: Carried): boolean {
  return subjectKey(before.subject) !== subjectKey(now.subject) || compareSequence(now.sequence, before.sequence) < 0;
}
