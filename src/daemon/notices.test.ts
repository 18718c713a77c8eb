import { expect, test } from 'vitest';
import { parseRouterId } from '../model/index.js';
import { logNotices } from './notices.js';

test('an ospfd that stays away is told once a minute, a new reason at once', () => {
  const lines: string[] = [];
  let now = 0;
  const write = (_fields: object, text: string) => lines.push(text);
  const notice = logNotices({ info: write, warn: write, error: write }, () => now);
  for (now = 0; now < 120_000; now += 1_000) notice({ type: 'connect-failed', reason: 'refused', retryInMs: 1_000 });
  notice({ type: 'connect-failed', reason: 'timed out', retryInMs: 1_000 });
  expect(lines).toHaveLength(3);
  expect(lines[2]).toContain('timed out');
});

test('a foreign announcement names its router', () => {
  const lines: [object, string][] = [];
  const write = (fields: object, text: string) => lines.push([fields, text]);
  const origin = parseRouterId('10.9.9.9')!;
  logNotices({ info: write, warn: write, error: write })({
    type: 'malformed',
    origin,
    lsaId: '222.1.2.3',
    reason: 'cut short',
  });
  expect(lines).toEqual([
    [{ origin: '10.9.9.9', lsaId: '222.1.2.3' }, expect.stringMatching(/^10\.9\.9\.9 floods .*: cut short; /)],
  ]);
});
