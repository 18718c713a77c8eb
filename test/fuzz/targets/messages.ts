import fc from 'fast-check';
import { ipv4, type LsaInstance } from 'ospfapi-shim';
import type { OspfApiEvent } from '../../../ospfapi-shim/src/events.js';
import { encodeLsaBody } from '../../../ospfapi-shim/src/lsa/encode.js';
import { LsdbKeeper } from '../../../ospfapi-shim/src/lsdb-keeper.js';
import { Surroundings } from '../../../ospfapi-shim/src/surroundings.js';
import { lsa as anyLsa, message as anyMessage } from '../../../ospfapi-shim/src/testing/arbitraries.js';
import { decodeMessage } from '../../../ospfapi-shim/src/wire/decode.js';
import { encodeMessage } from '../../../ospfapi-shim/src/wire/encode.js';
import { FrameSplitter } from '../../../ospfapi-shim/src/wire/frame.js';
import { HostRoutes } from '../../../src/flooding/host-routes.js';
import { isOfOurType } from '../../../src/flooding/inbox.js';
import { lsaFields } from '../../../src/lsdb/fields.js';
import { meaningOf } from '../../../src/lsdb/meaning.js';
import { Broken, shape, type Target } from '../target.js';

const SEED = { seed: 1, numRuns: 60 };
const ROUTER = ipv4(1);

/** What ospfd's API says, from the bytes to what is known of LSDB and neighbours. */
export const message: Target = {
  name: 'message',
  share: 6,
  seeds: fc.sample(anyMessage, SEED).map((each, index) => encodeMessage(each, index)),
  repair: withLengths,
  read: (bytes) => {
    const outcomes: string[] = [];
    const events: OspfApiEvent[] = [];
    const lsdb = new LsdbKeeper((event) => events.push(event));
    lsdb.begin(() => Promise.resolve());
    const surroundings = new Surroundings((event) => events.push(event));
    for (const item of new FrameSplitter().push(bytes)) {
      const understood = item.kind === 'frame' ? decodeMessage(item) : item;
      outcomes.push(understood.kind === 'malformed' ? shape(understood.what + understood.reason) : understood.kind);
      switch (understood.kind) {
        case 'lsa-update':
        case 'lsa-delete':
          lsdb.handle(understood, ROUTER);
          break;
        case 'new-interface':
        case 'delete-interface':
        case 'ism-change':
        case 'nsm-change':
        case 'reachable-change':
          surroundings.handle(understood, ROUTER);
          break;
        default:
      }
    }
    lsdb.end();
    return `${outcomes.slice(0, 3).join()} ${events.map(({ type }) => type).slice(0, 3)}`;
  },
};

const TARGETS = { router: () => null, network: () => null };
/** The type stands in the first byte, the body behind it. */
const TYPES = [1, 2, 3, 4, 5, 7, 9, 10, 11, 6];

/** The body of any LSA, as the looking glass and the routes read it. */
export const lsa: Target = {
  name: 'lsa',
  share: 2,
  seeds: fc
    .sample(anyLsa, SEED)
    .map(({ header, lsa: each }) => Uint8Array.of(TYPES.indexOf(header.type), ...encodeLsaBody(each))),
  read: (bytes) => {
    const instance = instanceOf(bytes);
    const { words, lsa: understood } = meaningOf(instance, 'default');
    let at = 0;
    for (const field of lsaFields(instance, TARGETS)) {
      if (field.offset !== at) throw new Broken(`the field ${field.name} begins at ${field.offset} instead of ${at}`);
      at += field.length;
    }
    if (at !== 20 + instance.body.length)
      throw new Broken(`the fields have ${at} bytes, the LSA ${20 + instance.body.length}`);
    if (!isOfOurType(instance)) new HostRoutes().arrived(instance);
    return `${instance.header.type} ${understood.kind} ${shape(words)}`;
  },
};

/** The length of the first message is that of the bytes, and so is the one of an LSA in it. */
function withLengths(bytes: Uint8Array): Uint8Array {
  if (bytes.length < 8) return bytes;
  const repaired = bytes.slice();
  const view = new DataView(repaired.buffer);
  repaired[0] = 1;
  view.setUint16(2, bytes.length - 8);
  const type = repaired[1] ?? 0;
  const lsaAt = type === 12 || type === 13 ? 8 + 12 : type === 5 ? 8 + 8 : null;
  if (lsaAt !== null && bytes.length >= lsaAt + 20) view.setUint16(lsaAt + 18, bytes.length - lsaAt);
  return repaired;
}

function instanceOf(bytes: Uint8Array): LsaInstance {
  const [number = 0] = bytes;
  const type = TYPES[number % TYPES.length] ?? 1;
  const body = bytes.subarray(1);
  return {
    header: {
      age: 1,
      options: 2,
      type,
      linkStateId: ipv4(type >= 9 ? 0xde_01_00_03 : 0x0a_00_00_01),
      advertisingRouter: ipv4(2),
      sequenceNumber: 1,
      checksum: 0,
      length: 20 + body.length,
    },
    body,
    area: type === 11 || type === 5 ? null : ipv4(0),
    interfaceAddress: null,
    own: false,
    receivedAt: 0,
  };
}
