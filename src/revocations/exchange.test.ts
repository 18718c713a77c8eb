import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import type { RevocationHolder } from '../cluster/index.js';
import { ForeignFiles } from '../files/index.js';
import { routerId } from '../model/index.js';
import { makeCertificate, validity } from '../pki/certificate.js';
import { type Authority, authorityOf, type RevocationList } from '../pki/index.js';
import { signRevocationList } from '../pki/revocation-list.js';
import { type ListAt, RevocationExchange } from './exchange.js';

const NOW = new Date();
const END = new Date(NOW.getTime() + 10 * 24 * 3600_000);
let ours: Authority;
let sign: (number: number, revoked?: readonly string[]) => Buffer;
let foreign: Buffer;

async function authority(commonName: string) {
  const subject = { organisation: 'x', unit: 'authority', commonName };
  const made = await makeCertificate({ subject, purpose: { kind: 'authority' }, ...validity(10, NOW) }, null);
  const known = authorityOf(new X509Certificate(made.certificate));
  const key = createPrivateKey(made.key);
  const list = (number: number, revoked: readonly string[] = []) => {
    const entries = revoked.map((serial) => ({ serial, at: NOW }));
    return signRevocationList(known, key, { number, thisUpdate: NOW, nextUpdate: END, revoked: entries });
  };
  return { known, list };
}

beforeAll(async () => {
  const [mine, other] = [await authority('ours'), await authority('foreign')];
  ours = mine.known;
  sign = mine.list;
  foreign = other.list(99);
});

let stateDir: string;
let file: string;
let exchange: RevocationExchange | undefined;
let holders: RevocationHolder[];
let asked: ListAt[];
let answer: (at: ListAt) => Promise<Buffer>;
let counted: RevocationList[][];
let warnings: string[];

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  stateDir = mkdtempSync(join(tmpdir(), 'srrd-exchange-'));
  file = join(stateDir, 'crl.pem');
  [holders, asked, counted, warnings] = [[], [], [], []];
  answer = () => Promise.reject(new Error('no answer'));
});

afterEach(() => {
  exchange?.close();
  vi.useRealTimers();
  rmSync(stateDir, { recursive: true, force: true });
});

function start(): void {
  const trust = { authorities: [ours], files: [file], lists: [] };
  exchange = new RevocationExchange({
    stateDir,
    files: new ForeignFiles(),
    trust: () => trust,
    self: () => routerId(1),
    holders: () => holders,
    fetch: (at) => {
      asked.push(at);
      return answer(at);
    },
    changed: (lists) => counted.push([...lists]),
    log: { info: () => {}, warn: (text) => warnings.push(text) },
  });
  exchange.start();
}

function holder(node: number, number: number): RevocationHolder {
  const lists = [{ authority: ours.keyId, number }];
  return { node: routerId(node), addresses: [`10.0.0.${node}`], port: 8443, lists };
}

const numbers = () => counted.map((lists) => lists.map(({ number }) => number));

test('a list counts as soon as its file is there or is replaced, without a signal', async () => {
  start();
  expect(numbers()).toEqual([[]]);
  writeFileSync(file, sign(1));
  await vi.advanceTimersByTimeAsync(1_000);
  writeFileSync(file, sign(2, ['AB']));
  await vi.advanceTimersByTimeAsync(1_000);
  expect(numbers()).toEqual([[], [1], [2]]);
  expect(counted.at(-1)?.[0]?.serials).toEqual(new Set(['AB']));
});

test('a file that is half there, of another authority, or older changes nothing', async () => {
  writeFileSync(file, sign(5));
  start();
  for (const bytes of [sign(6).subarray(0, 100), foreign, sign(4)]) {
    writeFileSync(file, bytes);
    await vi.advanceTimersByTimeAsync(1_000);
  }
  expect(numbers()).toEqual([[5]]);
  expect(warnings).toHaveLength(2);
});

test('a newer list of another node is fetched, counts, is kept for nobody else to read, and is there after a restart', async () => {
  start();
  holders = [holder(2, 3)];
  answer = async () => sign(3, ['AB']);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(asked).toEqual([{ host: '10.0.0.2', port: 8443, authority: ours.keyId }]);
  expect(numbers()).toEqual([[], [3]]);
  const kept = join(stateDir, 'revocations', `${ours.keyId}.crl`);
  expect(readFileSync(kept)).toEqual(sign(3, ['AB']));
  expect(statSync(kept).mode & 0o777).toBe(0o600);
  exchange?.close();
  start();
  expect(numbers().at(-1)).toEqual([3]);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked).toHaveLength(1);
});

