import { UnreachableError } from './connection.js';
import type { Context } from './context.js';
import { readStream, type StreamEvent } from './stream.js';

const TRY_AGAIN_MS = 1000;

export interface Following {
  /** The stream is open. */
  readonly opened: () => Promise<void>;
  /** It ended, or cannot be opened again; told once each time. */
  readonly lost?: (why: string) => void;
}

/**
 * Follows the daemon's stream until the output's signal ends it, over restarts of the daemon. Throws an UnreachableError
 * if there is no daemon at the beginning.
 */
export async function follow(
  { output, daemon }: Context,
  { opened, lost = (why) => output.err(`srrctl: ${why}\n`) }: Following,
  tell: (event: StreamEvent) => void,
): Promise<void> {
  const { signal } = output;
  const address = await daemon();
  let isOpen = false;
  let isFirst = true;
  while (!signal?.aborted) {
    try {
      for await (const event of readStream(address, signal)) {
        if (!isOpen) await opened();
        isOpen = true;
        isFirst = false;
        tell(event);
      }
    } catch (error) {
      if (signal?.aborted) return;
      if (!(error instanceof UnreachableError) || isFirst) throw error;
    }
    if (signal?.aborted) return;
    if (isOpen) lost('the connection to srrd is lost; trying again');
    isOpen = false;
    await pause(signal);
  }
}

function pause(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, TRY_AGAIN_MS);
    signal?.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}
