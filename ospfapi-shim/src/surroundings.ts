import type { NsmState, OspfApiEvent } from './events.js';
import type { Ipv4 } from './ipv4.js';
import type { ApiNotification } from './wire/message.js';

export interface Neighbour {
  readonly interfaceAddress: Ipv4;
  readonly neighbourAddress: Ipv4;
  readonly routerId: Ipv4;
  readonly state: NsmState;
}

type OfKind<K extends ApiNotification['kind']> = Extract<ApiNotification, { readonly kind: K }>;

export type SurroundingsNotification = OfKind<
  'new-interface' | 'delete-interface' | 'ism-change' | 'nsm-change' | 'reachable-change'
>;

/** Reachable routers, neighbours and interfaces of one session. Emits what changes, never the same twice. */
export class Surroundings {
  readonly #emit: (event: OspfApiEvent) => void;
  readonly #reachable = new Set<Ipv4>();
  readonly #neighbours = new Map<string, Neighbour>();
  readonly #interfaces = new Map<Ipv4, string>();

  constructor(emit: (event: OspfApiEvent) => void) {
    this.#emit = emit;
  }

  get reachable(): ReadonlySet<Ipv4> {
    return this.#reachable;
  }

  neighbours(): Neighbour[] {
    return [...this.#neighbours.values()];
  }

  /** Forgets everything, without events. */
  clear(): void {
    this.#reachable.clear();
    this.#neighbours.clear();
    this.#interfaces.clear();
  }

  handle(notification: SurroundingsNotification, ownRouterId: Ipv4): void {
    switch (notification.kind) {
      case 'reachable-change':
        return this.#handleReachable(notification);
      case 'nsm-change':
        return this.#handleNeighbour(notification, ownRouterId);
      case 'ism-change':
        return this.#handleInterface(notification.interfaceAddress, notification.area, notification.state);
      case 'new-interface':
        return this.#handleInterface(notification.interfaceAddress, notification.area, null);
      case 'delete-interface':
        return this.#handleInterfaceRemoved(notification.interfaceAddress);
    }
  }

  #handleReachable(notification: OfKind<'reachable-change'>): void {
    const removed = notification.removed.filter((router) => this.#reachable.delete(router));
    const added = notification.added.filter((router) => {
      const isNew = !this.#reachable.has(router);
      this.#reachable.add(router);
      return isNew;
    });
    if (added.length + removed.length > 0) this.#emit({ type: 'reachability', added, removed });
  }

  #handleNeighbour(notification: OfKind<'nsm-change'>, ownRouterId: Ipv4): void {
    // ospfd keeps itself among the neighbours of each interface.
    if (notification.routerId === ownRouterId) return;
    const { interfaceAddress, neighbourAddress, routerId, state } = notification;
    this.#setNeighbour({ interfaceAddress, neighbourAddress, routerId, state });
  }

  #setNeighbour(neighbour: Neighbour): void {
    const key = `${neighbour.interfaceAddress} ${neighbour.neighbourAddress}`;
    const known = this.#neighbours.get(key);
    const gone = neighbour.state === 'deleted' || neighbour.state === 'down';
    if (gone) this.#neighbours.delete(key);
    else this.#neighbours.set(key, neighbour);
    const isSame =
      known === undefined ? gone : known.state === neighbour.state && known.routerId === neighbour.routerId;
    if (!isSame) this.#emit({ type: 'neighbour', ...neighbour });
  }

  #handleInterface(interfaceAddress: Ipv4, area: Ipv4, state: OfKind<'ism-change'>['state'] | null): void {
    const description = `${area} ${state}`;
    if (this.#interfaces.get(interfaceAddress) === description) return;
    this.#interfaces.set(interfaceAddress, description);
    this.#emit({ type: 'interface', interfaceAddress, area, state });
  }

  #handleInterfaceRemoved(interfaceAddress: Ipv4): void {
    for (const neighbour of this.neighbours()) {
      if (neighbour.interfaceAddress === interfaceAddress) this.#setNeighbour({ ...neighbour, state: 'deleted' });
    }
    if (this.#interfaces.delete(interfaceAddress)) this.#emit({ type: 'interface-removed', interfaceAddress });
  }
}
