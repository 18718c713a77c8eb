import { formatIpv4, type LsaInstance, MAX_AGE } from 'ospfapi-shim';
import type { TransportEvent } from '../cluster/index.js';
import { type DecodedBody, decodeBody } from '../lsa/index.js';
import { type Announcement, type RouterId, routerId } from '../model/index.js';
import type { Place, Refusal, Trust } from '../trust/index.js';
import { EpochsByOrigin } from './epochs.js';
import { COMMAND_SERIES, DAEMON_SERIES, isServiceSeries, OPAQUE_TYPE, parseLinkStateId } from './link-state-id.js';
import type { NoticeListener } from './notice.js';
import { placementOf } from './own-lsas.js';
import { LSA_TYPE_OF_SCOPE, placeKey } from './placement.js';
import { type Carried, isGone, subjectOf } from './subject.js';

/** Origins that are told apart in the notices; someone may invent any number of them. */
const MOST_ORIGINS = 1000;

/**
 * LSAs of one router that are read; more than a node has out that has 5,000 services and changes all of them. Those that
 * come beyond are counted and not read.
 */
const MOST_OF_ONE_ORIGIN = 20_000;

export interface InboxOptions {
  readonly cluster: string;
  readonly notice: NoticeListener;
  readonly trust: Trust;
  /** Our own router ID; null: there is none. */
  readonly self: () => RouterId | null;
}

/** What was not used of the opaque LSAs of our type, since the start. */
export interface InboxCounters {
  readonly malformed: number;
  readonly otherCluster: number;
  /** Beyond what is read of one router. */
  readonly tooMany: number;
}

/**
 * Opaque LSAs as they come from the LSDB, turned into announcements and withdrawals. What is malformed or belongs to
 * another cluster is counted and otherwise as if it had not come: it does not withdraw what its LSA carried before.
 */
export class Inbox {
  readonly #options: InboxOptions;
  /** What each LSA carries. */
  readonly #carried = new Map<string, Carried>();
  /** Those of them that were believed when other keys counted, and have not been judged since. */
  readonly #toJudge = new Set<string>();
  readonly #malformed = new CountByOrigin();
  readonly #otherCluster = new CountByOrigin();
  readonly #tooMany = new CountByOrigin();
  /** LSAs in `carried` by origin. */
  readonly #countOf = new Map<RouterId, number>();
  readonly #epochs = new EpochsByOrigin();
  #refused = 0;

  constructor(options: InboxOptions) {
    this.#options = options;
  }

