import type { IsmState, NsmState } from '../events.js';
import type { Ipv4 } from '../ipv4.js';
import type { LsaHeader } from '../lsa-header.js';

/** Which LSAs ospfd should tell of. An empty list of areas means all areas. */
export interface LsaFilter {
  /** The bit of LSA type n is `1 << (n - 1)`. */
  readonly typeMask: number;
  readonly origin: 'others' | 'self' | 'any';
  readonly areas: readonly Ipv4[];
}

interface LsaNotice {
  readonly interfaceAddress: Ipv4;
  readonly area: Ipv4;
  readonly own: boolean;
  readonly header: LsaHeader;
  readonly body: Uint8Array;
}

/** Messages to ospfd. Each is answered by a `reply` with the same sequence number. */
export type ApiRequest =
  | { readonly kind: 'register-opaque-type'; readonly lsaType: number; readonly opaqueType: number }
  | { readonly kind: 'unregister-opaque-type'; readonly lsaType: number; readonly opaqueType: number }
  | { readonly kind: 'register-event'; readonly filter: LsaFilter }
  | { readonly kind: 'sync-lsdb'; readonly filter: LsaFilter }
  | {
      readonly kind: 'originate';
      readonly interfaceAddress: Ipv4;
      readonly area: Ipv4;
      readonly header: LsaHeader;
      readonly body: Uint8Array;
    }
  | {
      readonly kind: 'delete';
      /** The interface's address (type 9), the area (type 10), or 0.0.0.0 (type 11). */
      readonly address: Ipv4;
      readonly lsaType: number;
      readonly opaqueType: number;
      /** Bit 0: flush it with an empty body. */
      readonly flags: number;
      /** The lower 24 bits of the link state ID. */
      readonly opaqueId: number;
    }
  | { readonly kind: 'sync-reachable' }
  | { readonly kind: 'sync-ism' }
  | { readonly kind: 'sync-nsm' }
  | { readonly kind: 'sync-router-id' };

/** Messages from ospfd; all but `reply` come on the second connection. */
export type ApiNotification =
  /** 0, or an error below 0. */
  | { readonly kind: 'reply'; readonly errorCode: number }
  | { readonly kind: 'ready'; readonly lsaType: number; readonly opaqueType: number; readonly address: Ipv4 }
  | ({ readonly kind: 'lsa-update' } & LsaNotice)
  | ({ readonly kind: 'lsa-delete' } & LsaNotice)
  | { readonly kind: 'new-interface'; readonly interfaceAddress: Ipv4; readonly area: Ipv4 }
  | { readonly kind: 'delete-interface'; readonly interfaceAddress: Ipv4 }
  | { readonly kind: 'ism-change'; readonly interfaceAddress: Ipv4; readonly area: Ipv4; readonly state: IsmState }
  | {
      readonly kind: 'nsm-change';
      readonly interfaceAddress: Ipv4;
      readonly neighbourAddress: Ipv4;
      readonly routerId: Ipv4;
      readonly state: NsmState;
    }
  | { readonly kind: 'reachable-change'; readonly added: readonly Ipv4[]; readonly removed: readonly Ipv4[] }
  | { readonly kind: 'router-id-change'; readonly routerId: Ipv4 };

export type ApiMessage = ApiRequest | ApiNotification;

/** Message types as they stand in the header. */
export const MESSAGE_TYPES = {
  'register-opaque-type': 1,
  'unregister-opaque-type': 2,
  'register-event': 3,
  'sync-lsdb': 4,
  originate: 5,
  delete: 6,
  'sync-reachable': 7,
  'sync-ism': 8,
  'sync-nsm': 9,
  reply: 10,
  ready: 11,
  'lsa-update': 12,
  'lsa-delete': 13,
  'new-interface': 14,
  'delete-interface': 15,
  'ism-change': 16,
  'nsm-change': 17,
  'reachable-change': 18,
  'sync-router-id': 19,
  'router-id-change': 20,
} as const satisfies Record<ApiMessage['kind'], number>;

const KINDS: ReadonlyMap<number, ApiMessage['kind']> = new Map(
  Object.entries(MESSAGE_TYPES).map(([kind, type]) => [type, kind as ApiMessage['kind']]),
);

export function messageKind(type: number): ApiMessage['kind'] | undefined {
  return KINDS.get(type);
}

export const FILTER_ORIGINS = ['others', 'self', 'any'] as const;

/** Index is the number on the wire. */
export const NSM_STATES = [
  'depend-upon',
  'deleted',
  'down',
  'attempt',
  'init',
  'two-way',
  'ex-start',
  'exchange',
  'loading',
  'full',
] as const satisfies readonly NsmState[];

/** Index is the number on the wire. */
export const ISM_STATES = [
  'depend-upon',
  'down',
  'loopback',
  'waiting',
  'point-to-point',
  'dr-other',
  'backup',
  'designated-router',
] as const satisfies readonly IsmState[];
