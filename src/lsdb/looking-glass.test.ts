import type { Ipv4, LsaInstance, OspfApiEvent } from 'ospfapi-shim';
import { lsaIdentity } from 'ospfapi-shim';
import { beforeEach, describe, expect, it } from 'vitest';
import type { LsdbChange } from './documents.js';
import { lsaId, parseLsaId } from './identity.js';
import { LookingGlass } from './looking-glass.js';
import { address, externalLsa, mirrorOf, networkLsa, opaqueLsa, routerLsa } from './testing/lsas.js';

const ROUTER = '1_0.0.0.0_10.0.0.1_10.0.0.1';
const NETWORK = '2_0.0.0.0_10.1.1.1_10.0.0.1';

let held: LsaInstance[];
let routerId: Ipv4 | undefined;
let reachable: Set<Ipv4>;
let nowMs: number;
let glass: LookingGlass;
let changes: LsdbChange[];
let errors: unknown[];
let database: () => Promise<string>;

beforeEach(() => {
  held = [routerLsa('10.0.0.1', ['transit 10.1.1.1 10']), networkLsa('10.1.1.1', '10.0.0.1', 24, ['10.0.0.1'])];
  routerId = address('10.0.0.1');
  reachable = new Set([address('10.0.0.1'), address('10.0.0.9')]);
  nowMs = 5_000;
  changes = [];
  errors = [];
  database = () => Promise.resolve('');
  glass = new LookingGlass({
    ospf: {
      get lsdb() {
        return mirrorOf(held);
      },
      get routerId() {
        return routerId;
      },
      get reachable() {
        return reachable;
      },
    },
    cluster: 'default',
    nowMs: () => nowMs,
    date: () => new Date('2026-01-01T00:00:00Z'),
    database: () => database(),
    onError: (error) => errors.push(error),
  });
});

function many(count: number): LsaInstance[] {
  return Array.from({ length: count }, (_, index) =>
    externalLsa(`10.${index >> 16}.${(index >> 8) & 255}.${index & 255}/32`, '10.0.0.2', 2, 20),
  );
}

function update(lsa: LsaInstance): OspfApiEvent {
  return { type: 'lsa', lsa, previous: null };
}

describe('the name of an LSA', () => {
  it('leads back to it, whatever its scope', () => {
    const lsas = [
      ...held,
      ...many(1),
      ...([9, 10, 11] as const).map((type) => opaqueLsa(type, '222.0.0.1', '10.0.0.3', Buffer.alloc(4))),
    ];
    for (const lsa of lsas) expect(parseLsaId(lsaId(lsaIdentity(lsa)))).toEqual(lsaIdentity(lsa));
    expect(lsaId(lsaIdentity(lsas[3]!))).toBe('9_0.0.0.0@10.9.1.2_222.0.0.1_10.0.0.3');
  });

  it.each(['', '1', '1_0.0.0.0_10.0.0.1', '1_0.0.0.0_10.0.0.1_10.0.0.999', '1_as_../../etc/passwd_1.1.1.1'])(
    'is not %j',
    (text) => expect(parseLsaId(text)).toBeUndefined(),
  );
});

