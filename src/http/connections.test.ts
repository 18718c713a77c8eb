import { Socket } from 'node:net';
import { beforeEach, expect, test } from 'vitest';
import { Connections } from './connections.js';

const ROOM = { strangers: { all: 6, oneAddress: 4 }, holders: { all: 8, oneAddress: 5 } };

let nextPort = 1;

class TestSocket extends Socket {
  override readonly remotePort = nextPort++;
  constructor(override readonly remoteAddress: string) {
    super();
    this.once('close', () => connections.delete(this));
  }
}

let connections: Connections;

beforeEach(() => {
  connections = new Connections(ROOM);
});

/** Those that there is room for, of so many. */
function strangers(address: string, count: number): TestSocket[] {
  return Array.from({ length: count }, () => new TestSocket(address)).filter((socket) => connections.add(socket));
}

function holders(address: string, count: number): TestSocket[] {
  return strangers(address, count).filter((socket) => connections.becomesHolder(socket));
}

/** As TLS does: an object of its own, with the same other end. */
function tlsOf({ remoteAddress, remotePort }: TestSocket): Socket {
  return { remoteAddress, remotePort } as Socket;
}

const open = (sockets: readonly Socket[]) => sockets.filter(({ destroyed }) => !destroyed).length;

test('one address gets no more than its share', () => {
  expect(strangers('a', 10)).toHaveLength(4);
});

test('strangers leave room for holders, whatever they do', () => {
  strangers('a', 10);
  strangers('b', 10);
  const known = holders('c', 1);
  expect([known.length, open(known)]).toEqual([1, 1]);
});

test('when strangers are too many, the last one of the address that has most goes', () => {
  const first = strangers('a', 4);
  strangers('b', 2);
  expect(strangers('c', 1)).toHaveLength(1);
  expect(first.map(({ destroyed }) => destroyed)).toEqual([false, false, false, true]);
});

test('who has as many as any other stays outside', () => {
  const before = [...strangers('a', 2), ...strangers('b', 2), ...strangers('c', 2)];
  expect(strangers('c', 1)).toEqual([]);
  expect(open(before)).toBe(6);
});

test('when holders are too many, the one goes that has asked for nothing for longest, of the address that has most', () => {
  const [busy, ...idle] = holders('a', 4);
  const others = [...holders('b', 2), ...holders('c', 2)];
  connections.requestBegins(tlsOf(busy!));
  connections.requestBegins(tlsOf(idle[0]!));
  connections.requestEnds(tlsOf(idle[0]!));
  expect(holders('d', 1)).toHaveLength(1);
  expect([busy, ...idle].map((socket) => socket?.destroyed)).toEqual([false, false, true, false]);
  expect(open(others)).toBe(4);
});

test('who is busy everywhere is not interrupted by a newcomer', () => {
  const all = [...holders('a', 4), ...holders('b', 4)];
  for (const socket of all) connections.requestBegins(tlsOf(socket));
  expect(holders('c', 1)).toEqual([]);
  expect(open(all)).toBe(8);
});

test('an address that has its share of holders gives up its own idle one, and nobody else’s', () => {
  const own = holders('a', 4);
  holders('b', 2);
  own.push(...holders('a', 2));
  expect(open(own)).toBe(5);
  expect(own[0]?.destroyed).toBe(true);
});
