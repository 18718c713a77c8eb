import type { Announcement } from '../cluster/announcement.js';

/**
 * The body of the opaque LSA that carries this announcement in this cluster: under 1,400 bytes, a multiple of 4.
 *
 * Text for people (reasons, outcomes, operator, host name) is cut to fit on a character boundary, and control
 * characters in it become spaces. Of more than 16 outcomes the last 16 are sent, of more than 128 asked nodes the first.
 * Throws a RangeError for what cannot be written at all: a number outside its field, a name that is none, too many
 * addresses or dependencies. Configuration and core never produce these.
 */
export function encodeBody(_announcement: Announcement, _cluster: string): Uint8Array {
  throw new Error('not written yet');
}
