import type { RevocationHolder } from '../cluster/index.js';
import { type ForeignFiles, onDiskOf } from '../files/index.js';
import type { RouterId } from '../model/index.js';
import { type Authority, type RevocationList, readRevocationList } from '../pki/index.js';
import { ForeignLists } from './foreign-lists.js';
import { keep, keptFile, readLists, stampOf } from './lists.js';
import { planFetches, type Wanted } from './plan.js';

/** The parts of `web.tls` that may change while the daemon runs. A change is a new object. */
export interface ExchangeTrust {
  readonly authorities: readonly Authority[];
  /** The files of `web.tls.crl`, and what was in them when they were read with the rest. */
  readonly files: readonly string[];
  readonly lists: readonly RevocationList[];
}

/** Where another node's list of an authority is asked for. */
export interface ListAt {
  readonly host: string;
  readonly port: number;
  readonly authority: string;
}

export interface ExchangeOptions {
  readonly stateDir: string;
  /** How files are read that are not on the state directory's disk. */
  readonly files: ForeignFiles;
  trust(): ExchangeTrust;
  /** null: not known yet. */
  self(): RouterId | null;
  /** The other nodes that are reachable, and what they have. */
  holders(): readonly RevocationHolder[];
  fetch(at: ListAt): Promise<Buffer>;
  /** These lists count now: of each authority that has one, the one with the highest number. */
  changed(lists: readonly RevocationList[]): void;
  readonly log: { info(text: string): void; warn(text: string): void };
}

/** How often the files and what the others have are looked at, in ms. */
const LOOK_EVERY_MS = 1_000;

/** How long a node that was asked in vain is left alone, in ms; doubled each time, up to the second. */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;

/** When a node has not answered after this time, in ms, another one is asked too; so many at once. */
const NEXT_AFTER_MS = 1_000;
const MOST_AT_ONCE = 4;

/** Of what a node says are its addresses, so many are tried. */
const MOST_ADDRESSES = 4;

/** What is being done to get a newer list of one authority. */
interface Search {
  dueMs: number;
  readonly asked: Set<RouterId>;
}

/**
 * What came of asking a node. It outlives a search: a node that tells of ever higher numbers, and does not answer, is not
 * the first to be asked each time.
 */
interface Failures {
  failures: number;
  dueMs: number;
}

/** Keeps the newest revocation list of each authority, from files and from the other nodes. */
export class RevocationExchange {
  #lists: readonly RevocationList[] = [];
  #trust: ExchangeTrust | undefined;
  #stamp = '';
  #foreign: ForeignLists | undefined;
  readonly #searches = new Map<string, Search>();
  readonly #records = new Map<RouterId, Failures>();
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(private readonly options: ExchangeOptions) {}

  get lists(): readonly RevocationList[] {
    return this.#lists;
  }

  /** Reads what there is, before it returns, and looks from then on. */
  start(): void {
    this.#look();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#foreign?.close();
  }

