import { spawn } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, readFileSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LogDestination } from './log-destination.js';

let folder: string;
const descriptors: number[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'srrd-log-'));
});

afterEach(() => {
  for (const descriptor of descriptors.splice(0)) closeSync(descriptor);
  rmSync(folder, { recursive: true });
});

const lossLine = (lost: number, why: string) => `lost ${lost}: ${why}\n`;

function opened(path: string, flags: number | string): number {
  const descriptor = openSync(path, flags);
  descriptors.push(descriptor);
  return descriptor;
}

/** A pipe with both ends open, and nobody who reads. */
async function pipe() {
  const path = join(folder, 'pipe');
  await new Promise((resolve) => spawn('mkfifo', [path]).once('exit', resolve));
  const reader = opened(path, constants.O_RDONLY | constants.O_NONBLOCK);
  return { reader, writer: opened(path, 'w') };
}

function readAll(reader: number): string {
  const buffer = Buffer.alloc(1 << 20);
  try {
    return buffer.toString('utf8', 0, readSync(reader, buffer));
  } catch {
    return '';
  }
}

test('lines reach a file in order', async () => {
  const path = join(folder, 'log');
  const log = new LogDestination({ descriptor: opened(path, 'a'), lossLine });
  for (let index = 0; index < 100; index++) log.write(`${index}\n`);
  await log.drained(60_000);
  expect(readFileSync(path, 'utf8')).toBe(Array.from({ length: 100 }, (_, index) => `${index}\n`).join(''));
});

test('a reader that stalls loses lines, whole ones, and is told how many', async () => {
  const { reader, writer } = await pipe();
  const log = new LogDestination({ descriptor: writer, lossLine, maxWaitingBytes: 10_000 });
  const line = (index: number) => `${String(index).padStart(99)}\n`;
  for (let index = 0; index < 2000; index++) log.write(line(index));
  let text = '';
  await expect.poll(() => (text += readAll(reader))).toContain('lost');
  log.write('works again\n');
  await log.drained(60_000);
  text += readAll(reader);
  const lines = text.split('\n').slice(0, -1);
  const kept = lines.length - 2;
  expect(lines.slice(0, kept).map(Number)).toEqual(Array.from({ length: kept }, (_, index) => index));
  expect(lines.slice(kept)).toEqual([`lost ${2000 - kept}: nobody reads it`, 'works again']);
});

test('a reader that stalls for ever is not waited for', async () => {
  const { writer } = await pipe();
  const log = new LogDestination({ descriptor: writer, lossLine, maxWaitingBytes: 100_000 });
  for (let index = 0; index < 2000; index++) log.write(`${'x'.repeat(99)}\n`);
  log.flushNow();
  await log.drained(10);
});

test('a full disk loses lines, and nothing else', async () => {
  const log = new LogDestination({ descriptor: opened('/dev/full', 'w'), lossLine });
  for (let index = 0; index < 10; index++) log.write(`${index}\n`);
  await log.drained(60_000);
});

test('a reader that has gone loses lines, and nothing else', async () => {
  const { reader, writer } = await pipe();
  const log = new LogDestination({ descriptor: writer, lossLine });
  descriptors.splice(descriptors.indexOf(reader), 1);
  closeSync(reader);
  log.write('one\n');
  await log.drained(60_000);
  const again = opened(join(folder, 'pipe'), constants.O_RDONLY | constants.O_NONBLOCK);
  log.write('two\n');
  let text = '';
  await expect.poll(() => (text += readAll(again))).toMatch(/^two\nlost 1: EPIPE/);
});
