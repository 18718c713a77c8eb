import { COMMAND } from './command-body.js';
import { COMMON } from './common-tlvs.js';
import { CONVERSATION } from './conversation.js';
import { DAEMON } from './daemon-body.js';
import { SERVICE } from './service-body.js';
import type { TlvRow } from './tlv-row.js';

/** All TLVs of opaque type 222, by their numbers. */
export const TLVS: ReadonlyMap<number, TlvRow> = new Map(
  [COMMON, SERVICE, DAEMON, CONVERSATION, COMMAND]
    .flatMap((rows): readonly TlvRow[] => Object.values(rows))
    .map((row) => [row.type, row]),
);
