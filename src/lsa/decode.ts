import type { Announcement } from '../model/index.js';
import { readCommand } from './command-body.js';
import { COMMON } from './common-tlvs.js';
import { type Conversation, readConversation } from './conversation.js';
import { readDaemon } from './daemon-body.js';
import { type Header, readHeader } from './header.js';
import { readService } from './service-body.js';
import { decodeName } from './text.js';
import { splitTlvs, TlvSet } from './tlv.js';

export type DecodedBody =
  | {
      readonly ok: true;
      readonly cluster: string;
      readonly announcement: Announcement;
      /** Of a Daemon LSA, if there is any. */
      readonly conversation?: Conversation;
    }
  /** Malformed: one sentence for the log. */
  | { readonly ok: false; readonly reason: string };

/**
 * Reads an opaque LSA's body. Never throws: whatever is not exactly an announcement is malformed, with the reason.
 * TLVs of unknown type are skipped. Whether the LSA type agrees with the announced scope is for the caller to check.
 */
export function decodeBody(body: Uint8Array): DecodedBody {
  try {
    const header = readHeader(body);
    const tlvs = new TlvSet(splitTlvs(body));
    tlvs.mandatory(COMMON.header);
    const cluster = decodeName('the cluster name', tlvs.mandatory(COMMON.cluster));
    tlvs.optional(COMMON.proof);
    const announcement = readAnnouncement(header, tlvs);
    const conversation = header.kind === 'daemon' ? readConversation(tlvs) : undefined;
    return { ok: true, cluster, announcement, ...(conversation === undefined ? {} : { conversation }) };
  } catch (error) {
    // Malformed is expected. Anything else is a defect of ours, but bytes from outside must not end the daemon.
    return { ok: false, reason: error instanceof Error ? error.message : String(error) };
  }
}

function readAnnouncement({ kind, sequence }: Header, tlvs: TlvSet): Announcement {
  switch (kind) {
    case 'service':
      return { ...readService(tlvs), sequence };
    case 'daemon':
      return { ...readDaemon(tlvs), sequence };
    case 'command':
      return { ...readCommand(tlvs), sequence };
  }
}
