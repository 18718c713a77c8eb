import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Shutdown } from './shutdown.js';

let lines: string[];
let waitingFor: string[];
let begun: number;
let shutdown: Shutdown;

beforeEach(() => {
  vi.useFakeTimers();
  lines = [];
  waitingFor = ['WEB'];
  begun = 0;
  const write = (_fields: object, text: string) => lines.push(text);
  shutdown = new Shutdown({
    begin: () => {
      begun += 1;
    },
    waitingFor: () => waitingFor,
    limitMs: () => 60_000,
    log: { info: write, warn: write, error: write },
  });
});

afterEach(() => {
  vi.useRealTimers();
});

test('a signal stops everything and ends when the core has finished', async () => {
  shutdown.request('SIGTERM');
  expect([begun, shutdown.begun]).toEqual([1, true]);
  shutdown.finished();
  expect(await shutdown.result).toBe('finished');
  expect(vi.getTimerCount()).toBe(0);
});

test('while it waits the log says for what', () => {
  shutdown.request('SIGTERM');
  vi.advanceTimersByTime(5_000);
  waitingFor = [];
  vi.advanceTimersByTime(5_000);
  expect(lines.slice(1)).toEqual(['ending: waiting for WEB', 'ending: waiting for the last announcements']);
});

test('a second signal ends at once', async () => {
  shutdown.request('SIGTERM');
  shutdown.request('SIGINT');
  expect(await shutdown.result).toBe('insisted');
  expect(begun).toBe(1);
});

test('a stop that never ends does not keep the daemon for ever', async () => {
  shutdown.request('SIGTERM');
  vi.advanceTimersByTime(60_000);
  expect(await shutdown.result).toBe('took-too-long');
  expect(lines.at(-1)).toBe('ending without WEB: the time is over');
});
