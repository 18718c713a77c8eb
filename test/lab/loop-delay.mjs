// Loaded into srrd by tests and the benchmark (NODE_OPTIONS): writes to the file SRRD_LOOP_DELAY, each time that the event
// loop was late by more than 5 ms, "UNIX_MS LATE_MS BLOCKED_MS". The latter leaves out what this thread waited for a
// processor: it is srrd's own doing. srrd's own measure looks ten times a second only.
import { appendFileSync, readFileSync } from 'node:fs';

const file = process.env.SRRD_LOOP_DELAY;
const INTERVAL_MS = 2;
const WORTH_NOTING_MS = 5;

if (file) {
  delete process.env.NODE_OPTIONS;
  let due = performance.now() + INTERVAL_MS;
  let waitedMs = waitedForProcessorMs();
  setInterval(() => {
    const now = performance.now();
    const lateMs = now - due;
    due = now + INTERVAL_MS;
    const waited = waitedForProcessorMs();
    const blockedMs = Math.max(0, lateMs - (waited - waitedMs));
    waitedMs = waited;
    if (lateMs > WORTH_NOTING_MS) appendFileSync(file, `${Date.now()} ${lateMs.toFixed(1)} ${blockedMs.toFixed(1)}\n`);
  }, INTERVAL_MS).unref();
}

/** The second field of /proc/PID/schedstat, in ns: "time spent waiting on a runqueue" (kernel, sched-stats). */
function waitedForProcessorMs() {
  return Number(readFileSync('/proc/self/schedstat', 'latin1').split(' ')[1]) / 1e6;
}
