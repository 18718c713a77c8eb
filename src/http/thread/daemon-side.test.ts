import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ClusterEvent } from '../../events/index.js';
import type { ApiPorts } from '../server.js';
import { SILENT, TEST_STATUS, TestLive, testControl, testPorts } from '../testing.js';
import { MAX_EVENTS_WAITING, serveWebThread } from './daemon-side.js';
import type { Channel, ToDaemon, ToWeb } from './messages.js';
import { DaemonPorts, MAX_ASKED } from './web-side.js';

let channel: MessageChannel;
let live: TestLive;
let end: () => void;

beforeEach(() => {
  channel = new MessageChannel();
  live = new TestLive(() => TEST_STATUS);
});

afterEach(() => {
  end();
  channel.port1.close();
});

/** Both ends, in this thread. */
function connect(change: Partial<ApiPorts> = {}): ApiPorts {
  const daemonEnd: Channel<ToWeb, ToDaemon> = over(channel.port1);
  end = serveWebThread(daemonEnd, testPorts({ live: live.live, ...change }), SILENT, () => {});
  const webEnd: Channel<ToDaemon, ToWeb> = over(channel.port2);
  const daemon = new DaemonPorts(webEnd);
  webEnd.receive((message) => daemon.receive(message));
  return daemon.ports('1.2.3', (error) => {
    throw error;
  });
}

function over<Sent, Received>(port: MessagePort): Channel<Sent, Received> {
  return { send: (message) => port.postMessage(message), receive: (listener) => void port.on('message', listener) };
}

test('of many questions the daemon answers one in a turn of its event loop', async () => {
  let turn = 0;
  let isCounting = true;
  const count = () => {
    turn += 1;
    if (isCounting) setImmediate(count);
  };
  count();
  const turns: number[] = [];
  const simulate = () => {
    turns.push(turn);
    return [];
  };
  const { control } = connect({ control: testControl(() => TEST_STATUS, { simulate }) });
  await Promise.all(Array.from({ length: 50 }, () => control.simulate({ change: 'lose', node: 'beta' })));
  isCounting = false;
  expect(new Set(turns).size).toBe(50);
});

test('there is an end to how many questions wait', async () => {
  const { control } = connect();
  const asked = await Promise.allSettled(
    Array.from({ length: MAX_ASKED + 1 }, () => control.simulate({ change: 'lose', node: 'beta' })),
  );
  expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(MAX_ASKED);
  expect(asked.at(-1)).toMatchObject({ reason: { statusCode: 503, message: expect.stringContaining('try again') } });
});

test('lists come a part at a time, and one that nobody reads on is closed', async () => {
  let isClosed = false;
  const list: ApiPorts['lsdb']['list'] = async function* () {
    try {
      for (let seconds = 0; seconds < 1000; seconds++) {
        yield { head: { generatedAt: String(seconds), routerId: null, notes: [] }, lsas: [] };
      }
    } finally {
      isClosed = true;
    }
  };
  const { lsdb } = connect({ lsdb: { ...testPorts().lsdb, list } });
  const seen: string[] = [];
  for await (const { head } of lsdb.list()) {
    seen.push(head.generatedAt);
    if (seen.length === 3) break;
  }
  expect([seen, isClosed]).toEqual([['0', '1', '2'], true]);
});

test('when too many events are not taken, the web thread is told that some are lost, and told on', async () => {
  const { live: told } = connect();
  const events: number[] = [];
  let losses = 0;
  const stop = told.watchEvents(
    ({ seq }) => void events.push(seq),
    () => {
      losses += 1;
    },
  );
  await expect.poll(() => live.watchers).toBe(1);
  for (let seq = 1; seq <= MAX_EVENTS_WAITING + 10; seq++) live.publish({ seq } as ClusterEvent);
  await expect.poll(() => losses).toBe(1);
  live.publish({ seq: 5000 } as ClusterEvent);
  await expect.poll(() => events.at(-1)).toBe(5000);
  expect(events).toHaveLength(MAX_EVENTS_WAITING + 1);
  stop();
  await expect.poll(() => live.watchers).toBe(0);
});

test('those who watch the LSDB are told all of one watch of the daemon’s', async () => {
  let watches = 0;
  const subscribe: ApiPorts['lsdb']['subscribe'] = (listener) => {
    watches += 1;
    listener({
      generatedAt: '',
      routerId: '10.0.0.1',
      notes: [],
      reset: true,
      upserted: [{ ...LSA, age: 7 }],
      removed: [],
    });
    return () => {
      watches -= 1;
    };
  };
  const { lsdb } = connect({ lsdb: { ...testPorts().lsdb, subscribe } });
  const seen: (readonly [string, number, string[]])[] = [];
  const note = (who: string) =>
    lsdb.subscribe(({ upserted }) => {
      for (const { id, age } of upserted) seen.push([who, age, [id]]);
    });
  const first = note('first');
  await expect.poll(() => seen.length).toBe(1);
  const second = note('second');
  await expect.poll(() => seen.length).toBe(2);
  expect(seen.map(([who, , ids]) => [who, ids])).toEqual([
    ['first', [LSA.id]],
    ['second', [LSA.id]],
  ]);
  expect(watches).toBe(1);
  first();
  second();
  await expect.poll(() => watches).toBe(0);
});

const LSA = {
  ...{ id: '1_0.0.0.0_10.0.0.1_10.0.0.1', type: 1, typeName: 'router', opaqueType: null, linkStateId: '10.0.0.1' },
  ...{ advertisingRouter: '10.0.0.1', area: '0.0.0.0', link: null, own: true, age: 0, sequence: '0x80000001' },
  ...{ checksum: '0x0000', length: 36, words: 'a router' },
};
