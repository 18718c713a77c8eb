import { expect, test } from 'vitest';
import type { AlertConfiguration } from '../config/index.js';
import type { ClusterEvent } from '../events/index.js';
import { isFor, severityOf } from './severity.js';

const EVENT: ClusterEvent = {
  ...{
    seq: 1,
    at: '',
    node: '10.0.0.1',
    kind: 'state',
    service: 'WEB',
    from: null,
    to: null,
    operator: null,
    text: '',
  },
};

test.each([
  [{ kind: 'failure', to: 'active/failed' }, 'critical'],
  [{ kind: 'failure' }, 'warning'],
  [{ kind: 'lease' }, 'critical'],
  [{ kind: 'member', to: 'unreachable' }, 'critical'],
  [{ kind: 'member', to: 'silent' }, 'critical'],
  [{ kind: 'member', to: 'left' }, 'warning'],
  [{ kind: 'member', from: 'silent' }, 'info'],
  [{ kind: 'node', to: 'isolated' }, 'critical'],
  [{ kind: 'state', from: 'active/started', to: null }, 'warning'],
  [{ kind: 'state', from: 'active/starting', to: 'active/started' }, 'info'],
  [{ kind: 'command' }, 'info'],
] as const)('%j is %s', (change, severity) => {
  expect(severityOf({ ...EVENT, ...change })).toBe(severity);
});

test('an alert is for its kinds, from its severity on', () => {
  const alert: AlertConfiguration = {
    name: 'a',
    kinds: ['lease'],
    severity: 'warning',
    by: { type: 'command', argv: ['/x'] },
  };
  expect(isFor(alert, { ...EVENT, kind: 'lease' })).toBe(true);
  expect(isFor(alert, { ...EVENT, kind: 'failure' })).toBe(false);
  expect(isFor({ ...alert, kinds: null }, { ...EVENT, kind: 'failure' })).toBe(true);
  expect(isFor({ ...alert, kinds: null }, { ...EVENT, kind: 'command' })).toBe(false);
});
