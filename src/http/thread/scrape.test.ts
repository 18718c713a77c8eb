import { get } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { Meters } from '../../metrics/index.js';
import { largeStatus } from '../metrics/testing.js';
import { StatusWatch } from '../stream/status-watch.js';
import { testControl } from '../testing.js';
import { type TestWeb, testWeb } from '../testing-web.js';
import { runInThread } from './run-in-thread.js';

const SERVICES = 1000;

let web: TestWeb;

afterEach(() => web.close());

/** A listener for metrics alone, in the web thread; the status is looked at as the daemon does. */
async function begin(services = SERVICES): Promise<void> {
  const status = largeStatus(services);
  const byName = new Map(status.services.map((service) => [service.name, service]));
  const { process, services: _, ...head } = status;
  const { ending, problems, duplicateRouterIds } = process;
  const watch = new StatusWatch(
    {
      head: () => ({ ...head, ending, problems, duplicateRouterIds }),
      serviceNames: () => [...byName.keys()],
      service: (name) => structuredClone(byName.get(name)),
    },
    {
      onError: (error) => {
        throw error;
      },
    },
  );
  const meters = new Meters();
  for (const service of byName.keys()) meters.primitiveEnded('check', service, 'succeeded', 1);
  const control = { ...testControl(), status: () => watch.document(() => process) };
  web = await testWeb({
    run: runInThread(),
    metrics: { host: '127.0.0.1', port: 0 },
    ports: { control, metrics: { readings: () => meters.readings({}) } },
  });
}

function scrape(headers: Record<string, string> = {}): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port: web.server.metricsPort ?? 0, path: '/metrics', headers, agent: false };
    get(options, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part) => {
        text += part;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    }).on('error', reject);
  });
}

/** How many turns the event loop of this thread takes meanwhile, and the longest of them, in ms. */
async function turnsDuring(work: () => Promise<unknown>): Promise<{ turns: number; longestMs: number }> {
  let turns = 0;
  let longestMs = 0;
  let isOver = false;
  let lastMs = performance.now();
  const turn = () => {
    const nowMs = performance.now();
    longestMs = Math.max(longestMs, nowMs - lastMs);
    lastMs = nowMs;
    turns += 1;
    if (!isOver) setImmediate(turn);
  };
  setImmediate(turn);
  await work();
  isOver = true;
  return { turns, longestMs };
}

test('a scrape of 1,000 services leaves the daemon’s thread to its work', async () => {
  await begin();
  expect((await scrape()).text.match(/^srrd_service_owner\{/gm)).toHaveLength(SERVICES);
  const { turns, longestMs } = await turnsDuring(async () => {
    const answers = await Promise.all(Array.from({ length: 5 }, () => scrape()));
    for (const { status } of answers) expect(status).toBe(200);
  });
  console.log(`five scrapes at once: ${turns} turns of the event loop, the longest ${longestMs.toFixed(1)} ms`);
  // Some 7 MB of text were made meanwhile: here it would have been few turns, each a scrape long.
  expect(turns).toBeGreaterThan(50);
}, 120_000);

test('without TLS there are metrics and nothing else, and a page of another site reads nothing', async () => {
  await begin(1);
  expect((await scrape()).status).toBe(200);
  expect((await scrape({ host: 'rebound.example' })).status).toBe(403);
  expect((await scrape({ origin: 'http://other.example', 'sec-fetch-site': 'cross-site' })).status).toBe(403);
  const answer = await fetch(`http://127.0.0.1:${web.server.metricsPort}/api/v1/status`);
  expect(answer.status).toBe(404);
}, 120_000);
