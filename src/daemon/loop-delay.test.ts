import { afterEach, expect, test, vi } from 'vitest';
import { LoopDelay } from './loop-delay.js';

afterEach(() => vi.useRealTimers());

test('a lone block that begins with an event is seen whole, and at rest the loop is looked at once a second', () => {
  vi.useFakeTimers();
  const armed = vi.spyOn(globalThis, 'setTimeout');
  const delay = new LoopDelay();
  vi.advanceTimersByTime(10_000);
  expect(armed.mock.calls.length).toBeLessThanOrEqual(11);
  expect(delay.worstMs()).toBe(0);
  delay.stirred();
  vi.advanceTimersByTime(120);
  delay.stirred();
  // Busy for 300 ms: no timer comes to its turn meanwhile.
  vi.setSystemTime(Date.now() + 300);
  const before = performance.now();
  vi.spyOn(performance, 'now').mockImplementation(() => before + 300);
  vi.advanceTimersByTime(50);
  expect(delay.worstMs()).toBeGreaterThanOrEqual(250);
  delay.stop();
  expect(vi.getTimerCount()).toBe(0);
});