  get counters(): InboxCounters {
    return { malformed: this.#malformed.total, otherCluster: this.#otherCluster.total, tooMany: this.#tooMany.total };
  }

  /** How much was not believed, since the start. */
  get refused(): number {
    return this.#refused;
  }

  sessionBegan(): void {
    this.#carried.clear();
    this.#toJudge.clear();
    this.#countOf.clear();
    this.#epochs.clear();
  }

  /** The highest epoch of what is there of this origin; undefined: nothing is there. Where it falls, what is left has counted as an earlier life's. */
  latestEpoch(origin: RouterId): number | undefined {
    return this.#epochs.latest(origin);
  }

  /** Others may be believed now than before: what is in the LSDB is to arrive once more. */
  trustChanged(): void {
    for (const key of this.#carried.keys()) this.#toJudge.add(key);
  }

  arrived(lsa: LsaInstance): TransportEvent[] {
    if (!isOfOurType(lsa)) return [];
    if (lsa.header.age >= MAX_AGE) return this.left(lsa);
    const key = identityKey(lsa);
    const { origin, lsaId } = names(lsa);
    const before = this.#carried.get(key);
    if (before === undefined && this.#isFull(origin)) return [];
    const announcement = this.#read(lsa);
    const isJudgedAnew = this.#toJudge.delete(key);
    if (announcement === undefined) return isJudgedAnew ? this.left(lsa) : [];
    const carried = { subject: subjectOf(announcement), sequence: announcement.sequence };
    const withdrawals = before !== undefined && isGone(before, carried) ? this.left(lsa) : [];
    this.#carry(origin, key, carried);
    return [...withdrawals, { type: 'announcement', origin, lsaId, ageSeconds: lsa.header.age, announcement }];
  }

  left(lsa: LsaInstance): TransportEvent[] {
    const key = identityKey(lsa);
    const carried = this.#carried.get(key);
    if (carried === undefined) return [];
    this.#carried.delete(key);
    this.#toJudge.delete(key);
    const { origin } = names(lsa);
    if (carried.subject.kind === 'daemon') this.#options.trust.daemonWithdrawn(origin, carried.sequence);
    const left = (this.#countOf.get(origin) ?? 1) - 1;
    if (left > 0) this.#countOf.set(origin, left);
    else this.#countOf.delete(origin);
    this.#epochs.remove(origin, carried.sequence.epoch);
    return [{ type: 'withdrawal', ...names(lsa), ...carried }];
  }

  #isFull(origin: RouterId): boolean {
    if ((this.#countOf.get(origin) ?? 0) < MOST_OF_ONE_ORIGIN) return false;
    if (this.#tooMany.add(origin)) this.#options.notice({ type: 'too-many', origin, limit: MOST_OF_ONE_ORIGIN });
    return true;
  }

  #carry(origin: RouterId, key: string, carried: Carried): void {
    const before = this.#carried.get(key);
    if (before === undefined) this.#countOf.set(origin, (this.#countOf.get(origin) ?? 0) + 1);
    else this.#epochs.remove(origin, before.sequence.epoch);
    this.#carried.set(key, carried);
    this.#epochs.add(origin, carried.sequence.epoch);
  }

  #read(lsa: LsaInstance): Announcement | undefined {
    const { origin, lsaId } = names(lsa);
    const { trust, cluster: ours } = this.#options;
    const proof = trust.signs ? trust.verify(lsa.body, placeOf(lsa), this.#options.self()) : null;
    if (proof !== null && !proof.proven && !this.#passes(lsa, proof.why)) return undefined;
    const read = readBody(lsa);
    if (!read.ok) {
      if (this.#malformed.add(origin)) this.#options.notice({ type: 'malformed', origin, lsaId, reason: read.reason });
      return undefined;
    }
    const { cluster, announcement } = read;
    if (cluster !== ours) {
      if (this.#otherCluster.add(origin)) this.#options.notice({ type: 'other-cluster', origin, lsaId, cluster });
      return undefined;
    }
    return proof?.proven && !this.#isPresent(lsa, proof.unixSeconds, read) ? undefined : announcement;
  }

  /** Whether words without a good proof are read. Those of another cluster are, to be told from those of this one. */
  #passes(lsa: LsaInstance, why: Refusal): boolean {
    const { trust, cluster } = this.#options;
    const read = decodeBody(lsa.body);
    if (read.ok && read.cluster !== cluster) return true;
    this.#refuse(lsa, why);
    return !trust.requires;
  }

  /** Whether what its node has signed is what it says now. */
  #isPresent(lsa: LsaInstance, provenAt: number, read: DecodedBody & { ok: true }): boolean {
    const { origin } = names(lsa);
    const { trust, self } = this.#options;
    if (origin === self()) {
      trust.ownHeard(origin);
      return true;
    }
    const judgement = trust.judge(origin, provenAt, read, self());
    if (judgement !== 'believed' && judgement !== 'ignored') this.#refuse(lsa, judgement);
    return judgement === 'believed' || !trust.requires;
  }

  #refuse(lsa: LsaInstance, why: Refusal): void {
    const { trust, notice } = this.#options;
    const { origin, lsaId } = names(lsa);
    if (trust.requires) this.#refused++;
    if (trust.refuse(origin, why)) notice({ type: 'not-proven', origin, lsaId, why, believed: !trust.requires });
  }
}

function placeOf({ header }: LsaInstance): Place {
  return {
    origin: routerId(header.advertisingRouter),
    lsaType: header.type,
    series: parseLinkStateId(header.linkStateId)?.series ?? 0,
  };
}

/** Whether a TransportEvent can come of it: type 9, 10 or 11 and opaque type 222. */
export function isOfOurType(lsa: LsaInstance): boolean {
  const { type, linkStateId } = lsa.header;
  return type >= 9 && type <= 11 && linkStateId >>> 24 === OPAQUE_TYPE;
}

/** Counts all, and knows who was first met, of a limited number. */
class CountByOrigin {
  total = 0;
  readonly #met = new Set<RouterId>();

  /** True if this is the origin's first. */
  add(origin: RouterId): boolean {
    this.total++;
    if (this.#met.has(origin) || this.#met.size >= MOST_ORIGINS) return false;
    this.#met.add(origin);
    return true;
  }
}

function readBody(lsa: LsaInstance): DecodedBody {
  const decoded = decodeBody(lsa.body);
  const reason = decoded.ok ? misplaced(lsa, decoded.announcement) : undefined;
  return reason === undefined ? decoded : { ok: false, reason };
}

/** Why a well-formed announcement does not belong into an LSA with this type and link state ID. */
function misplaced(lsa: LsaInstance, announcement: Announcement): string | undefined {
  const series = parseLinkStateId(lsa.header.linkStateId)?.series ?? 0;
  switch (announcement.kind) {
    case 'daemon':
      return expectSeries(series === DAEMON_SERIES, 'Daemon', '222.G.1.0') ?? expectType(lsa, 11);
    case 'command':
      return expectSeries(series === COMMAND_SERIES, 'Command', '222.G.1.1') ?? expectType(lsa, 11);
    case 'service': {
      const expected = LSA_TYPE_OF_SCOPE[announcement.definition.scope];
      return expectSeries(isServiceSeries(series), 'Service', 'not 222.G.1.S') ?? expectType(lsa, expected);
    }
  }
}

function expectSeries(fits: boolean, kind: string, expected: string): string | undefined {
  return fits ? undefined : `the link state ID of a ${kind} announcement is ${expected}`;
}

function expectType(lsa: LsaInstance, expected: number): string | undefined {
  const { type } = lsa.header;
  return type === expected
    ? undefined
    : `an LSA of type ${type} carries an announcement that belongs into type ${expected}`;
}

function names(lsa: LsaInstance): { origin: RouterId; lsaId: string } {
  return { origin: routerId(lsa.header.advertisingRouter), lsaId: formatIpv4(lsa.header.linkStateId) };
}

/** Tells LSAs apart. */
export function identityKey(lsa: LsaInstance): string {
  const placement = placementOf(lsa);
  const place = placement === undefined ? '' : placeKey(placement);
  return `${lsa.header.advertisingRouter}/${lsa.header.linkStateId}/${place}`;
}
