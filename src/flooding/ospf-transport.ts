import { type Ipv4, ipv4, type LsaInstance, type OspfApiEvent } from 'ospfapi-shim';
import type { Subject, TransportEvent } from '../cluster/index.js';
import { encodeBody } from '../lsa/index.js';
import { type Announcement, type RouterId, routerId } from '../model/index.js';
import { believeEverybody, type Trust } from '../trust/index.js';
import { type Clock, orAfter, systemClock } from './clock.js';
import { daemonLast } from './daemon-last.js';
import { DelayedSave } from './delayed-save.js';
import { type DuplicateRouter, DuplicateRouters } from './duplicate-routers.js';
import { FLOOD_LIMITS, type FloodsLimited, type FloodTotals } from './flood-limit.js';
import { anyGeneration } from './generations.js';
import { HostRoutes, saysRoutes } from './host-routes.js';
import { Inbox, type InboxCounters, identityKey, isOfOurType } from './inbox.js';
import { INTAKE_LIMIT, Intake } from './intake.js';
import { ComparisonCount, type LsdbComparisons } from './lsdb-comparisons.js';
import { Neighbourhood, systemAddresses } from './neighbourhood.js';
import type { NoticeListener } from './notice.js';
import type { OspfPort } from './ospf-port.js';
import type { OspfTransportOptions } from './ospf-transport-options.js';
import { Outbox } from './outbox.js';
import { OwnLsas } from './own-lsas.js';
import { OwnLsdb } from './own-lsdb.js';
import { OwnSeries } from './own-series.js';
import { place } from './placement.js';
import { ToldReachability } from './told-reachability.js';
import type { FloodingScope, Transport } from './transport.js';

/** How long `stop` waits for ospfd to take the deletions. */
const STOP_LIMIT_MS = 3000;

/** Announcements as opaque LSAs of ospfd. docs/flooding.md tells how. */
export class OspfTransport implements Transport {
  readonly #port: OspfPort;
  readonly #clock: Clock;
  readonly #notice: NoticeListener;
  readonly #trust: Trust;
  readonly #neighbourhood: Neighbourhood;
  readonly #saving: DelayedSave;
  readonly #series: OwnSeries;
  readonly #inbox: Inbox;
  readonly #routes = new HostRoutes();
  readonly #intake: Intake;
  readonly #reachability: ToldReachability;
  readonly #duplicates: DuplicateRouters;
  readonly #outbox: Outbox;
  readonly #lsas: OwnLsas;
  readonly #lsdb: OwnLsdb;
  #listener: (event: TransportEvent) => void = () => {};
  /** null: no session, or ospfd has no router ID yet. */
  #routerId: RouterId | null = null;
  /** Whether ospfd has told what it had when the session began. */
  #allTold = false;
  readonly #comparisons: ComparisonCount;
  #stopped = false;

