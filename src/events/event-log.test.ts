import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Happening, routerId } from '../model/index.js';
import { EventLog, type EventLogOptions } from './event-log.js';
import type { EventFilter } from './filter.js';

const STARTED: Happening = {
  kind: 'state',
  node: routerId(0x0a000001),
  service: 'WEB',
  from: 'active/starting',
  to: 'active/started',
  operator: null,
  text: 'active/starting -> active/started',
};

let folder: string;
let warnings: string[];
let logs: EventLog[];

beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'srrd-events-')), 'events');
  warnings = [];
  logs = [];
});

afterEach(async () => {
  for (const log of logs) await log.close();
  rmSync(join(folder, '..'), { recursive: true });
});

async function open(options: Partial<EventLogOptions> = {}): Promise<EventLog> {
  const log = await EventLog.open({ folder, warn: (text) => warnings.push(text), ...options });
  logs.push(log);
  return log;
}

async function texts(log: EventLog, query: Partial<Parameters<EventLog['query']>[0]> = {}): Promise<string[]> {
  return (await log.query({ limit: 1000, ...query })).map(({ text }) => text);
}

function happenings(count: number, first = 1): Happening[] {
  return Array.from({ length: count }, (_, index) => ({ ...STARTED, text: `event ${first + index}` }));
}

async function linesOf(log: EventLog, filter: EventFilter = {}): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of log.lines(filter)) lines.push(line);
  return lines;
}

test('an event says where, when and what', async () => {
  const log = await open({ now: () => Date.UTC(2026, 0, 2, 3, 4, 5, 678) });
  log.append(STARTED);
  expect(await log.query({ limit: 10 })).toEqual([
    { ...STARTED, seq: 1, at: '2026-01-02T03:04:05.678Z', node: '10.0.0.1' },
  ]);
});

test('a listener hears each event as it comes, until it has enough', async () => {
  const log = await open();
  const heard: number[] = [];
  const end = log.listen(({ seq }) => heard.push(seq));
  for (const happening of happenings(2)) log.append(happening);
  expect(heard).toEqual([1, 2]);
  end();
  log.append(STARTED);
  expect(heard).toEqual([1, 2]);
});

test('events come newest first, page by page', async () => {
  const log = await open();
  for (const happening of happenings(5)) log.append(happening);
  expect(await texts(log, { limit: 2 })).toEqual(['event 5', 'event 4']);
  expect(await texts(log, { limit: 2, before: 4 })).toEqual(['event 3', 'event 2']);
});

test.each([
  [{ service: 'DB' }, ['failure']],
  [{ node: '10.0.0.2' }, ['failure']],
  [{ kind: 'command' as const }, ['move by Ada']],
  [{ text: 'ADA' }, ['move by Ada']],
  [{ text: 'started', service: 'WEB' }, ['active/starting -> active/started']],
  [{ service: 'WEB', node: '10.0.0.2' }, []],
])('%j finds %j', async (filter, expected) => {
  const log = await open();
  log.append(STARTED);
  log.append({
    ...STARTED,
    kind: 'failure',
    node: routerId(0x0a000002),
    service: 'DB',
    text: 'failure',
    from: null,
    to: null,
  });
  log.append({ ...STARTED, kind: 'command', text: 'move by Ada', from: null, to: null });
  expect(await texts(log, filter)).toEqual(expected);
});

test('events survive a restart, and the numbers go on', async () => {
  const first = await open();
  for (const happening of happenings(3)) first.append(happening);
  await first.close();
  const second = await open();
  second.append({ ...STARTED, text: 'after' });
  expect((await second.query({ limit: 9 })).map(({ seq, text }) => [seq, text])).toEqual([
    [4, 'after'],
    [3, 'event 3'],
    [2, 'event 2'],
    [1, 'event 1'],
  ]);
});

test('the files are open to their owner only', async () => {
  const log = await open();
  log.append(STARTED);
  await log.close();
  const [file = ''] = readdirSync(folder);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600);
});

test('a line torn by a crash is skipped, and what follows begins on a line of its own', async () => {
  const first = await open();
  for (const happening of happenings(2)) first.append(happening);
  await first.close();
  const [file = ''] = readdirSync(folder);
  appendFileSync(join(folder, file), '{"seq":3,"at":"2026-');
  const second = await open();
  second.append({ ...STARTED, text: 'after' });
  expect(await texts(second)).toEqual(['after', 'event 2', 'event 1']);
  const lines = await linesOf(second);
  expect(lines.map((line) => JSON.parse(line).seq)).toEqual([1, 2, 3]);
  expect(readFileSync(join(folder, file), 'utf8')).toContain('{"seq":3,"at":"2026-\n{"seq":3,');
});

test('a file that is no list of events does no harm', async () => {
  await (await open()).close();
  writeFileSync(join(folder, 'events-000000000007.jsonl'), 'not JSON\n{"seq":8}\n');
  const log = await open();
  log.append(STARTED);
  expect((await log.query({ limit: 9 })).map(({ seq }) => seq)).toEqual([7]);
});

test('the oldest events go when the segments are full', async () => {
  const log = await open({ maxSegmentBytes: 2000 });
  for (let batch = 0; batch < 10; batch++) {
    for (const happening of happenings(12, batch * 12 + 1)) log.append(happening);
    await linesOf(log);
  }
  await log.close();
  expect(readdirSync(folder)).toHaveLength(2);
  const reopened = await open();
  const found = await texts(reopened);
  expect(found[0]).toBe('event 120');
  expect(found.length).toBeGreaterThan(12);
  expect(found.length).toBeLessThan(60);
});

test('events older than those in memory are found in the files', async () => {
  const log = await open();
  for (const happening of happenings(5000)) log.append(happening);
  await linesOf(log);
  expect(await texts(log, { before: 3, limit: 10 })).toEqual(['event 2', 'event 1']);
  expect(await texts(log, { text: 'event 4999' })).toEqual(['event 4999']);
  expect(await texts(log, { limit: 6000 })).toHaveLength(5000);
});

test('what cannot be written is told all the same, and counted in a warning', async () => {
  const log = await open();
  rmSync(folder, { recursive: true });
  log.append(STARTED);
  await log.close();
  expect(warnings).toEqual([expect.stringMatching(/events cannot be written \(ENOENT.*\): 1 are missing/)]);
  expect((await log.query({ limit: 1 }))[0]?.seq).toBe(1);
});

test('an export has only what passes the filter, from all files', async () => {
  const log = await open({ maxSegmentBytes: 2_000 });
  for (let index = 1; index <= 20; index++) {
    log.append({ ...STARTED, service: index % 2 === 0 ? 'WEB' : 'DB', text: `event ${index}` });
  }
  const seqs = (await linesOf(log, { service: 'WEB' })).map((line) => JSON.parse(line).seq);
  expect(seqs.length).toBeGreaterThan(1);
  expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
  expect(seqs.every((seq) => seq % 2 === 0)).toBe(true);
  expect(await linesOf(log, { text: 'EVENT 20' })).toHaveLength(1);
  expect(await linesOf(log, { kind: 'failure' })).toEqual([]);
});
