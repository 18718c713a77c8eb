import { encodeLsaHeader } from '../lsa/header.js';
import { encodeFrame } from './frame.js';
import { type ApiMessage, FILTER_ORIGINS, ISM_STATES, type LsaFilter, MESSAGE_TYPES, NSM_STATES } from './message.js';
import { Writer } from './writer.js';

/** A message as it goes over the wire, header included. docs/ospf-api.md has the layouts. */
export function encodeMessage(message: ApiMessage, sequence: number): Uint8Array {
  return encodeFrame(MESSAGE_TYPES[message.kind], sequence, encodeBody(message));
}

function encodeBody(message: ApiMessage): Uint8Array {
  const w = new Writer();
  switch (message.kind) {
    case 'register-opaque-type':
    case 'unregister-opaque-type':
      return w.u8(message.lsaType).u8(message.opaqueType).zeros(2).finish();
    case 'register-event':
    case 'sync-lsdb':
      return writeFilter(w, message.filter).finish();
    case 'originate':
      w.ipv4(message.interfaceAddress).ipv4(message.area);
      return w.bytes(encodeLsaHeader(message.header)).bytes(message.body).finish();
    case 'delete':
      w.ipv4(message.address).u8(message.lsaType).u8(message.opaqueType).u8(0).u8(message.flags);
      return w.u32(message.opaqueId).finish();
    case 'sync-reachable':
    case 'sync-ism':
    case 'sync-nsm':
    case 'sync-router-id':
      // These carry nothing, but an empty body aborts ospfd (assertion in stream_new), 8.4.4 and 10.3.
      return w.zeros(4).finish();
    case 'reply':
      return w.u8(message.errorCode).zeros(3).finish();
    case 'ready':
      return w.u8(message.lsaType).u8(message.opaqueType).zeros(2).ipv4(message.address).finish();
    case 'lsa-update':
    case 'lsa-delete':
      w.ipv4(message.interfaceAddress).ipv4(message.area);
      w.u8(message.own ? 1 : 0).zeros(3);
      return w.bytes(encodeLsaHeader(message.header)).bytes(message.body).finish();
    case 'new-interface':
      return w.ipv4(message.interfaceAddress).ipv4(message.area).finish();
    case 'delete-interface':
      return w.ipv4(message.interfaceAddress).finish();
    case 'ism-change':
      w.ipv4(message.interfaceAddress).ipv4(message.area);
      return w.u8(ISM_STATES.indexOf(message.state)).zeros(3).finish();
    case 'nsm-change':
      w.ipv4(message.interfaceAddress).ipv4(message.neighbourAddress).ipv4(message.routerId);
      return w.u8(NSM_STATES.indexOf(message.state)).zeros(3).finish();
    case 'reachable-change':
      w.u16(message.added.length).u16(message.removed.length);
      for (const router of [...message.added, ...message.removed]) w.ipv4(router);
      return w.finish();
    case 'router-id-change':
      return w.ipv4(message.routerId).finish();
  }
}

function writeFilter(w: Writer, filter: LsaFilter): Writer {
  w.u16(filter.typeMask).u8(FILTER_ORIGINS.indexOf(filter.origin)).u8(filter.areas.length);
  for (const area of filter.areas) w.ipv4(area);
  return w;
}
