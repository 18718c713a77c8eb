import { setTimeout as sleep } from 'node:timers/promises';

export interface UntilOptions {
  /** Default 90,000. */
  readonly timeoutMs?: number;
  /** Default 50. */
  readonly intervalMs?: number;
  /** Said in the error, after "timed out waiting until". */
  readonly what?: string;
}

/** Thrown by a condition that can never come true any more: waiting ends at once. */
export class GiveUp extends Error {
  override readonly name = 'GiveUp';
}

/**
 * Asks again and again until the answer is neither undefined, null nor false, and returns that answer. Throws when the
 * time is over; the message holds the last answer or the last error. A condition that throws counts as "not yet".
 */
export async function until<T>(
  condition: () => Promise<T | undefined | null | false> | T | undefined | null | false,
  options: UntilOptions = {},
): Promise<T> {
  const timeoutMs = options.timeoutMs ?? 90_000;
  const end = performance.now() + timeoutMs;
  let last = 'it never answered';
  for (;;) {
    try {
      const answer = await condition();
      if (answer !== undefined && answer !== null && answer !== false) return answer;
      last = `the last answer was ${String(answer)}`;
    } catch (error) {
      if (error instanceof GiveUp) throw error;
      last = error instanceof Error ? error.message : String(error);
    }
    if (performance.now() > end) {
      throw new Error(`timed out after ${timeoutMs} ms waiting until ${options.what ?? 'a condition holds'}: ${last}`);
    }
    await sleep(options.intervalMs ?? 50);
  }
}
