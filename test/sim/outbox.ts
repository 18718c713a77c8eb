import { ipv4, type LsaInstance, MAX_AGE } from 'ospfapi-shim';
import type { Subject } from '../../src/cluster/index.js';
import type { Clock } from '../../src/flooding/clock.js';
import { DelayedSave } from '../../src/flooding/delayed-save.js';
import { FLOOD_LIMITS } from '../../src/flooding/flood-limit.js';
import { linkStateId } from '../../src/flooding/link-state-id.js';
import { Outbox } from '../../src/flooding/outbox.js';
import { OwnLsas } from '../../src/flooding/own-lsas.js';
import { OwnLsdb } from '../../src/flooding/own-lsdb.js';
import { OwnSeries } from '../../src/flooding/own-series.js';
import type { Placement } from '../../src/flooding/placement.js';
import type { Announcement } from '../../src/model/index.js';
import { Bodies } from './bodies.js';
import { type Lsa, ROUTER_LS_ID } from './ospf/lsa.js';
import type { OspfListener } from './ospf/router.js';
import { SimulatedOspfd } from './ospfd.js';
import type { TransportSurroundings } from './transport.js';

/** The simulated network tells LSAs apart by their link state ID alone. */
const PLACEMENT: Placement = { lsaType: 11, area: null, interfaceAddress: null };

/** What a daemon has out and wants out: the real outbox and the real generations, on a simulated ospfd. */
export class SimulatedOutbox {
  readonly #world: TransportSurroundings;
  readonly #bodies: Bodies;
  readonly #ospfd: SimulatedOspfd;
  readonly #series: OwnSeries;
  readonly #lsas: OwnLsas;
  readonly #outbox: Outbox;
  readonly #lsdb: OwnLsdb;
  readonly #instances = new WeakMap<Lsa, LsaInstance>();

  constructor(world: TransportSurroundings, hasNeighbour: () => boolean) {
    this.#world = world;
    const clock = clockOf(world);
    this.#bodies = new Bodies(world);
    this.#ospfd = new SimulatedOspfd(world, this.#bodies);
    const saving = new DelayedSave(clock, () => {
      world.disk.generations = this.#series.record();
      return Promise.resolve();
    });
    this.#series = new OwnSeries({
      record: world.disk.generations,
      now: () => clock.now(),
      firstGeneration: () => world.random.int(0, 255),
      changed: () => saving.soon(),
    });
    this.#lsas = new OwnLsas({
      port: this.#ospfd,
      clock,
      series: this.#series,
      prove: (body, { series }) => this.#bodies.proven(body, series),
      deleteFailed: () => {},
    });
    this.#outbox = new Outbox({
      clock,
      lsas: this.#lsas,
      series: this.#series,
      encode: (announcement) => this.#bodies.encoded(announcement),
      place: () => ({ result: 'placed', placement: PLACEMENT }),
      hasNeighbour,
      refused: (subject, reason) => world.emit({ type: 'refused', subject, reason }),
      limits: FLOOD_LIMITS,
      limited: () => {},
    });
    const port = { lsdb: { list: () => [], expired: () => this.#expired() } };
    this.#lsdb = new OwnLsdb({ port, clock, lsas: this.#lsas, series: this.#series, outbox: this.#outbox });
  }

  announce(announcement: Announcement, urgency: 'change' | 'refresh'): void {
    this.#outbox.announce(announcement, urgency, { link: null });
  }

  withdraw(subject: Subject): void {
    this.#outbox.withdraw(subject);
  }

  opened(listener: OspfListener): void {
    this.#ospfd.opened(listener);
  }

  /** The LSDB was told completely. */
  synced(): void {
    this.#lsdb.synced(this.#world.router.id);
    this.#outbox.sessionBegan();
  }

  /** It asks or answers something else now. */
  floodDaemonAnew(): void {
    this.#outbox.floodAnew('daemon');
  }

  closed(): void {
    this.#ospfd.closed();
    this.#outbox.sessionEnded();
    this.#lsdb.sessionEnded();
    this.#lsas.sessionEnded();
    this.#series.leaveAll();
  }

  /** Another neighbour is Full. */
  becameReady(): void {
    this.#outbox.becameReady();
  }

  heardOwn(lsa: Lsa): void {
    this.#lsdb[lsa.body === null ? 'left' : 'arrived'](this.#instance(lsa));
  }

  /** Our own with MaxAge. */
  #expired(): LsaInstance[] {
    const { router } = this.#world;
    const lsas = [...router.lsdb.values()].map(({ lsa }) => lsa);
    return lsas
      .filter(({ origin, lsId, body }) => origin === router.index && lsId !== ROUTER_LS_ID && body === null)
      .map((lsa) => this.#instance(lsa));
  }

  #instance(lsa: Lsa): LsaInstance {
    const known = this.#instances.get(lsa);
    if (known !== undefined) return known;
    const { router } = this.#world;
    const header = {
      age: lsa.body === null ? MAX_AGE : 0,
      options: 2,
      type: PLACEMENT.lsaType,
      linkStateId: linkStateId({ generation: lsa.lsId >>> 16, series: lsa.lsId & 0xffff }),
      advertisingRouter: ipv4(router.id),
      sequenceNumber: 1,
      checksum: 0,
      length: 20,
    };
    const body = this.#bodies.bytesOf(lsa.body);
    const instance = { header, body, area: null, interfaceAddress: null, own: true, receivedAt: 0 };
    this.#instances.set(lsa, instance);
    return instance;
  }
}

/** The daemon's timers: they wait while it is frozen, and end with it. */
function clockOf({ clock, inProcess }: TransportSurroundings): Clock {
  return {
    now: () => clock.nowMs,
    setTimer(delayMs, callback) {
      let runs = true;
      const planned = clock.after(delayMs, () =>
        inProcess(() => {
          if (runs) callback();
        }),
      );
      return {
        cancel() {
          runs = false;
          clock.cancel(planned);
        },
      };
    },
  };
}
