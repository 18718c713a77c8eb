export interface RunningTimer {
  /** Does nothing if the timer has fired or was cancelled. */
  cancel(): void;
}

/** Time as the transports see it; tests and the simulator bring their own. */
export interface Clock {
  /** Monotonic, in ms. */
  now(): number;
  /** Calls back once, never from within this call. */
  setTimer(delayMs: number, callback: () => void): RunningTimer;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  setTimer(delayMs, callback) {
    const handle = setTimeout(callback, delayMs);
    return { cancel: () => clearTimeout(handle) };
  },
};

/** Resolves when `done` does, and after the limit at the latest. */
export async function orAfter(clock: Clock, limitMs: number, done: Promise<void>): Promise<void> {
  let timer: RunningTimer | undefined;
  const expired = new Promise<void>((resolve) => {
    timer = clock.setTimer(limitMs, resolve);
  });
  await Promise.race([done, expired]);
  timer?.cancel();
}
