/** The longest that work which can wait keeps the event loop from what cannot, in ms. */
const SLICE_MS = 4;

/** Takes step after step, and lets the event loop make a turn every few ms. */
export async function inTurns<Result>(
  steps: Generator<void, Result>,
  now: () => number = () => performance.now(),
): Promise<Result> {
  let sliceEnds = now() + SLICE_MS;
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
    if (now() < sliceEnds) continue;
    await new Promise((resolve) => setImmediate(resolve));
    sliceEnds = now() + SLICE_MS;
  }
}

/** Takes all steps at once. */
export function atOnce<Result>(steps: Generator<void, Result>): Result {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}