  constructor(options: OspfTransportOptions) {
    const { port, store, notice, cluster, clock = systemClock, firstGeneration = anyGeneration } = options;
    const { trust = believeEverybody(cluster), intakeLimit: limit = INTAKE_LIMIT, isBusy = () => false } = options;
    this.#port = port;
    this.#clock = clock;
    this.#notice = notice;
    this.#comparisons = new ComparisonCount(notice);
    this.#trust = trust;
    this.#saving = new DelayedSave(clock, () => store.save(this.#series.record()));
    this.#neighbourhood = new Neighbourhood(options.addressesOf ?? systemAddresses);
    this.#inbox = new Inbox({ cluster, notice, trust, self: () => this.#routerId });
    trust.listen({ speak: () => this.#outbox.floodAnew('daemon'), lookAgain: (origin) => this.#lookAgain(origin) });
    this.#duplicates = new DuplicateRouters(clock);
    this.#intake = new Intake({ clock, limit, isBusy, refused: () => this.#inbox.refused });
    this.#reachability = new ToldReachability({
      intake: this.#intake,
      self: () => this.#routerId,
      tell: (event) => this.#emit(event),
    });
    const canBeReached = (node: RouterId) => port.reachable.has(ipv4(node));
    const changed = () => this.#saving.soon();
    this.#series = new OwnSeries({ record: store.load(), now: () => clock.now(), firstGeneration, changed });
    this.#lsas = new OwnLsas({
      port,
      clock,
      series: this.#series,
      prove: (body, place) =>
        this.#routerId === null ? body : trust.prove(body, { ...place, origin: this.#routerId }),
      deleteFailed: (lsaId, reason) => notice({ type: 'delete-failed', lsaId, reason }),
    });
    this.#outbox = new Outbox({
      clock,
      lsas: this.#lsas,
      series: this.#series,
      encode: (announcement) => encodeBody(announcement, cluster, trust.encoding(announcement.kind, canBeReached)),
      place: (announcement, scope) => place(announcement, scope, this.#neighbourhood),
      hasNeighbour: () => this.#neighbourhood.full > 0,
      refused: (subject, reason) => this.#emit({ type: 'refused', subject, reason }),
      limits: options.limits ?? FLOOD_LIMITS,
      limited: (service) => notice({ type: 'flood-limit', service }),
    });
    this.#lsdb = new OwnLsdb({ port, clock, lsas: this.#lsas, series: this.#series, outbox: this.#outbox });
  }

  get counters(): InboxCounters {
    return this.#inbox.counters;
  }

  /** What the limit on floods holds back. */
  get floodsLimited(): FloodsLimited {
    return this.#outbox.floodsLimited;
  }

  get floodTotals(): FloodTotals {
    return this.#outbox.floodTotals;
  }

  /** Whether LSAs of this router (null: our own) have arrived that nobody has been told of yet. */
  isBehind(node: RouterId | null): boolean {
    const router = node ?? this.#routerId;
    return router !== null && this.#intake.has(ipv4(router));
  }

  /** Router IDs that two routers use. */
  get duplicateRouters(): Pick<DuplicateRouter, 'router' | 'interfaces'>[] {
    return this.#duplicates.current();
  }

  /** How often the mirror was compared with ospfd's LSDB, and how often it differed. */
  get lsdbComparisons(): LsdbComparisons {
    return this.#comparisons.counts;
  }

  start(listener: (event: TransportEvent) => void): void {
    this.#listener = listener;
    this.#port.start((event) => this.#heard(event));
  }

  announce(announcement: Announcement, urgency: 'change' | 'refresh', scope: FloodingScope): void {
    if (!this.#stopped) this.#outbox.announce(announcement, urgency, scope);
  }

  withdraw(subject: Subject): void {
    if (!this.#stopped) this.#outbox.withdraw(subject);
  }

  lsaId(subject: Subject): string | undefined {
    return this.#outbox.lsaId(subject);
  }

  /** The keys or the mode of `trust` are others now: everything is proven and judged anew. */
  trustChanged(): void {
    this.#outbox.floodAnew();
    this.#inbox.trustChanged();
    for (const lsa of this.#port.lsdb.list()) if (isOfOurType(lsa)) this.#changed(lsa, 'arrived');
  }

  async stop(): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#outbox.close();
    this.#intake.clear();
    this.#lsdb.sessionEnded();
    await orAfter(this.#clock, STOP_LIMIT_MS, this.#lsas.deleteAll());
    this.#lsas.sessionEnded();
    await this.#saving.stop();
    await this.#port.stop();
  }

  #heard(event: OspfApiEvent): void {
    if (this.#stopped) return;
    switch (event.type) {
      case 'connected':
        this.#neighbourhood.sessionBegan();
        this.#allTold = false;
        this.#sessionBegan(event.routerId);
        break;
      case 'synced':
        this.#allTold = true;
        this.#intake.whenDone(() => this.#synced());
        break;
      case 'disconnected':
        this.#sessionEnded(event.reason);
        this.#neighbourhood.sessionBegan();
        break;
      case 'router-id':
        this.#sessionEnded('the router ID of ospfd has changed');
        this.#resume(event.routerId);
        break;
      case 'lsa':
        this.#changed(event.lsa, 'arrived');
        break;
      case 'lsa-withdrawn':
        this.#changed(event.lsa, 'left');
        break;
      case 'reachability':
        this.#reachability.changed(event.added, event.removed);
        this.#trust.reached(event.added.map((id) => routerId(id)));
        break;
      case 'neighbour':
        this.#neighbour(event);
        break;
      case 'interface':
        this.#neighbourhood.interface(event.interfaceAddress, event.area);
        this.#outbox.becameReady();
        break;
      case 'interface-removed':
        this.#neighbourhood.interfaceRemoved(event.interfaceAddress);
        this.#neighboursChanged();
        break;
      case 'opaque-ready':
        this.#outbox.becameReady();
        break;
      case 'connect-failed':
        this.#notice({ type: 'connect-failed', reason: event.reason, retryInMs: event.retryInMs });
        break;
      case 'compared':
        this.#comparisons.add(event);
        break;
      case 'malformed':
        this.#notice({ type: 'not-understood', what: event.what, reason: event.reason });
        break;
    }
  }

  #sessionBegan(id: Ipv4): void {
    // Without a configuration ospfd has the router ID 0.0.0.0 until an interface comes up.
    if (id === 0) return;
    this.#routerId = routerId(id);
    this.#inbox.sessionBegan();
    this.#routes.sessionBegan();
    this.#duplicates.sessionBegan();
    this.#emit({ type: 'connected', routerId: this.#routerId });
  }

  #synced(): void {
    this.#neighbourhood.complete = true;
    if (this.#routerId === null) return;
    this.#emit({ type: 'neighbours', full: this.#neighbourhood.full });
    this.#emit({ type: 'synced' });
    this.#lsdb.synced(this.#routerId);
    this.#outbox.sessionBegan();
  }

  #sessionEnded(reason: string): void {
    this.#intake.clear();
    this.#outbox.sessionEnded();
    this.#lsdb.sessionEnded();
    this.#lsas.sessionEnded();
    this.#series.leaveAll();
    this.#trust.sessionEnded();
    if (this.#routerId === null) return;
    this.#routerId = null;
    this.#emit({ type: 'disconnected', reason });
  }

  /** The same connection to ospfd under another router ID: tells everything that ospfd had told, as if it came now. */
  #resume(id: Ipv4): void {
    this.#sessionBegan(id);
    this.#reachability.changed([...this.#port.reachable], []);
    for (const lsa of this.#port.lsdb.list()) this.#changed(lsa, 'arrived');
    if (this.#allTold) this.#intake.whenDone(() => this.#synced());
  }

  /** Of an LSA that changes again before it is looked at, only the last change is. */
  #changed(lsa: LsaInstance, change: 'arrived' | 'left'): void {
    if (this.#routerId === null) return;
    const router = lsa.header.advertisingRouter;
    const duplicate = change === 'arrived' && lsa.header.type === 1 ? this.#duplicates.arrived(lsa) : undefined;
    if (duplicate !== undefined) this.#emit({ type: 'duplicate-router-id', ...duplicate });
    if (isOfOurType(lsa)) this.#intake.offer(router, identityKey(lsa), () => this.#look(lsa, change));
    else if (saysRoutes(lsa) && this.#routes[change](lsa)) {
      this.#intake.offer(router, 'routes', () => this.#emit(this.#routes.event(routerId(router))));
    }
  }

  #look(lsa: LsaInstance, change: 'arrived' | 'left'): void {
    const origin = routerId(lsa.header.advertisingRouter);
    const before = this.#inbox.latestEpoch(origin) ?? 0;
    for (const event of this.#inbox[change](lsa)) this.#emit(event);
    if (origin === this.#routerId) this.#lsdb[change](lsa);
    if ((this.#inbox.latestEpoch(origin) ?? before) < before) this.#lookAgain(origin);
  }

  #lookAgain(origin: RouterId): void {
    this.#intake.offer(ipv4(origin), 'all', () => {
      for (const lsa of daemonLast(this.#port.lsdb.list(), origin)) this.#changed(lsa, 'arrived');
    });
  }

  #neighbour(event: Extract<OspfApiEvent, { type: 'neighbour' }>): void {
    const becameFull = this.#neighbourhood.neighbour(event);
    this.#neighboursChanged();
    if (becameFull) this.#outbox.becameReady();
  }

  #neighboursChanged(): void {
    if (!this.#neighbourhood.takeChange() || !this.#neighbourhood.complete || this.#routerId === null) return;
    this.#emit({ type: 'neighbours', full: this.#neighbourhood.full });
  }

  #emit(event: TransportEvent): void {
    if (!this.#stopped) this.#listener(event);
  }
}
