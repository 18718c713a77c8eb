import { expect, test } from 'vitest';
import { TEST_STATUS, testControl, testSocketServer } from './testing.js';

test('between any two requests the event loop makes a turn', async () => {
  let turn = 0;
  const turnsOfRequests: number[] = [];
  const control = testControl(() => {
    turnsOfRequests.push(turn);
    return TEST_STATUS;
  });
  const api = testSocketServer({ control });
  await api.ready();
  let isCounting = true;
  const count = () => {
    turn += 1;
    if (isCounting) setImmediate(count);
  };
  count();
  const answers = await Promise.all(Array.from({ length: 50 }, () => api.inject('/api/v1/status')));
  isCounting = false;
  expect(answers.every(({ statusCode }) => statusCode === 200)).toBe(true);
  expect(new Set(turnsOfRequests).size).toBe(50);
  await api.close();
});

test('there is an end to how many wait', async () => {
  const api = testSocketServer();
  await api.ready();
  const answers = await Promise.all(Array.from({ length: 1000 }, () => api.inject('/api/v1/session')));
  const codes = new Set(answers.map(({ statusCode }) => statusCode));
  expect(codes).toEqual(new Set([200, 503]));
  await api.close();
});
