import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ServiceStatus } from '../../cluster/index.js';
import type { ClusterEvent } from '../../events/index.js';
import { TEST_STATUS } from '../testing.js';
import { MAX_STREAMS, MAX_STREAMS_OF_ONE, MAX_WAITING_BYTES, type Sink, StreamHub } from './hub.js';
import type { Tell } from './status-change.js';
import { StatusWatch } from './status-watch.js';
import { COALESCE_MS } from './watcher.js';

interface Told {
  readonly event: string;
  readonly data: {
    readonly complete: boolean;
    readonly services: readonly ServiceStatus[];
    readonly removed: readonly string[];
  };
}

class TestSink implements Sink {
  readonly texts: string[] = [];
  unread = 0;
  isCut = false;
  write(text: string | Uint8Array): void {
    this.texts.push(Buffer.from(text).toString());
  }
  waiting(): number {
    return this.unread;
  }
  cut(): void {
    this.isCut = true;
  }
  told(): Told[] {
    return this.texts.flatMap((text) => {
      const match = /^event: (\w+)\ndata: (.*)\n\n$/.exec(text);
      return match === null ? [] : [{ event: match[1] ?? '', data: JSON.parse(match[2] ?? '') }];
    });
  }
}

const [WEB] = TEST_STATUS.services as [ServiceStatus];
let services: ServiceStatus[];
let looks: number;
let hub: StreamHub;
let watch: StatusWatch;
let tellEvent: (event: ClusterEvent) => void;
let lose: () => void;

beforeEach(() => {
  vi.useFakeTimers();
  services = [WEB, { ...WEB, name: 'DISK' }];
  looks = 0;
  const source = {
    head: () => {
      looks += 1;
      return {
        node: TEST_STATUS.node,
        ospf: TEST_STATUS.ospf,
        nodes: [],
        ending: null,
        problems: [],
        duplicateRouterIds: [],
      };
    },
    serviceNames: () => services.map(({ name }) => name),
    service: (wanted: string) => services.find(({ name }) => name === wanted),
  };
  const onError = (error: unknown) => {
    throw error;
  };
  watch = new StatusWatch(source, { onError });
  const port = {
    watchStatus: (tell: Tell) => watch.watch(tell),
    watchEvents: (tell: typeof tellEvent, lost: () => void) => {
      tellEvent = tell;
      lose = lost;
      return () => {};
    },
  };
  hub = new StreamHub(port, onError);
});

afterEach(() => {
  hub.close();
  vi.useRealTimers();
});

function open(): TestSink {
  const sink = new TestSink();
  hub.open(sink, 'anna');
  return sink;
}

const passed = (ms: number) => vi.advanceTimersByTimeAsync(ms);

function change(name: string, owner: string): void {
  services = services.map((service) => (service.name === name ? { ...service, owner } : service));
  watch.changed();
}

test('the first event is complete, later ones have what has changed', async () => {
  const sink = open();
  await passed(0);
  change('WEB', '10.0.0.2');
  await passed(COALESCE_MS);
  services = services.filter(({ name }) => name !== 'DISK');
  watch.changed();
  await passed(COALESCE_MS);
  const told = sink.told().map(({ data }) => data);
  expect(told.map(({ complete }) => complete)).toEqual([true, false, false]);
  expect(told.map((data) => data.services.map(({ name, owner }) => `${name} ${owner}`))).toEqual([
    ['DISK null', 'WEB null'],
    ['WEB 10.0.0.2'],
    [],
  ]);
  expect(told.map(({ removed }) => removed)).toEqual([[], [], ['DISK']]);
});

test('many changes at once are one event, and no change is none', async () => {
  const sink = open();
  await passed(0);
  for (let index = 0; index < 100; index++) change('WEB', `10.0.0.${index}`);
  await passed(COALESCE_MS - 1);
  expect(sink.told()).toHaveLength(1);
  await passed(1);
  expect(sink.told()).toHaveLength(2);
  watch.changed();
  await passed(1000);
  expect(sink.told()).toHaveLength(2);
});

test('a change after a quiet time is told at once', async () => {
  const sink = open();
  await passed(1000);
  change('WEB', '10.0.0.2');
  await passed(0);
  expect(sink.told()).toHaveLength(2);
});

test('nothing is computed while nobody listens', async () => {
  change('WEB', '10.0.0.2');
  await passed(1000);
  expect(looks).toBe(0);
  const sink = new TestSink();
  const subscription = hub.open(sink, 'anna');
  await passed(0);
  subscription?.close();
  const before = looks;
  change('WEB', '10.0.0.3');
  await passed(1000);
  expect([looks, hub.listeners, vi.getTimerCount()]).toEqual([before, 0, 0]);
});

test('who comes later gets the whole as it is then, and all go on with the same', async () => {
  const first = open();
  await passed(0);
  change('WEB', '10.0.0.2');
  await passed(COALESCE_MS);
  const second = open();
  await passed(0);
  expect(second.told()[0]?.data.services.map(({ owner }) => owner)).toEqual([null, '10.0.0.2']);
  change('DISK', '10.0.0.3');
  await passed(COALESCE_MS);
  expect(second.told().at(-1)).toEqual(first.told().at(-1));
});

test('events are told as they come', async () => {
  const sink = open();
  tellEvent({ seq: 1 } as ClusterEvent);
  await passed(0);
  expect(sink.told().map(({ event }) => event)).toEqual(['event', 'status']);
});

test('when events are lost all streams end, so that they begin anew', async () => {
  const sink = open();
  await passed(0);
  lose();
  expect([sink.isCut, hub.listeners]).toEqual([true, 0]);
});

test('a comment every 10 s shows that the connection lives', async () => {
  const sink = open();
  await passed(25_000);
  expect(sink.texts.filter((text) => text === ':\n\n')).toHaveLength(2);
});

test('a listener that lets too much wait is cut, and the others are not', async () => {
  const slow = open();
  const good = open();
  await passed(0);
  slow.unread = 2 * MAX_WAITING_BYTES;
  change('WEB', '10.0.0.2');
  await passed(COALESCE_MS);
  expect([slow.isCut, good.isCut, hub.listeners]).toEqual([true, false, 1]);
  expect(good.told()).toHaveLength(2);
});

test('a listener that takes nothing for half a minute is cut', async () => {
  const stuck = open();
  const good = open();
  stuck.unread = 1;
  await passed(30_000);
  expect([stuck.isCut, good.isCut]).toEqual([true, false]);
});

test('there is an end to how many listen', () => {
  const openFor = (who: string) => hub.open(new TestSink(), who);
  for (let index = 0; index < MAX_STREAMS_OF_ONE; index++) expect(openFor('anna')).toBeDefined();
  expect([openFor('anna'), hub.obstacle('anna')]).toEqual([undefined, expect.stringContaining('of yours')]);
  for (let index = MAX_STREAMS_OF_ONE; index < MAX_STREAMS; index++) expect(openFor(`other ${index}`)).toBeDefined();
  expect([openFor('vera'), hub.obstacle('vera')]).toEqual([undefined, expect.stringContaining('400 streams')]);
  hub.close();
  expect(hub.listeners).toBe(0);
});
