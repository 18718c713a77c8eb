import { ipv4, type LsaInstance } from 'ospfapi-shim';
import type { TransportEvent } from '../../../src/cluster/index.js';
import { Inbox } from '../../../src/flooding/inbox.js';
import { linkStateId } from '../../../src/flooding/link-state-id.js';
import { LSA_TYPE_OF_SCOPE } from '../../../src/flooding/placement.js';
import { encodeBody } from '../../../src/lsa/index.js';
import type { Announcement, RouterId } from '../../../src/model/index.js';
import { Trust, type TrustKeys } from '../../../src/trust/trust.js';
import type { Disk } from '../disk.js';
import type { Lsa } from '../ospf/lsa.js';
import type { ProvenWords } from '../proven-words.js';
import type { Random } from '../random.js';

const CLUSTER = 'default';
/** So long a change of what is remembered may wait for the disk (src/trust/marks-file.ts). */
export const SAVE_AFTER_MS = 200;

export interface ProvingOptions {
  readonly self: RouterId;
  readonly keys: TrustKeys;
  readonly mode: 'sign' | 'require';
  readonly disk: Disk;
  readonly random: Random;
  readonly nowMs: () => number;
  readonly unixSeconds: () => number;
  readonly later: (delayMs: number, happen: () => void) => void;
  readonly idOf: (index: number) => RouterId;
  /** What the router ID's owner has signed, where the simulation lets another machine have its key. */
  readonly signedBy: (index: number, announcement: Announcement, series: number) => Uint8Array;
}

/** The words of one life of a daemon under `trust: require`: the real Trust and the real Inbox, on bytes. */
export class Proving implements ProvenWords {
  readonly trust: Trust;
  readonly #options: ProvingOptions;
  readonly #inbox: Inbox;
  /** A deletion is that of what the LSA carried: the type is part of its identity. */
  readonly #types = new Map<number, number>();
  #saving = false;

  constructor(options: ProvingOptions) {
    this.#options = options;
    this.trust = new Trust({
      cluster: CLUSTER,
      mode: options.mode,
      keys: options.keys,
      marks: options.disk.marks,
      unixSeconds: options.unixSeconds,
      draw: () => hexadecimal(options.random) + hexadecimal(options.random),
      changed: () => this.#save(),
    });
    this.#inbox = new Inbox({ cluster: CLUSTER, notice: () => {}, trust: this.trust, self: () => options.self });
  }

  listen(listener: Parameters<ProvenWords['listen']>[0]): void {
    this.trust.listen(listener);
  }

  sessionBegan(): void {
    this.#inbox.sessionBegan();
  }

  sessionEnded(): void {
    this.trust.sessionEnded();
  }

  reached(nodes: readonly RouterId[]): void {
    this.trust.reached(nodes);
  }

  encoded(announcement: Announcement, isReachable: (node: RouterId) => boolean): Uint8Array {
    return encodeBody(announcement, CLUSTER, this.trust.encoding(announcement.kind, isReachable));
  }

  proven(encoded: Uint8Array, announcement: Announcement, series: number): Uint8Array {
    return this.trust.prove(encoded, { origin: this.#options.self, lsaType: lsaTypeOf(announcement), series });
  }

  heard(lsa: Lsa): readonly TransportEvent[] {
    return lsa.body === null ? this.#inbox.left(this.#instance(lsa)) : this.#inbox.arrived(this.#instance(lsa));
  }

  #instance({ key, lsId, origin, body, bornMs }: Lsa): LsaInstance {
    const { idOf, nowMs, signedBy } = this.#options;
    const opaque = body?.kind === 'opaque' ? body : null;
    const series = lsId & 0xffff;
    const type = opaque === null ? (this.#types.get(key) ?? 11) : (opaque.lsaType ?? lsaTypeOf(opaque.announcement));
    this.#types.set(key, type);
    const bytes = opaque === null ? new Uint8Array() : (opaque.bytes ?? signedBy(origin, opaque.announcement, series));
    return {
      header: {
        age: Math.floor((nowMs() - bornMs) / 1000),
        options: 2,
        type,
        linkStateId: linkStateId({ generation: lsId >>> 16, series }),
        advertisingRouter: ipv4(idOf(origin)),
        sequenceNumber: 1,
        checksum: 0,
        length: 20 + bytes.length,
      },
      body: bytes,
      area: null,
      interfaceAddress: null,
      own: idOf(origin) === this.#options.self,
      receivedAt: 0,
    };
  }

  #save(): void {
    if (this.#saving) return;
    this.#saving = true;
    const { disk, later } = this.#options;
    later(SAVE_AFTER_MS, () => {
      this.#saving = false;
      disk.marks = this.trust.marks;
    });
  }
}

export function lsaTypeOf(announcement: Announcement): 9 | 10 | 11 {
  return announcement.kind === 'service' ? LSA_TYPE_OF_SCOPE[announcement.definition.scope] : 11;
}

function hexadecimal(random: Random): string {
  return random.int(0, 0xffff_ffff).toString(16).padStart(8, '0');
}
