import type { Announcement, RouterId } from '../../src/model/index.js';
import type { Lsa, OpaqueBody } from './ospf/lsa.js';
import type { TransportSurroundings } from './transport.js';

/**
 * What the outbox takes for bytes. Where nothing is proven nobody reads them: then they only tell one announcement from the next,
 * since writing and reading them would take longer than all else.
 */
export class Bodies {
  readonly #world: TransportSurroundings;
  readonly #announcements = new WeakMap<Uint8Array, Announcement>();
  readonly #bodies = new WeakMap<Uint8Array, OpaqueBody>();
  readonly #bytes = new WeakMap<OpaqueBody, Uint8Array>();
  #count = 0;

  constructor(world: TransportSurroundings) {
    this.#world = world;
  }

  encoded(announcement: Announcement): Uint8Array {
    const { proven, router, network } = this.#world;
    const isReachable = (node: RouterId) => [...router.reachable].some((index) => network.routers[index]?.id === node);
    const bytes = proven?.encoded(announcement, isReachable) ?? this.#next();
    this.#announcements.set(bytes, announcement);
    return bytes;
  }

  /** As it goes out in this series. */
  proven(encoded: Uint8Array, series: number): Uint8Array {
    const announcement = this.#announcements.get(encoded);
    if (announcement === undefined) throw new Error('expected what was encoded here');
    const { proven } = this.#world;
    const bytes = proven === null ? encoded : proven.proven(encoded, announcement, series);
    const body: OpaqueBody = { kind: 'opaque', announcement, ...(proven !== null && { bytes }) };
    this.#bodies.set(bytes, body);
    this.#bytes.set(body, bytes);
    return bytes;
  }

  bodyOf(bytes: Uint8Array): OpaqueBody {
    const body = this.#bodies.get(bytes);
    if (body === undefined) throw new Error('expected what goes out from here');
    return body;
  }

  /** Of what did not come from here: nothing that did. */
  bytesOf(body: Lsa['body']): Uint8Array {
    if (body?.kind !== 'opaque') return new Uint8Array();
    return body.bytes ?? this.#bytes.get(body) ?? new Uint8Array();
  }

  #next(): Uint8Array {
    return new Uint8Array(Uint32Array.of(++this.#count).buffer);
  }
}
