import type { AddressInfo } from 'node:net';
import type { LsaInstance, OspfApiEvent } from 'ospfapi-shim';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LookingGlass } from '../../lsdb/index.js';
import { address, externalLsa, mirrorOf, networkLsa, routerLsa } from '../../lsdb/testing/lsas.js';
import type { Api } from '../api.js';
import { testSocketServer } from '../testing.js';

const NETWORK = '2_0.0.0.0_10.1.1.1_10.0.0.1';

let held: LsaInstance[];
let glass: LookingGlass;
let api: Api;

beforeEach(() => {
  held = [routerLsa('10.0.0.1', ['transit 10.1.1.1 10']), networkLsa('10.1.1.1', '10.0.0.1', 24, ['10.0.0.1'])];
  glass = new LookingGlass({
    ospf: {
      get lsdb() {
        return mirrorOf(held);
      },
      routerId: address('10.0.0.1'),
      reachable: new Set(),
    },
    cluster: 'default',
    nowMs: () => 0,
    date: () => new Date('2026-01-01T00:00:00Z'),
    database: () => Promise.resolve(''),
    onError: (error) => {
      throw error;
    },
  });
  api = testSocketServer({ lsdb: glass });
});

afterEach(() => api.close());

function many(count: number): LsaInstance[] {
  return Array.from({ length: count }, (_, index) =>
    externalLsa(`10.${index >> 16}.${(index >> 8) & 255}.${index & 255}/32`, '10.0.0.2', 2, 20),
  );
}

test.each([0, 2, 5000])('a list of %i LSAs is one document', async (count) => {
  held = count === 2 ? held : many(count);
  const answer = await api.inject({ method: 'GET', url: '/api/v1/lsdb' });
  expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'application/json; charset=utf-8']);
  const { lsas, ...head } = answer.json();
  expect(head).toEqual({ generatedAt: '2026-01-01T00:00:00.000Z', routerId: '10.0.0.1', notes: [] });
  expect(lsas).toHaveLength(count);
});

test('one LSA is decoded, and one that is not there is 404 with a sentence', async () => {
  const answer = await api.inject({ method: 'GET', url: `/api/v1/lsdb/${NETWORK}` });
  expect(answer.json()).toMatchObject({ id: NETWORK, raw: expect.stringMatching(/^[0-9a-f]{56}$/) });
  const none = await api.inject({ method: 'GET', url: '/api/v1/lsdb/..%2f..%2fetc%2fpasswd' });
  expect([none.statusCode, none.json()]).toEqual([
    404,
    { error: expect.stringContaining('no LSA'), code: 'unknown-lsa' },
  ]);
});

test('the topology is a document', async () => {
  const answer = await api.inject({ method: 'GET', url: '/api/v1/topology' });
  expect(answer.json()).toMatchObject({ networks: [{ prefix: '10.1.1.0/24' }], routers: [{ id: '10.0.0.1' }] });
});

test('a stream tells of the LSDB whoever wants to know, all and then what changes, and nobody else', async () => {
  held = [...held, ...many(300)];
  await api.listen({ port: 0, host: '127.0.0.1' });
  const { port } = api.server.address() as AddressInfo;
  const wanted = await follow(`http://127.0.0.1:${port}/api/v1/stream?lsdb=1`);
  const unwanted = await follow(`http://127.0.0.1:${port}/api/v1/stream`);
  const first = await wanted.next();
  const second = await wanted.next();
  expect([first.reset, first.upserted.length, second.reset, second.upserted.length]).toEqual([true, 200, false, 102]);
  const withdrawn: OspfApiEvent = { type: 'lsa-withdrawn', lsa: held[1]! };
  glass.heard(withdrawn);
  expect(await wanted.next()).toMatchObject({ reset: false, upserted: [], removed: [NETWORK] });
  expect(unwanted.seen()).not.toContain('event: lsdb');
  wanted.end();
  unwanted.end();
});

/** Reads a stream and yields its `lsdb` events one by one. */
async function follow(url: string) {
  const controller = new AbortController();
  const response = await fetch(url, { signal: controller.signal });
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  let at = 0;
  return {
    seen: () => text,
    end: () => controller.abort(),
    next: async () => {
      for (;;) {
        const match = /event: lsdb\ndata: (.*)\n\n/.exec(text.slice(at));
        if (match !== null) {
          at += match.index + match[0].length;
          return JSON.parse(match[1] ?? '');
        }
        text += (await reader.read()).value;
      }
    },
  };
}
