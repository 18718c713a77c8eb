import { expect, it } from 'vitest';
import { routerId } from '../../model/router-id.js';
import { type Timer, timerKey } from './timer.js';

it('timers of different kinds, services, groups, nodes and commands run beside each other', () => {
  const timers: Timer[] = [
    { kind: 'join' },
    { kind: 'command-expires', nonce: 1 },
    { kind: 'command-expires', nonce: 2 },
    { kind: 'quiet', node: routerId(1) },
    { kind: 'quiet', node: routerId(2) },
    { kind: 'idle', group: 'WEB', node: routerId(1) },
    { kind: 'takeover', service: 'WEB', node: routerId(1) },
    { kind: 'takeover', service: 'WEB', node: routerId(2) },
    { kind: 'check', service: 'WEB' },
    { kind: 'check', service: 'DB' },
  ];
  expect(new Set(timers.map(timerKey)).size).toBe(timers.length);
  expect(timerKey({ node: routerId(1), service: 'WEB', kind: 'takeover' })).toBe(
    timerKey({ kind: 'takeover', service: 'WEB', node: routerId(1) }),
  );
});
