import { expect, test } from 'vitest';
import type { ClusterEvent, EventFilter, EventQuery } from '../../events/index.js';
import { testSocketServer } from '../testing.js';
import type { EventsPort } from './events.js';

const MOVED: ClusterEvent = {
  seq: 7,
  at: '2026-01-02T03:04:05.678Z',
  node: '10.0.0.1',
  kind: 'command',
  service: 'WEB',
  from: null,
  to: null,
  operator: 'local',
  text: 'move by local: alpha takes WEB over with claim 2',
};

function world() {
  const asked: EventQuery[] = [];
  const exported: EventFilter[] = [];
  const events: EventsPort = {
    query: async (query) => {
      asked.push(query);
      return [MOVED];
    },
    lines: async function* (filter) {
      exported.push(filter);
      yield `${JSON.stringify({ ...MOVED, seq: 6 })}\n`;
      yield `${JSON.stringify(MOVED)}\n`;
    },
  };
  return { asked, exported, api: testSocketServer({ events }) };
}

test('events are asked for by page and filter', async () => {
  const { asked, api } = world();
  const url = '/api/v1/events?before=8&limit=2&service=WEB&node=10.0.0.1&kind=command&text=move';
  const answer = await api.inject({ method: 'GET', url });
  expect([answer.statusCode, answer.json()]).toEqual([200, { events: [MOVED] }]);
  expect(asked).toEqual([{ before: 8, limit: 2, service: 'WEB', node: '10.0.0.1', kind: 'command', text: 'move' }]);
});

test.each(['limit=0', 'limit=1001', 'before=x', 'kind=gossip', 'servise=WEB'])('%s is refused', async (query) => {
  const { asked, api } = world();
  const answer = await api.inject({ method: 'GET', url: `/api/v1/events?${query}` });
  expect([answer.statusCode, answer.json()]).toEqual([
    400,
    { error: expect.stringMatching(/^query/), code: 'not-understood' },
  ]);
  expect(asked).toEqual([]);
});

test('the export is JSON lines, oldest first', async () => {
  const { api } = world();
  const answer = await api.inject({ method: 'GET', url: '/api/v1/events.jsonl' });
  expect(answer.headers['content-type']).toContain('application/x-ndjson');
  expect(
    answer.body
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line).seq),
  ).toEqual([6, 7]);
});

test('the export takes the filters of the list', async () => {
  const { api, exported } = world();
  await api.inject({ method: 'GET', url: '/api/v1/events.jsonl?service=WEB&node=10.0.0.1&kind=command&text=move' });
  expect(exported).toEqual([{ service: 'WEB', node: '10.0.0.1', kind: 'command', text: 'move' }]);
});

test.each(['limit=5', 'kind=gossip', 'servise=WEB'])('an export with %s is refused', async (query) => {
  const { api, exported } = world();
  const answer = await api.inject({ method: 'GET', url: `/api/v1/events.jsonl?${query}` });
  expect([answer.statusCode, answer.json()]).toEqual([
    400,
    { error: expect.stringMatching(/^query/), code: 'not-understood' },
  ]);
  expect(exported).toEqual([]);
});
