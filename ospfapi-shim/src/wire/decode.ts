import type { Ipv4 } from '../ipv4.js';
import { readLsaHeader } from '../lsa/header.js';
import { LSA_HEADER_LENGTH } from '../lsa-header.js';
import type { Frame } from './frame.js';
import { type Malformed, malformed } from './malformed.js';
import { type ApiMessage, FILTER_ORIGINS, ISM_STATES, type LsaFilter, messageKind, NSM_STATES } from './message.js';
import { Reader } from './reader.js';

/** A type that this client does not know; newer versions of ospfd may send some. To be skipped. */
export interface UnknownMessage {
  readonly kind: 'unknown-message';
  readonly type: number;
}

/**
 * The meaning of a frame. Bytes after a complete fixed-size body are ignored, as a newer ospfd may append fields; an LSA
 * and a list must fill their body exactly. Never throws.
 */
export function decodeMessage(frame: Frame): ApiMessage | UnknownMessage | Malformed {
  const kind = messageKind(frame.type);
  if (kind === undefined) return { kind: 'unknown-message', type: frame.type };
  const reader = new Reader(frame.body);
  const message = readBody(kind, reader);
  if (reader.failed) return malformed(`message ${kind}`, `its body ends too early, after ${frame.body.length} bytes`);
  return message;
}

function readBody(kind: ApiMessage['kind'], r: Reader): ApiMessage | Malformed {
  switch (kind) {
    case 'register-opaque-type':
    case 'unregister-opaque-type': {
      const message = { kind, lsaType: r.u8(), opaqueType: r.u8() };
      r.skip(2);
      return message;
    }
    case 'register-event':
    case 'sync-lsdb': {
      const filter = readFilter(r);
      return 'kind' in filter ? filter : { kind, filter };
    }
    case 'originate': {
      const interfaceAddress = r.ipv4();
      const area = r.ipv4();
      const lsa = readLsa(kind, r);
      return 'kind' in lsa ? lsa : { kind, interfaceAddress, area, ...lsa };
    }
    case 'delete': {
      const head = { address: r.ipv4(), lsaType: r.u8(), opaqueType: r.u8() };
      r.skip(1);
      return { kind, ...head, flags: r.u8(), opaqueId: r.u32() };
    }
    case 'sync-reachable':
    case 'sync-ism':
    case 'sync-nsm':
    case 'sync-router-id':
      return { kind };
    case 'reply': {
      const errorCode = r.i8();
      r.skip(3);
      return { kind, errorCode };
    }
    case 'ready': {
      const head = { lsaType: r.u8(), opaqueType: r.u8() };
      r.skip(2);
      return { kind, ...head, address: r.ipv4() };
    }
    case 'lsa-update':
    case 'lsa-delete': {
      const head = { interfaceAddress: r.ipv4(), area: r.ipv4(), own: r.u8() !== 0 };
      r.skip(3);
      const lsa = readLsa(kind, r);
      return 'kind' in lsa ? lsa : { kind, ...head, ...lsa };
    }
    case 'new-interface':
      return { kind, interfaceAddress: r.ipv4(), area: r.ipv4() };
    case 'delete-interface':
      return { kind, interfaceAddress: r.ipv4() };
    case 'ism-change': {
      const head = { interfaceAddress: r.ipv4(), area: r.ipv4() };
      const number = r.u8();
      r.skip(3);
      const state = ISM_STATES[number];
      if (state === undefined) return malformed(`message ${kind}`, `there is no interface state ${number}`);
      return { kind, ...head, state };
    }
    case 'nsm-change': {
      const head = { interfaceAddress: r.ipv4(), neighbourAddress: r.ipv4(), routerId: r.ipv4() };
      const number = r.u8();
      r.skip(3);
      const state = NSM_STATES[number];
      if (state === undefined) return malformed(`message ${kind}`, `there is no neighbour state ${number}`);
      return { kind, ...head, state };
    }
    case 'reachable-change': {
      const added = r.u16();
      const removed = r.u16();
      if (r.remaining !== 4 * (added + removed)) {
        return malformed(`message ${kind}`, `${added + removed} router IDs announced, ${r.remaining} bytes follow`);
      }
      return { kind, added: readAddresses(r, added), removed: readAddresses(r, removed) };
    }
    case 'router-id-change':
      return { kind, routerId: r.ipv4() };
  }
}

function readFilter(r: Reader): LsaFilter | Malformed {
  const typeMask = r.u16();
  const number = r.u8();
  const count = r.u8();
  const origin = FILTER_ORIGINS[number];
  if (origin === undefined) return malformed('LSA filter', `there is no origin ${number}`);
  if (r.remaining !== 4 * count)
    return malformed('LSA filter', `${count} areas announced, ${r.remaining} bytes follow`);
  return { typeMask, origin, areas: readAddresses(r, count) };
}

function readLsa(kind: string, r: Reader) {
  const available = r.remaining;
  const header = readLsaHeader(r);
  if (header.length < LSA_HEADER_LENGTH || header.length !== available) {
    return malformed(`message ${kind}`, `its LSA claims ${header.length} bytes and has ${available}`);
  }
  return { header, body: r.bytes(header.length - LSA_HEADER_LENGTH) };
}

function readAddresses(r: Reader, count: number): Ipv4[] {
  return Array.from({ length: count }, () => r.ipv4());
}
