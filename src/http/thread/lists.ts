/** Lists that are open at the same time. */
const MAX_OPEN = 500;

const BATCH_LENGTH = 64 * 1024;

/** A list that somebody in another thread goes through, by its number. */
export interface ListNumber<Part> {
  readonly number: number;
  /** What a part of it is. */
  readonly part?: Part;
}

/** Lists that are fetched a part at a time: nothing is read before it is asked for. */
export class Lists {
  readonly #open = new Map<number, AsyncIterator<unknown>>();
  #last = 0;

  open<Part>(list: AsyncIterable<Part>): ListNumber<Part> {
    if (this.#open.size >= MAX_OPEN) throw new Error(`${MAX_OPEN} lists are being read already; try again later`);
    this.#last += 1;
    this.#open.set(this.#last, list[Symbol.asyncIterator]());
    return { number: this.#last };
  }

  /** undefined: that was all, or the list is closed. */
  async next(number: number): Promise<unknown> {
    const { done, value } = (await this.#open.get(number)?.next()) ?? { done: true, value: undefined };
    if (!done) return value;
    this.#open.delete(number);
    return undefined;
  }

  async close(number: number): Promise<void> {
    const list = this.#open.get(number);
    this.#open.delete(number);
    await list?.return?.();
  }
}

/** Longer texts, of the same characters: a message takes longer than a line. */
export async function* inBatches(lines: AsyncIterable<string>): AsyncGenerator<string> {
  let batch = '';
  for await (const line of lines) {
    batch += line;
    if (batch.length < BATCH_LENGTH) continue;
    yield batch;
    batch = '';
  }
  if (batch !== '') yield batch;
}
