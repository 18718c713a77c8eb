import type { Announcement } from '../model/index.js';
import { commandTlvs } from './command-body.js';
import { COMMON } from './common-tlvs.js';
import { type Conversation, conversationTlvs } from './conversation.js';
import { daemonTlvs } from './daemon-body.js';
import { headerTlv, sealBody } from './header.js';
import { MAX_BODY_BYTES } from './limits.js';
import { PROOF_TLV_BYTES } from './proof.js';
import { serviceTlvs } from './service-body.js';
import { encodeName } from './text.js';
import { bodyBytes, joinTlvs, type Tlv, tlv } from './tlv.js';

export interface EncodeOptions {
  /** Leave room for a proof (addProof). */
  readonly forProof: boolean;
  /** Goes into Daemon LSAs. */
  readonly conversation: Conversation;
}

const PLAIN: EncodeOptions = { forProof: false, conversation: { asks: [], answers: [] } };

/**
 * The body of the opaque LSA that carries this announcement in this cluster: under 1,400 bytes, a multiple of 4.
 *
 * Text for people (reasons, outcomes, operator, host name) is cut to fit on a character boundary, and control
 * characters in it become spaces. Of more than 16 outcomes the last 16 are sent, of more than 128 asked nodes the first;
 * of fewer where proof and conversation need the room.
 * Throws a RangeError for what cannot be written at all: a number outside its field, a name that is none, too many
 * addresses or dependencies. Configuration and core never produce these.
 */
export function encodeBody(announcement: Announcement, cluster: string, options: EncodeOptions = PLAIN): Uint8Array {
  const common: Tlv[] = [headerTlv(announcement), tlv(COMMON.cluster, encodeName('the cluster name', cluster))];
  const last = announcement.kind === 'daemon' ? conversationTlvs(options.conversation) : [];
  const taken = bodyBytes([...common, ...last]) + (options.forProof ? PROOF_TLV_BYTES : 0);
  return sealBody(joinTlvs([...common, ...announcementTlvs(announcement, MAX_BODY_BYTES - 4 - taken), ...last]));
}

function announcementTlvs(announcement: Announcement, room: number): Tlv[] {
  switch (announcement.kind) {
    case 'service':
      return serviceTlvs(announcement, room);
    case 'daemon':
      return daemonTlvs(announcement, room);
    case 'command':
      return commandTlvs(announcement);
  }
}
