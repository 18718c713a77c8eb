import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises';
import { formatIpv4, type Ipv4, type LsaInstance, type LsdbMirror, lsaIdentity, type OspfApiEvent } from 'ospfapi-shim';
import { ageCorrections } from './ages.js';
import type { LsaDocument, LsaSummary, LsdbChange, LsdbPart, LsdbView } from './documents.js';
import { hex } from './field.js';
import { lsaBytes, lsaFields } from './fields.js';
import { lsaId, parseLsaId } from './identity.js';
import { type Meaning, meaningOf } from './meaning.js';
import { notesOn } from './notes.js';
import { type ReadLsa, readLsa } from './read-lsa.js';
import { Subscription } from './subscription.js';
import { summaryOf } from './summary.js';
import { targetsIn } from './targets.js';
import { topologySteps } from './topology.js';
import type { TopologyDocument } from './topology-document.js';

/** So many LSAs are looked at in one turn of the event loop: about a millisecond. */
const LSAS_IN_A_TURN = 100;

/** A list waits so long for the ages at most, in ms; ospfd may hang. */
const AGES_WITHIN_MS = 1_000;

export interface LookingGlassOptions {
  /** Of the OSPF API client that the daemon has anyway: nothing is kept twice. */
  readonly ospf: {
    readonly lsdb: Pick<LsdbMirror, 'list' | 'get'>;
    readonly routerId: Ipv4 | undefined;
    readonly reachable: ReadonlySet<Ipv4>;
  };
  /** Announcements of other clusters are marked. */
  readonly cluster: string;
  /** The clock that `receivedAt` of the LSAs is of. */
  readonly nowMs: () => number;
  readonly date: () => Date;
  /** What ospfd says to `show ip ospf database`, for the ages. */
  readonly database: () => Promise<string>;
  /** An onlooker could not be told; it is told nothing more. */
  readonly onError: (error: unknown) => void;
}

/** Shows the LSDB that the daemon mirrors. While nobody looks it does nothing. */
export class LookingGlass implements LsdbView {
  readonly #options: LookingGlassOptions;
  readonly #subscriptions = new Set<Subscription<LsaInstance>>();
  #topology: Promise<TopologyDocument> | undefined;
  readonly #meanings = new WeakMap<LsaInstance, Meaning>();
  /** Seconds by which an LSA is older than the API said. */
  readonly #older = new WeakMap<LsaInstance, number>();
  /** Set once the ages of this session with ospfd were asked for. */
  #ages: Promise<void> | undefined;

  constructor(options: LookingGlassOptions) {
    this.#options = options;
  }