  #look(): void {
    if (this.#closed) return;
    clearTimeout(this.#timer);
    this.#readFiles();
    this.#ask();
    const nowMs = performance.now();
    const due = [...this.#searches.values(), ...this.#records.values()].map(({ dueMs }) => dueMs - nowMs);
    const waitMs = Math.min(LOOK_EVERY_MS, ...due.filter((inMs) => inMs > 0));
    this.#timer = setTimeout(() => this.#look(), waitMs);
    this.#timer.unref();
  }

  /** A file that cannot be read (half copied, say) changes nothing: the list that we have goes on counting. */
  #readFiles(): void {
    const { stateDir, trust, log } = this.options;
    const now = trust();
    const isNew = now !== this.#trust;
    if (isNew) this.#watchForeign(now);
    const isOurs = onDiskOf(stateDir);
    const files = [...now.files.filter(isOurs), ...now.authorities.map(({ keyId }) => keptFile(stateDir, keyId))];
    const stamp = stampOf(files);
    if (!isNew && stamp === this.#stamp) return;
    const isFirst = this.#trust === undefined;
    this.#trust = now;
    this.#stamp = stamp;
    const { lists, problems } = readLists(files, now.authorities);
    for (const problem of problems) log.warn(notPassedOn(problem));
    this.#consider([...now.lists, ...lists], { evenIfNothingChanged: isFirst });
  }

  #watchForeign({ files, authorities }: ExchangeTrust): void {
    this.#foreign?.close();
    const isOurs = onDiskOf(this.options.stateDir);
    this.#foreign = new ForeignLists({
      paths: files.filter((file) => !isOurs(file)),
      authorities,
      files: this.options.files,
      found: (list) => this.#consider([list]),
      problem: (text) => this.options.log.warn(notPassedOn(text)),
    });
  }

  #consider(lists: readonly RevocationList[], { evenIfNothingChanged = false } = {}): void {
    const { log, changed } = this.options;
    const next = highest(this.#trust?.authorities ?? [], [...this.#lists, ...lists]);
    if (!evenIfNothingChanged && sameLists(next, this.#lists)) return;
    this.#lists = next;
    for (const { number, serials } of next) log.info(`revocation list ${number} counts: ${serials.size} revoked`);
    changed(next);
  }

  #ask(): void {
    const self = this.options.self();
    if (self === null) return;
    const holders = this.options.holders();
    const wanted = planFetches(self, this.#numbers(), holders);
    for (const authority of this.#searches.keys()) {
      if (!wanted.some((want) => want.authority === authority)) this.#searches.delete(authority);
    }
    for (const node of this.#records.keys()) {
      if (!holders.some((holder) => holder.node === node)) this.#records.delete(node);
    }
    for (const want of wanted) this.#askFor(want);
  }

  #askFor(want: Wanted): void {
    const nowMs = performance.now();
    const search = this.#searches.get(want.authority) ?? { dueMs: nowMs + want.waitMs, asked: new Set() };
    this.#searches.set(want.authority, search);
    if (search.dueMs > nowMs || search.asked.size >= MOST_AT_ONCE) return;
    const free = want.from.filter(({ node }) => !search.asked.has(node) && this.#recordOf(node).dueMs <= nowMs);
    // The sort is stable: of those that failed as often the one with the highest number comes first.
    const [holder] = free.toSorted((a, b) => this.#recordOf(a.node).failures - this.#recordOf(b.node).failures);
    if (holder === undefined) return;
    search.dueMs = nowMs + NEXT_AFTER_MS;
    void this.#try(want.authority, holder, search);
  }

  #recordOf(node: RouterId): Failures {
    return this.#records.get(node) ?? { failures: 0, dueMs: 0 };
  }

  async #try(authority: string, { node, port, addresses }: RevocationHolder, search: Search): Promise<void> {
    const { failures } = this.#recordOf(node);
    const places = addresses.slice(0, MOST_ADDRESSES);
    const host = places[failures % places.length];
    if (host === undefined) return;
    search.asked.add(node);
    try {
      const list = this.#accept(await this.options.fetch({ host, port, authority }), authority);
      if (this.#closed) return;
      this.options.log.info(`revocation list ${list.number} fetched from ${host}:${port}`);
      this.#records.delete(node);
      this.#searches.delete(authority);
      this.#consider([list]);
      this.#keep(list);
    } catch (error) {
      this.#records.set(node, {
        failures: failures + 1,
        dueMs: performance.now() + pauseMs(failures + 1, places.length),
      });
      // The next one need not wait for it.
      search.dueMs = 0;
      const reason = error instanceof Error ? error.message : String(error);
      if (!this.#closed) this.options.log.warn(`a newer revocation list of ${host}:${port}: ${reason}`);
    } finally {
      search.asked.delete(node);
    }
    this.#look();
  }

  /** What cannot be kept counts all the same; after a restart it is fetched again. */
  #keep(list: RevocationList): void {
    try {
      keep(this.options.stateDir, list);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.options.log.warn(`revocation list ${list.number} counts, but cannot be kept: ${reason}`);
    }
  }

  /** Nothing that the other node says is believed: the signature, the authority and the number must be right. */
  #accept(bytes: Buffer, authority: string): RevocationList {
    const list = readRevocationList(bytes, this.#trust?.authorities ?? []);
    const own = this.#numbers().get(authority) ?? 0;
    if (list.issuer !== authority) throw new Error('it is the list of another authority');
    if (list.number <= own) throw new Error(`it gave list ${list.number}, and we have ${own}`);
    return list;
  }

  /** Of every authority that counts here; 0: no list yet. */
  #numbers(): Map<string, number> {
    const authorities = this.#trust?.authorities ?? [];
    return new Map(
      authorities.map(({ keyId }) => [keyId, this.#lists.find(({ issuer }) => issuer === keyId)?.number ?? 0]),
    );
  }
}

function notPassedOn(problem: string): string {
  return `a list of revocations is not passed on: ${problem}`;
}

/** Without a pause while it has another address. */
function pauseMs(failures: number, places: number): number {
  if (failures % places !== 0) return 0;
  return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(10, failures / places - 1));
}

function highest(authorities: readonly Authority[], lists: readonly RevocationList[]): RevocationList[] {
  return authorities.flatMap(({ keyId }) => {
    const own = lists.filter(({ issuer }) => issuer === keyId);
    const [best] = own.toSorted((a, b) => b.number - a.number);
    return best === undefined ? [] : [best];
  });
}

function sameLists(a: readonly RevocationList[], b: readonly RevocationList[]): boolean {
  return a.length === b.length && a.every((list, index) => list === b[index]);
}
