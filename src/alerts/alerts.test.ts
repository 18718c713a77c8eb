import { expect, test } from 'vitest';
import { Alerts } from './alerts.js';
import type { AlertState } from './thread/messages.js';

test('a target is a problem as long as it takes nothing, not for ever', () => {
  const state: AlertState = { name: 'ops', waiting: 2, sent: 0, failed: 9, dropped: 3, trouble: 'no such host' };
  const alerts = (now: AlertState) =>
    new Alerts({
      alerts: [],
      thread: { post: () => {}, states: () => [now], close: async () => {} },
      self: () => null,
      present: () => ({ self: null, others: [] }),
    });
  expect(alerts(state).problems()).toEqual([
    'alert ops: 2 wait and 3 were dropped since the start; the last attempt failed: no such host',
  ]);
  expect(alerts({ ...state, waiting: 0, sent: 1, trouble: null }).problems()).toEqual([]);
});
