// When a probe is not allowed to run for longer than this, it says so.
const LATE_MS = 20;

// A late probe catches up with this much, so that the rate holds. Not with more: a thousand questions at once, after a
// second's standstill, would measure how long a queue is.
const CATCH_UP_MS = 50;

/**
 * Asks at a steady rate, and calls `look` at every tick. Both are given the probe's own time in ms, which stands still while the
 * machine does not let the probe run: an answer that has lain there all the while is not late. Says of such a standstill:
 *   d SEQUENCE TIME MS         how long it was, and when it ended; SEQUENCE is the next question's
 */
export function startTicking(hz, output, ask, look = () => {}) {
  const intervalMs = 1000 / hz;
  const lateMs = Math.max(LATE_MS, 2 * intervalMs);
  const began = performance.now();
  let sequence = 0;
  let asked = 0;
  let last = began;
  let ownTimeMs = 0;
  setInterval(
    () => {
      const now = performance.now();
      const passed = now - last;
      last = now;
      const standstill = passed > lateMs ? passed - intervalMs : 0;
      ownTimeMs += passed - standstill;
      if (standstill > 0) output.line(`d ${sequence} ${process.hrtime.bigint()} ${standstill.toFixed(1)}`);
      const due = (now - began) / intervalMs;
      asked = Math.max(asked, Math.ceil(due - CATCH_UP_MS / intervalMs));
      for (; asked <= due; asked++) ask(sequence++, ownTimeMs);
      look(ownTimeMs);
    },
    Math.max(1, intervalMs),
  );
}
