import { mkdir, open, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** One file of the log. */
export interface Segment {
  readonly path: string;
  /** The number of its first event. */
  readonly firstSeq: number;
}

const NAME = /^events-(\d{12})\.jsonl$/;

export function segmentAt(folder: string, firstSeq: number): Segment {
  return { path: join(folder, `events-${String(firstSeq).padStart(12, '0')}.jsonl`), firstSeq };
}

/** Oldest first. Makes the folder (mode 0700) if it is missing. */
export async function listSegments(folder: string): Promise<Segment[]> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const numbers = (await readdir(folder)).flatMap((entry) => NAME.exec(entry)?.[1] ?? []);
  return numbers
    .map(Number)
    .toSorted((a, b) => a - b)
    .map((firstSeq) => segmentAt(folder, firstSeq));
}

/** The lines, oldest first; none if the segment was removed meanwhile. The last one may be torn. */
export async function readLines({ path }: Segment): Promise<string[]> {
  try {
    return (await readFile(path, 'utf8')).split('\n').filter((line) => line !== '');
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

/** The last `bytes` of a segment: whole lines, and whether the last one was torn by a crash. */
export async function readEnd({ path }: Segment, bytes: number): Promise<{ lines: string[]; isTorn: boolean }> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const start = Math.max(0, size - bytes);
    const buffer = Buffer.alloc(size - start);
    const { bytesRead } = await file.read(buffer, 0, buffer.length, start);
    const parts = buffer.toString('utf8', 0, bytesRead).split('\n');
    const isTorn = parts.pop() !== '';
    if (start > 0) parts.shift();
    return { lines: parts, isTorn };
  } finally {
    await file.close();
  }
}

/** Removes the oldest segments beyond so many. */
export async function keepNewest(folder: string, count: number): Promise<void> {
  const segments = await listSegments(folder);
  for (const { path } of segments.slice(0, -count)) await rm(path, { force: true });
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
