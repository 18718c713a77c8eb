import { Server, Socket } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Admission, BURST, PER_SECOND } from './admission.js';
import { ROOM } from './connections.js';

let nextPort = 1;

class TestSocket extends Socket {
  override readonly remotePort = nextPort++;
  constructor(override readonly remoteAddress: string) {
    super();
  }
}

let server: Server;
let admission: Admission;
let begun: string[];

beforeEach(() => {
  vi.useFakeTimers();
  begun = [];
  server = new Server((socket) => void begun.push(socket.remoteAddress ?? ''));
  admission = new Admission(server, true);
});

afterEach(() => {
  admission.close();
  vi.useRealTimers();
});

function arrive(address: string): TestSocket {
  const socket = new TestSocket(address);
  server.emit('connection', socket);
  return socket;
}

test('a few begin at once, a crowd one after the other', async () => {
  for (let index = 0; index < 100; index++) arrive('10.0.0.1');
  expect(begun).toHaveLength(BURST);
  await vi.advanceTimersByTimeAsync(1000);
  expect(begun.length).toBeGreaterThan(BURST + PER_SECOND * 0.8);
  expect(begun.length).toBeLessThanOrEqual(BURST + PER_SECOND + 1);
  await vi.advanceTimersByTimeAsync(2000);
  expect(begun).toHaveLength(100);
});

test('who comes from another address does not wait for a crowd', async () => {
  for (let index = 0; index < 100; index++) arrive('10.0.0.1');
  arrive('10.0.0.2');
  await vi.advanceTimersByTimeAsync(100);
  expect(begun).toContain('10.0.0.2');
});

test('more than there is room for are closed, and those that leave make room', async () => {
  const many = Array.from({ length: ROOM.strangers.oneAddress + 1 }, () => arrive('10.0.0.1'));
  expect(many.at(-1)?.destroyed).toBe(true);
  expect(many.at(-2)?.destroyed).toBe(false);
  many.at(-2)?.destroy();
  await vi.advanceTimersByTimeAsync(0);
  expect(arrive('10.0.0.1').destroyed).toBe(false);
});

test('a few addresses that take all the room do not keep the others out', async () => {
  const crowd = Array.from({ length: 1_200 }, (_, index) => arrive(`10.0.1.${index % 6}`));
  expect(crowd.filter(({ destroyed }) => !destroyed)).toHaveLength(ROOM.strangers.all);
  const other = arrive('10.0.0.2');
  await vi.advanceTimersByTimeAsync(1_000);
  expect(begun).toContain('10.0.0.2');
  for (let index = 0; index < 500; index++) arrive(`10.0.1.${index % 6}`);
  expect(other.destroyed).toBe(false);
});

test('closing ends those that wait and those that have begun', () => {
  const all = Array.from({ length: 20 }, () => arrive('10.0.0.1'));
  admission.close();
  expect([...all, arrive('10.0.0.2')].every(({ destroyed }) => destroyed)).toBe(true);
});
