import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type Ipv4, OspfApiClient } from 'ospfapi-shim';
import { expect, it } from 'vitest';
import { FakeOspfd, lsaNotification } from '../../ospfapi-shim/src/testing/fake-ospfd.js';
import { Engine, type Event } from '../cluster/index.js';
import { OspfTransport } from '../flooding/ospf-transport.js';
import { serviceAnnouncement } from '../flooding/testing/announcements.js';
import { MemoryGenerationStore } from '../flooding/testing/memory-store.js';
import { address } from '../flooding/testing/world.js';
import { encodeBody } from '../lsa/index.js';
import { type Announcement, routerId } from '../model/index.js';
import { EventQueue } from './event-queue.js';
import { ENOUGH_EVENTS } from './modules.js';

const FLOODER = address('10.0.0.9');
const HONEST = address('10.0.0.3');
const SECONDS = 10;
const PER_SECOND = 5_000;
const KEYS = 5_000;
/** All in one group: each event is looked at in the light of all of them. */
const NAMES = 50;
/** LSAs at once, where the machine is too slow for so many a second. */
const AT_ONCE = 500;
/** How often the honest node announces something. */
const HONEST_EVERY_MS = 200;
/** Handling takes milliseconds; a machine may stand still for a while. */
const WITHIN_MS = 30_000;
const MEGABYTE = 2 ** 20;

it('5,000 LSAs a second of one router hold up neither the daemon nor another router, and leave nothing behind', async () => {
  const ospfd = await FakeOspfd.listen();
  const opaque = [{ lsaType: 11, opaqueType: 222 }] as const;
  const client = new OspfApiClient({ host: '127.0.0.1', port: ospfd.port, opaque, hasInstance: async () => true });
  const engine = new Engine({
    nodeName: 'a',
    softwareVersion: '0',
    joinHoldMs: 2000,
    stampRefreshMs: 30_000,
    recallDelayMs: 1000,
    onIsolation: 'stop',
    remoteCommands: true,
    announce: 'auto',
    managementAddresses: [],
    managementPort: 0,
  });
  const heard = () => engine.state.view.replicas.get('WEB')?.get(routerId(HONEST))?.announcement.sequence.counter ?? 0;
  const delays: number[] = [];
  let [flooded, said] = [0, 0];
  let saidMs = 0;
  let handled = Promise.resolve();
  let settle = () => {};
  /** After each event: the announcement that is waited for may have been it. */
  const noteHonest = () => {
    if (delays.length === said || heard() < said) return;
    delays.push(performance.now() - saidMs);
    settle();
  };
  let mostWaiting = 0;
  const queue = new EventQueue<Event>(function* (event, next) {
    yield* engine.steps(event, performance.now(), next);
    noteHonest();
  });
  const push = (event: Event) => {
    queue.push(event);
    mostWaiting = Math.max(mostWaiting, queue.length);
  };
  const transport = new OspfTransport({
    port: client,
    cluster: 'default',
    store: new MemoryGenerationStore(),
    notice: () => {},
    isBusy: () => queue.length >= ENOUGH_EVENTS,
  });
  const begin = { definitions: [], persistedServices: new Map(), unixSeconds: 1 };
  push({ type: 'begin', ...begin, persistedNode: { epoch: 0, standby: false, issuers: [] } });
  const synced = new Promise<void>((resolve) => {
    transport.start((event) => {
      push(event);
      if (event.type === 'synced') resolve();
    });
  });
  await synced;
  const flood = (
    kind: 'lsa-update' | 'lsa-delete',
    origin: Ipv4,
    lsaId: string,
    sequenceNumber: number,
    said: Announcement,
  ) => {
    const { header, ...rest } = lsaNotification(kind, {
      advertisingRouter: origin,
      linkStateId: address(lsaId),
      sequenceNumber,
    });
    const body = encodeBody(said, 'default');
    ospfd.client.notify({ ...rest, body, header: { ...header, length: 20 + body.length } });
  };
  const keyOf = (number: number) => `222.0.${2 + Math.floor((number % KEYS) / 250)}.${(number % KEYS) % 250}`;
  const storm = (number: number) =>
    serviceAnnouncement(number + 1, `STORM${number % NAMES}`, { kind: 'resource', addresses: [] });

  const before = usedMegabytes();
  const begunMs = performance.now();
  while (performance.now() < begunMs + SECONDS * 1000) {
    const due = Math.min(flooded + AT_ONCE, Math.floor(((performance.now() - begunMs) / 1000) * PER_SECOND));
    for (; flooded < due; flooded++) {
      const old = flooded - KEYS;
      if (old >= 0) flood('lsa-delete', FLOODER, keyOf(old), 1 + Math.floor(old / KEYS), storm(old));
      flood('lsa-update', FLOODER, keyOf(flooded), 1 + Math.floor(flooded / KEYS), storm(flooded));
    }
    if (delays.length === said && performance.now() > saidMs + HONEST_EVERY_MS) {
      said++;
      saidMs = performance.now();
      handled = new Promise((resolve) => {
        settle = resolve;
      });
      flood('lsa-update', HONEST, '222.0.0.7', said, serviceAnnouncement(said));
    }
    await sleep(5);
  }
  await handled;
  const peak = usedMegabytes();
  for (let number = Math.max(0, flooded - KEYS); number < flooded; number++) {
    flood('lsa-delete', FLOODER, keyOf(number), 1 + Math.floor(number / KEYS), storm(number));
  }
  await expect.poll(() => client.lsdb.list({ advertisingRouter: FLOODER }).length, { timeout: 60_000 }).toBe(0);
  await expect.poll(() => queue.length, { timeout: 60_000 }).toBe(0);
  const after = usedMegabytes();
  console.log(
    `${flooded} LSAs in ${SECONDS} s; of ${said} announcements of another node the slowest was handled after ${Math.max(...delays).toFixed(0)} ms; ` +
      `${mostWaiting} events waited at most; ${before} MB before, ${peak} MB at the end of the flood, ${after} MB after it was flushed`,
  );
  expect(delays.length).toBeGreaterThan(0);
  expect(Math.max(...delays)).toBeLessThan(WITHIN_MS);
  expect(mostWaiting).toBeLessThan(1_000);
  expect(after - before).toBeLessThan(20);
  await transport.stop();
  await ospfd.die();
});

function usedMegabytes(): number {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  return Math.round(process.memoryUsage().heapUsed / MEGABYTE);
}
