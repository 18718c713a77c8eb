import { formatIpv4, type Ipv4, type LsaInstance, parseIpv4 } from 'ospfapi-shim';
import type { TransportEvent } from '../../cluster/index.js';
import { encodeBody } from '../../lsa/index.js';
import type { Announcement } from '../../model/index.js';
import { FLOOD_LIMITS, type FloodLimits } from '../flood-limit.js';
import type { TransportNotice } from '../notice.js';
import { OspfTransport } from '../ospf-transport.js';
import { FakeOspfd, lsaInstance } from './fake-ospfd.js';
import { ManualClock, settle } from './manual-clock.js';
import { MemoryGenerationStore } from './memory-store.js';

export const OURS = address('10.0.0.1');
export const OTHER = address('10.0.0.2');
export const THIRD = address('10.0.0.3');
export const NO_LINK = { link: null };

/** For tests: one OSPF transport on a model of ospfd, with a clock that stands still, and all that it told. */
/** For what needs more changes of a service than it may flood. */
export const NO_LIMITS: FloodLimits = {
  node: { burst: 1e6, perSecond: 1 },
  service: { burst: 1e6, perSecond: 1 },
  daemon: { burst: 1e6, perSecond: 1 },
};

export class World {
  readonly clock = new ManualClock();
  readonly store = new MemoryGenerationStore();
  ospfd: FakeOspfd;
  transport: OspfTransport;
  events: TransportEvent[] = [];
  notices: TransportNotice[] = [];
  /** Those who are told of events have enough to do. */
  busy = false;

  constructor(
    routerId = OURS,
    readonly limits: FloodLimits = FLOOD_LIMITS,
  ) {
    this.ospfd = new FakeOspfd(this.clock, routerId);
    this.transport = this.#begin();
  }

  /** A session with one Full neighbour; what it told so far is forgotten, but for announcements. */
  async connected(): Promise<void> {
    this.ospfd.neighbourFull(OTHER);
    this.ospfd.connect();
    await settle();
    this.events = this.events.filter(({ type }) => type === 'announcement');
  }

  /** The daemon is killed; another one takes its place with the same state directory. */
  async anotherLife(): Promise<void> {
    await this.clock.advance(200);
    this.ospfd.disconnect('killed');
    await settle();
    this.ospfd = new FakeOspfd(this.clock, OURS);
    this.transport = this.#begin();
    await this.connected();
  }

  /** From now on ospfd does not answer before `release`. */
  hold(): { release: () => void } {
    let release = () => {};
    this.ospfd.held = new Promise((resolve) => {
      release = resolve;
    });
    return { release: () => release() };
  }

  /** The events of one type. */
  of<T extends TransportEvent['type']>(type: T): Extract<TransportEvent, { type: T }>[] {
    return this.events.filter((event): event is Extract<TransportEvent, { type: T }> => event.type === type);
  }

  /** The link state IDs that ospfd was asked to originate, in order. */
  originated(): string[] {
    return this.#requested('originate');
  }

  deleted(): string[] {
    return this.#requested('delete');
  }

  #requested(wanted: 'originate' | 'delete'): string[] {
    const requests = this.ospfd.requests.filter(({ type }) => type === wanted);
    return requests.map(({ linkStateId }) => formatIpv4(linkStateId));
  }

  #begin(): OspfTransport {
    this.events = [];
    this.notices = [];
    const transport = new OspfTransport({
      limits: this.limits,
      isBusy: () => this.busy,
      port: this.ospfd,
      cluster: 'default',
      store: this.store,
      notice: (notice) => this.notices.push(notice),
      clock: this.clock,
      addressesOf: (link) => (link === 'eth0' ? ['10.0.0.1'] : []),
      firstGeneration: () => 0,
    });
    transport.start((event) => this.events.push(event));
    return transport;
  }
}

/** Throws a RangeError if it is not a dotted quad. */
export function address(text: string): Ipv4 {
  const parsed = parseIpv4(text);
  if (parsed === undefined) throw new RangeError(`expected a dotted quad, not ${text}`);
  return parsed;
}

/** An LSA as it comes from the network. */
export function received(origin: Ipv4, lsaId: string, announcement: Announcement): LsaInstance {
  const body = encodeBody(announcement, 'default');
  return lsaInstance({ type: 11, linkStateId: address(lsaId), advertisingRouter: origin, body });
}
