import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { NOTHING_PERSISTED } from '../model/index.js';
import { RecordKeeper } from './record-keeper.js';

let isFull: boolean;
let written: string[];
let said: string[];
let keeper: RecordKeeper;

const NODE = { epoch: 5, standby: false, issuers: [] };
const VOLATILE = { durable: false };

beforeEach(() => {
  vi.useFakeTimers();
  isFull = false;
  written = [];
  said = [];
  const write = (what: string) => {
    if (isFull) throw new Error('ENOSPC: no space left on device');
    written.push(what);
  };
  const note = (_: object, text: string) => void said.push(text);
  keeper = new RecordKeeper(
    {
      saveNode: ({ epoch }) => write(`node ${epoch}`),
      saveService: (name, { highestClaim }) => write(`${name} ${highestClaim}`),
    },
    { info: note, warn: note, error: note },
  );
});

afterEach(() => {
  keeper.close();
  vi.useRealTimers();
});

const save = (service: string, highestClaim: number) =>
  keeper.saveService(service, { ...NOTHING_PERSISTED, highestClaim }, VOLATILE);

test('what cannot be written is missing, which is said once', () => {
  isFull = true;
  save('WEB', 1);
  save('WEB', 2);
  keeper.saveNode(NODE);
  expect(keeper.missing('WEB')).toMatch(/ENOSPC/);
  expect(keeper.missing('DNS')).toBe(null);
  expect(keeper.problem).toMatch(/ENOSPC.*of WEB, this node is written when there is room/);
  expect(said.filter((text) => text.includes('WEB'))).toHaveLength(2);
});

test('it is written as soon as there is room, the newest of each', async () => {
  isFull = true;
  save('WEB', 1);
  save('WEB', 2);
  keeper.saveNode(NODE);
  await vi.advanceTimersByTimeAsync(20_000);
  expect(written).toEqual([]);
  isFull = false;
  await vi.advanceTimersByTimeAsync(5_000);
  expect(written.toSorted()).toEqual(['WEB 2', 'node 5']);
  expect([keeper.problem, keeper.missing('WEB')]).toEqual([null, null]);
  expect(said.at(-1)).toMatch(/can be written again/);
});

test('a later record that can be written takes the place of one that could not', async () => {
  isFull = true;
  save('WEB', 1);
  isFull = false;
  save('WEB', 2);
  await vi.advanceTimersByTimeAsync(20_000);
  expect(written).toEqual(['WEB 2']);
});