describe('the looking glass', () => {
  it('lists all LSAs in parts, with what may be missing', async () => {
    held = [...held, ...many(450)];
    const parts = [];
    for await (const part of glass.list()) parts.push(part);
    expect(parts.map(({ lsas }) => lsas.length)).toEqual([100, 100, 100, 100, 52]);
    expect(parts[0]?.head).toMatchObject({ routerId: '10.0.0.1', generatedAt: '2026-01-01T00:00:00.000Z' });
    expect(parts[0]?.head.notes).toEqual([expect.stringContaining('The Router LSA of 10.0.0.9 is missing here')]);
    expect(parts[0]?.lsas[0]).toMatchObject({ id: ROUTER, typeName: 'Router', words: '1 link: 1 transit', age: 5 });
  });

  it('says that there is nothing while there is no session', async () => {
    held = [];
    routerId = undefined;
    const parts = [];
    for await (const part of glass.list()) parts.push(part);
    expect(parts).toMatchObject([{ head: { routerId: null }, lsas: [] }]);
  });

  it('shows one LSA with its bytes, older by the time since it came, at most an hour', () => {
    const found = glass.find(NETWORK);
    expect(found).toMatchObject({ id: NETWORK, words: '10.1.1.0/24, 1 router', age: 5 });
    expect(found?.raw).toHaveLength(2 * (20 + 8));
    expect(found?.fields.map(({ name, offset, length }) => [name, offset, length])).toEqual([
      ['header', 0, 20],
      ['body', 20, 8],
    ]);
    nowMs = 99_999_000;
    expect(glass.find(NETWORK)?.age).toBe(3600);
    expect(glass.find('2_0.0.0.0_10.1.1.9_10.0.0.1')).toBeUndefined();
    expect(glass.find('nonsense')).toBeUndefined();
  });

  it('marks announcements of another cluster, and malformed ones', () => {
    held = [opaqueLsa(11, '222.0.0.1', '10.0.0.3', Buffer.alloc(8))];
    expect(glass.find('11_as_222.0.0.1_10.0.0.3')?.words).toMatch(/^srrd, malformed: /);
  });

  it('tells an onlooker all, a part at a time, then what changes, together', async () => {
    held = [...held, ...many(300)];
    const end = glass.subscribe((change) => changes.push(change));
    await expect.poll(() => changes).toHaveLength(2);
    expect(changes.map(({ reset, upserted }) => [reset, upserted.length])).toEqual([
      [true, 200],
      [false, 102],
    ]);
    const [gone] = held;
    const [added] = many(1);
    glass.heard(update(added!));
    glass.heard({ type: 'lsa-withdrawn', lsa: gone! });
    glass.heard(update(added!));
    await expect.poll(() => changes).toHaveLength(3);
    expect(changes[2]).toMatchObject({ reset: false, removed: [ROUTER], upserted: [{ typeName: 'AS External' }] });
    end();
    glass.heard(update(added!));
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(changes).toHaveLength(3);
  });

  it('tells an onlooker what the list may lack, and when that has changed', async () => {
    glass.subscribe((change) => changes.push(change));
    await expect.poll(() => changes).toHaveLength(1);
    expect(changes[0]?.notes).toEqual([expect.stringContaining('The Router LSA of 10.0.0.9 is missing here')]);
    reachable = new Set([address('10.0.0.1')]);
    glass.heard({ type: 'reachability', added: [], removed: [address('10.0.0.9')] });
    await expect.poll(() => changes).toHaveLength(2);
    expect(changes[1]).toMatchObject({ reset: false, notes: [], upserted: [], removed: [] });
    glass.close();
  });

  it('tells that all is gone when the session with ospfd ends', async () => {
    glass.subscribe((change) => changes.push(change));
    await expect.poll(() => changes).toHaveLength(1);
    held = [];
    routerId = undefined;
    glass.heard({ type: 'disconnected', reason: 'test' });
    await expect.poll(() => changes).toHaveLength(2);
    expect(changes[1]).toMatchObject({ reset: true, routerId: null, upserted: [], removed: [] });
    glass.close();
  });

  it('waits for an onlooker that is busy, and then tells the last state only', async () => {
    let busy = true;
    glass.subscribe(
      (change) => changes.push(change),
      () => busy,
    );
    const [added] = many(1);
    glass.heard(update(added!));
    glass.heard({ type: 'lsa-withdrawn', lsa: added! });
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect(changes).toEqual([]);
    busy = false;
    await expect.poll(() => changes).toHaveLength(1);
    expect(changes[0]).toMatchObject({ reset: true, removed: [lsaId(lsaIdentity(added!))] });
    expect(changes[0]?.upserted).toHaveLength(2);
    glass.close();
  });

  it('corrects the ages of LSAs that ospfd had before we asked, once in each session', async () => {
    let asked = 0;
    database = () => {
      asked += 1;
      return Promise.resolve('Link ID  ADV Router  Age Seq#  CkSum\n10.1.1.1   10.0.0.1    300 0x80000001 0x0000\n');
    };
    glass.subscribe((change) => changes.push(change));
    await expect.poll(() => changes.at(-1)?.upserted.at(-1)).toMatchObject({ id: NETWORK, age: 300 });
    nowMs += 7_000;
    expect(glass.find(NETWORK)?.age).toBe(307);
    expect(glass.find(ROUTER)?.age).toBe(12);
    for await (const { lsas } of glass.list()) expect(lsas.map(({ age }) => age)).toEqual([12, 307]);
    expect(asked).toBe(1);
    glass.heard({ type: 'connected', routerId: address('10.0.0.1') });
    glass.heard({ type: 'synced' });
    expect(asked).toBe(2);
    glass.close();
  });

  it('shows the list also when ospfd does not answer', async () => {
    database = () => Promise.reject(new Error('no VTY'));
    const parts = [];
    for await (const part of glass.list()) parts.push(part);
    expect(parts[0]?.lsas).toHaveLength(2);
  });

  it('survives an onlooker that fails, and tells it nothing more', async () => {
    let told = 0;
    glass.subscribe(() => {
      told += 1;
      throw new Error('broken');
    });
    await expect.poll(() => errors).toEqual([new Error('broken')]);
    glass.heard(update(held[0]!));
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(told).toBe(1);
  });

  it('makes one topology for all who ask at once', async () => {
    const [a, b] = await Promise.all([glass.topology(), glass.topology()]);
    expect(a).toBe(b);
    expect(a.networks).toMatchObject([{ prefix: '10.1.1.0/24' }]);
    expect(await glass.topology()).not.toBe(a);
  });
});
