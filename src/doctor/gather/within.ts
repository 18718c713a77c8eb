import { type Fact, known, unknown } from '../facts.js';
import type { Level } from '../finding.js';

/** How long one look may take. FRR answers in milliseconds; a look that takes longer says something by itself. */
export const LOOK_WITHIN_MS = 5_000;

/** The fact that `look` returns; unknown, with the reason, if it throws or takes too long. `level`: how bad that is. */
export async function within<T>(level: Level | null, look: () => Promise<T> | T): Promise<Fact<T>> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${LOOK_WITHIN_MS / 1000} s`)), LOOK_WITHIN_MS);
  });
  try {
    return known(await Promise.race([Promise.resolve().then(look), limit]));
  } catch (error) {
    return unknown(error instanceof Error ? error.message : String(error), level);
  } finally {
    clearTimeout(timer);
  }
}

/** What follows from a known fact; of an unknown one nothing, and its own finding says why. */
export async function from<T, U>(
  fact: Fact<T>,
  level: Level | null,
  look: (value: T) => Promise<U> | U,
): Promise<Fact<U>> {
  return fact.known ? within(level, () => look(fact.value)) : unknown(fact.why, null);
}
