// Loaded into srrd by the benchmark (NODE_OPTIONS): writes to the file SRRD_BENCH_LOOP_DELAY, each time that the event loop
// was late by more than 5 ms, "UNIX_MS LATE_MS". srrd's own measure looks ten times a second only.
import { appendFileSync } from 'node:fs';

const file = process.env.SRRD_BENCH_LOOP_DELAY;
const INTERVAL_MS = 2;
const WORTH_NOTING_MS = 5;

if (file) {
  delete process.env.NODE_OPTIONS;
  let due = performance.now() + INTERVAL_MS;
  setInterval(() => {
    const now = performance.now();
    const lateMs = now - due;
    due = now + INTERVAL_MS;
    if (lateMs > WORTH_NOTING_MS) appendFileSync(file, `${Date.now()} ${lateMs.toFixed(1)}\n`);
  }, INTERVAL_MS).unref();
}