test('a list that cannot be kept counts all the same', async () => {
  writeFileSync(join(stateDir, 'revocations'), 'in the way');
  start();
  holders = [holder(2, 3)];
  answer = async () => sign(3, ['AB']);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(numbers()).toEqual([[], [3]]);
  expect(asked).toHaveLength(1);
  expect(warnings.at(-1)).toContain('cannot be kept');
});

test('when a node does not answer the next one is asked at once, and all again after pauses that grow', async () => {
  start();
  holders = [holder(2, 3), holder(3, 3)];
  await vi.advanceTimersByTimeAsync(1_100);
  expect(asked.map(({ host }) => host)).toEqual(['10.0.0.2', '10.0.0.3']);
  await vi.advanceTimersByTimeAsync(600_000);
  // 1, 2, 4, 8, 16, 32 and then 60 s apart: 14 rounds or so of two.
  expect(asked.length).toBeGreaterThan(24);
  expect(asked.length).toBeLessThan(36);
  answer = async () => sign(3);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(numbers().at(-1)).toEqual([3]);
});

test.each([
  { what: 'is of another authority', bytes: () => foreign },
  { what: 'is no newer than ours', bytes: () => sign(1) },
  { what: 'is nonsense', bytes: () => Buffer.from('<html>') },
  { what: 'is changed on its way', bytes: () => sign(3).fill(7, 60, 62) },
])('a list that $what is not taken, and the next node is asked', async ({ bytes }) => {
  writeFileSync(file, sign(1));
  start();
  holders = [holder(2, 3), holder(3, 3)];
  answer = async ({ host }) => (host === '10.0.0.2' ? bytes() : sign(3, ['AB']));
  await vi.advanceTimersByTimeAsync(1_100);
  expect(asked.map(({ host }) => host)).toEqual(['10.0.0.2', '10.0.0.3']);
  expect(numbers()).toEqual([[1], [3]]);
  expect(warnings).toHaveLength(1);
});

test('a node that claims a number which it does not have keeps nobody from the true one', async () => {
  start();
  holders = [holder(2, Number.MAX_SAFE_INTEGER), holder(3, 4)];
  answer = async ({ host }) => (host === '10.0.0.2' ? sign(1) : sign(4));
  await vi.advanceTimersByTimeAsync(10_000);
  expect(numbers().at(-1)).toEqual([4]);
});

test('a silent node that tells of ever higher numbers does not keep an honest one from being asked', async () => {
  start();
  let claimed = 100;
  const settled: number[] = [];
  answer = ({ host }) =>
    host === '10.0.0.2'
      ? new Promise((_, reject) => setTimeout(() => reject(new Error('no answer in 10 s')), 10_000))
      : Promise.resolve(sign(claimed >= 200 ? 8 : 7, ['AB']));
  for (let second = 1; second <= 180; second += 1) {
    claimed += 1;
    holders = [holder(2, claimed), holder(3, claimed >= 200 ? 8 : 7)];
    await vi.advanceTimersByTimeAsync(1_000);
    if (numbers().at(-1)?.[0] !== settled.at(-1)) settled.push(numbers().at(-1)?.[0] ?? 0);
    // Within seconds, when there is nothing to be known of the liar yet, and a hundred lies later.
    if (second === 5) expect(settled).toEqual([7]);
    if (second === 105) expect(settled).toEqual([7, 8]);
  }
  // The liar is asked about once a minute in the end.
  expect(asked.filter(({ host }) => host === '10.0.0.2').length).toBeLessThan(12);
});

test('four nodes are asked at the same time, if none answers, and no more', async () => {
  start();
  holders = [2, 3, 4, 5, 6, 7].map((node) => holder(node, 3));
  answer = () => new Promise(() => {});
  await vi.advanceTimersByTimeAsync(30_000);
  expect(asked.map(({ host }) => host)).toEqual(['10.0.0.2', '10.0.0.3', '10.0.0.4', '10.0.0.5']);
});
