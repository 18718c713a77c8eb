import { expect, test } from 'vitest';
import { EventParser } from './event-parser.js';

function read(...pieces: string[]): [string, string][] {
  const events: [string, string][] = [];
  const parser = new EventParser((name, data) => events.push([name, data]));
  for (const piece of pieces) parser.push(piece);
  return events;
}

test('an event has the name and the data that were sent', () => {
  expect(read('event: status\ndata: {"a":1}\n\n')).toEqual([['status', '{"a":1}']]);
});

test('events may be cut into pieces anywhere', () => {
  const text = 'event: status\r\ndata: one\r\ndata: two\r\n\r\n: heartbeat\n\ndata: three\n\n';
  for (let at = 1; at < text.length; at++) {
    expect(read(text.slice(0, at), text.slice(at))).toEqual([
      ['status', 'one\ntwo'],
      ['message', 'three'],
    ]);
  }
});

test('heartbeats and half an event are no events', () => {
  expect(read(': still here\n\n', 'event: status\ndata: half')).toEqual([]);
});