  /** Each event of the OSPF API client, after the client has updated its mirror. */
  heard(event: OspfApiEvent): void {
    if (event.type === 'connected' || event.type === 'synced') this.#ages = undefined;
    if (this.#subscriptions.size === 0) return;
    switch (event.type) {
      case 'lsa':
        for (const subscription of this.#subscriptions) subscription.put(lsaId(lsaIdentity(event.lsa)), event.lsa);
        break;
      case 'lsa-withdrawn':
        for (const subscription of this.#subscriptions) subscription.put(lsaId(lsaIdentity(event.lsa)), null);
        break;
      case 'synced':
        void this.#learnAges();
        break;
      case 'reachability':
        for (const subscription of this.#subscriptions) subscription.touch();
        break;
      case 'connected':
      case 'disconnected':
      case 'router-id':
        for (const subscription of this.#subscriptions) subscription.reset(this.#all());
        break;
    }
  }

  async *list(): AsyncGenerator<LsdbPart> {
    await Promise.race([this.#learnAges(), delay(AGES_WITHIN_MS, undefined, { ref: false })]);
    const lsas = this.#options.ospf.lsdb.list();
    const head = { ...this.#head(), notes: this.#notes(lsas) };
    for (let from = 0; from === 0 || from < lsas.length; from += LSAS_IN_A_TURN) {
      if (from > 0) await nextTurn();
      yield { head, lsas: lsas.slice(from, from + LSAS_IN_A_TURN).map((lsa) => this.#summary(lsa)) };
    }
  }

  find(id: string): LsaDocument | undefined {
    const identity = parseLsaId(id);
    const lsa = identity === undefined ? undefined : this.#options.ospf.lsdb.get(identity);
    if (lsa === undefined) return undefined;
    const fields = lsaFields(lsa, targetsIn(this.#options.ospf.lsdb));
    const { generatedAt } = this.#head();
    return { ...this.#summary(lsa), generatedAt, fields, raw: hex(lsaBytes(lsa)) };
  }

  /** Onlookers who ask at the same time get the same. */
  topology(): Promise<TopologyDocument> {
    const made = this.#topology ?? this.#makeTopology();
    this.#topology = made;
    const forget = () => {
      if (this.#topology === made) this.#topology = undefined;
    };
    void made.then(forget, forget);
    return made;
  }

  async #makeTopology(): Promise<TopologyDocument> {
    const lsas: ReadLsa[] = [];
    for (const [index, lsa] of this.#options.ospf.lsdb.list().entries()) {
      if (index % LSAS_IN_A_TURN === LSAS_IN_A_TURN - 1) await nextTurn();
      lsas.push(readLsa(lsa, this.#meaning(lsa)));
    }
    const steps = topologySteps({ ...this.#head(), lsas });
    for (;;) {
      const { done, value } = steps.next();
      if (done) return value;
      await nextTurn();
    }
  }

  subscribe(listener: (change: LsdbChange) => void, isBusy: () => boolean = () => false): () => void {
    const subscription = new Subscription<LsaInstance>({
      listener,
      isBusy,
      head: () => ({ ...this.#head(), notes: this.#notes(this.#options.ospf.lsdb.list()) }),
      summary: (lsa) => this.#summary(lsa),
      onError: this.#options.onError,
    });
    subscription.reset(this.#all());
    this.#subscriptions.add(subscription);
    void this.#learnAges();
    return () => {
      subscription.close();
      this.#subscriptions.delete(subscription);
    };
  }

  /** Ends all subscriptions. */
  close(): void {
    for (const subscription of this.#subscriptions) subscription.close();
    this.#subscriptions.clear();
  }

  /** Asks ospfd for the ages, once in each session with it; without an answer, at the next occasion again. */
  #learnAges(): Promise<void> {
    this.#ages ??= this.#askAges().catch(() => {
      this.#ages = undefined;
    });
    return this.#ages;
  }

  async #askAges(): Promise<void> {
    const database = await this.#options.database();
    const lsas = this.#options.ospf.lsdb.list();
    for (const [lsa, older] of ageCorrections(lsas, database, this.#options.nowMs())) {
      this.#older.set(lsa, older);
      for (const subscription of this.#subscriptions) subscription.put(lsaId(lsaIdentity(lsa)), lsa);
    }
  }

  #all(): (readonly [id: string, lsa: LsaInstance])[] {
    return this.#options.ospf.lsdb.list().map((lsa) => [lsaId(lsaIdentity(lsa)), lsa]);
  }

  #head(): { generatedAt: string; routerId: string | null } {
    const { ospf, date } = this.#options;
    return {
      generatedAt: date().toISOString(),
      routerId: ospf.routerId === undefined ? null : formatIpv4(ospf.routerId),
    };
  }

  #notes(lsas: readonly LsaInstance[]): string[] {
    return notesOn(lsas, this.#options.ospf.reachable);
  }

  #summary(lsa: LsaInstance): LsaSummary {
    return summaryOf(lsa, this.#meaning(lsa).words, this.#options.nowMs(), this.#older.get(lsa) ?? 0);
  }

  #meaning(lsa: LsaInstance): Meaning {
    const known = this.#meanings.get(lsa);
    if (known !== undefined) return known;
    const meaning = meaningOf(lsa, this.#options.cluster);
    this.#meanings.set(lsa, meaning);
    return meaning;
  }
}
