import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ClusterEvent } from '../../events/index.js';
import { eventAt } from '../../events/testing.js';
import { TEST_STATUS, testSocketServer } from '../testing.js';

const NOW = Date.UTC(2026, 0, 2, 12);

beforeEach(() => {
  vi.useFakeTimers({ now: NOW, toFake: ['Date'] });
});

afterEach(() => {
  vi.useRealTimers();
});

function hoursAgo(hours: number, event: Partial<ClusterEvent>): string {
  return `${JSON.stringify(eventAt(NOW - hours * 3_600_000, { node: '10.0.0.1', service: 'WEB', ...event }))}\n`;
}

/** `readable`: when the events can be read. */
function server(readable = Promise.resolve()) {
  let read = 0;
  const api = testSocketServer({
    control: {
      status: () => JSON.stringify(TEST_STATUS),
      service: () => undefined,
      command: async () => ({ outcome: 'done', text: '' }),
      simulate: () => '',
    },
    events: {
      query: async () => [],
      lines: async function* () {
        read += 1;
        await readable;
        yield hoursAgo(30, { to: 'active/started', text: 'started' }) +
          hoursAgo(6, { from: 'active/started', to: null, text: 'gone' });
        yield hoursAgo(3, { node: '10.0.0.2', to: 'active/started', text: 'started again' });
      },
    },
  });
  return { api, reads: () => read };
}

test('says who had each service in the last 24 hours', async () => {
  const answer = await server().api.inject({ method: 'GET', url: '/api/v1/availability' });
  expect(answer.json()).toEqual({
    since: '2026-01-01T12:00:00.000Z',
    until: '2026-01-02T12:00:00.000Z',
    services: [
      {
        service: 'WEB',
        share: 21 / 24,
        spans: [
          {
            from: '2026-01-01T12:00:00.000Z',
            until: '2026-01-02T06:00:00.000Z',
            owner: '10.0.0.1',
            cause: null,
            text: 'started',
          },
          {
            from: '2026-01-02T06:00:00.000Z',
            until: '2026-01-02T09:00:00.000Z',
            owner: null,
            cause: 'daemon-lost',
            text: 'gone',
          },
          {
            from: '2026-01-02T09:00:00.000Z',
            until: '2026-01-02T12:00:00.000Z',
            owner: '10.0.0.2',
            cause: null,
            text: 'started again',
          },
        ],
      },
    ],
  });
});

test('or in so many as are asked for', async () => {
  const answer = await server().api.inject({ method: 'GET', url: '/api/v1/availability?hours=2' });
  expect(answer.json()).toMatchObject({ services: [{ share: 1, spans: [{ owner: '10.0.0.2' }] }] });
});

test.each(['hours=0', 'hours=721', 'hours=x', 'days=1'])('%s is refused', async (query) => {
  const answer = await server().api.inject({ method: 'GET', url: `/api/v1/availability?${query}` });
  expect(answer.statusCode).toBe(400);
});

test('who asks while an answer is made gets the same', async () => {
  let open = () => {};
  const { api, reads } = server(new Promise((resolve) => (open = resolve)));
  const url = '/api/v1/availability';
  const asked = Array.from({ length: 20 }, () => api.inject({ method: 'GET', url }));
  await vi.waitFor(() => expect(reads()).toBe(1), { timeout: 60_000, interval: 5 });
  // Whoever has asked by now waits.
  await api.inject({ method: 'GET', url: '/api/v1/session' });
  open();
  const answers = await Promise.all(asked);
  expect(new Set(answers.map(({ body }) => body)).size).toBe(1);
  expect(reads()).toBe(1);
});
