import type { Announcement } from '../cluster/announcement.js';

export type DecodedBody =
  | { readonly ok: true; readonly cluster: string; readonly announcement: Announcement }
  /** Malformed: one sentence for the log. */
  | { readonly ok: false; readonly reason: string };

/**
 * Reads an opaque LSA's body. Never throws: whatever is not exactly an announcement is malformed, with the reason.
 * TLVs of unknown type are skipped. Whether the LSA type agrees with the announced scope is for the caller to check.
 */
export function decodeBody(_body: Uint8Array): DecodedBody {
  return { ok: false, reason: 'not written yet' };
}
