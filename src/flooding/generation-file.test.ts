import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { GenerationFile } from './generation-file.js';
import type { SeriesRecord } from './generation-store.js';

const RECORD: SeriesRecord[] = [
  { series: 0, service: 'WEB', generation: 17 },
  { series: 256, service: null, generation: 255 },
];

let directory: string;
let path: string;
let problems: string[];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'generations-'));
  path = join(directory, 'generations.json');
  problems = [];
});

afterEach(() => rmSync(directory, { recursive: true }));

test('what was saved is loaded in the next life', async () => {
  await file().save(RECORD);
  expect(file().load()).toEqual(RECORD);
  expect(problems).toEqual([]);
});

test('without a file there is nothing to load, and that is no problem', () => {
  expect(file().load()).toEqual([]);
  expect(problems).toEqual([]);
});

test('of many saves at once the last one stays, and nothing else is left behind', async () => {
  const store = file();
  const saves = Array.from({ length: 50 }, (_, generation) => store.save([{ series: 0, service: 'WEB', generation }]));
  await Promise.all(saves);
  expect(file().load()).toEqual([{ series: 0, service: 'WEB', generation: 49 }]);
  expect(readdirSync(directory)).toEqual(['generations.json']);
});

test('an awaited save is on disk', async () => {
  const store = file();
  void store.save([]);
  await store.save(RECORD);
  expect(JSON.parse(readFileSync(path, 'utf8')).series).toEqual(RECORD);
});

test('only its owner may read it', async () => {
  await file().save(RECORD);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test.each([
  ['no JSON', '{'],
  ['another version', '{"version":2,"series":[]}'],
  ['a generation out of range', record([{ series: 0, service: 'WEB', generation: 256 }])],
  ['a number of the daemon given to a service', record([{ series: 256, service: 'WEB', generation: 0 }])],
  ['a number given away twice', record([RECORD[0]!, { series: 0, service: 'OTHER', generation: 0 }])],
  ['a service with two numbers', record([RECORD[0]!, { series: 1, service: 'WEB', generation: 0 }])],
])('a file with %s is not used, and that is told', (_, text) => {
  writeFileSync(path, text);
  expect(file().load()).toEqual([]);
  expect(problems).toEqual([expect.stringContaining(path)]);
});

test('a file that cannot be written is told, and the next save tries again', async () => {
  rmSync(directory, { recursive: true });
  const store = file();
  await store.save(RECORD);
  expect(problems).toEqual([expect.stringContaining('cannot be written')]);
  directory = mkdtempSync(join(tmpdir(), 'generations-'));
});

function file(): GenerationFile {
  return new GenerationFile(path, (text) => problems.push(text));
}

function record(series: SeriesRecord[]): string {
  return JSON.stringify({ version: 1, series });
}
