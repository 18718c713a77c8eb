import { readFileSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { z } from 'zod';
import type { GenerationStore, SeriesRecord } from './generation-store.js';
import { GENERATIONS } from './generations.js';
import { HIGHEST_SERIES, isServiceSeries } from './link-state-id.js';

const VERSION = 1;

const fileSchema = z.strictObject({
  version: z.literal(VERSION),
  series: z.array(
    z.strictObject({
      series: z.int().min(0).max(HIGHEST_SERIES),
      service: z.string().nullable(),
      generation: z
        .int()
        .min(0)
        .max(GENERATIONS - 1),
    }),
  ),
});

/**
 * Keeps the generations in a JSON file, replaced as a whole. A file that cannot be read or written is no reason to stop:
 * `problem` is told, with a sentence, and the node goes on as if it had lost its memory.
 */
export class GenerationFile implements GenerationStore {
  readonly #path: string;
  readonly #problem: (text: string) => void;
  #waiting: readonly SeriesRecord[] | null = null;
  #writing: Promise<void> | null = null;

  constructor(path: string, problem: (text: string) => void) {
    this.#path = path;
    this.#problem = problem;
  }

  load(): readonly SeriesRecord[] {
    try {
      const { series } = fileSchema.parse(JSON.parse(readFileSync(this.#path, 'utf8')));
      checkConsistency(series);
      return series;
    } catch (error) {
      if (!isMissing(error)) this.#problem(`${this.#path} is not used: ${sentence(error)}`);
      return [];
    }
  }

  save(record: readonly SeriesRecord[]): Promise<void> {
    this.#waiting = record;
    this.#writing ??= this.#writeAll().finally(() => {
      this.#writing = null;
    });
    return this.#writing;
  }

  async #writeAll(): Promise<void> {
    while (this.#waiting !== null) {
      const record = this.#waiting;
      this.#waiting = null;
      try {
        await replaceFile(this.#path, `${JSON.stringify({ version: VERSION, series: record })}\n`);
      } catch (error) {
        this.#problem(`${this.#path} cannot be written: ${sentence(error)}`);
      }
    }
  }
}

function checkConsistency(records: readonly SeriesRecord[]): void {
  const numbers = new Set<number>();
  const services = new Set<string>();
  for (const { series, service } of records) {
    if (isServiceSeries(series) === (service === null)) throw new Error(`series ${series} has the wrong kind of owner`);
    if (numbers.has(series)) throw new Error(`series ${series} appears twice`);
    if (service !== null && services.has(service)) throw new Error(`service ${service} appears twice`);
    numbers.add(series);
    if (service !== null) services.add(service);
  }
}

async function replaceFile(path: string, text: string): Promise<void> {
  const temporary = `${path}.new`;
  const file = await open(temporary, 'w', 0o600);
  try {
    await file.writeFile(text);
    await file.datasync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function sentence(error: unknown): string {
  if (error instanceof z.ZodError) return z.prettifyError(error).replaceAll('\n', ' ');
  return error instanceof Error ? error.message : String(error);
}
