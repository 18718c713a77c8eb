import type { Replica } from './state.js';

/** Whether a replica that is not started yet may run: its `start` runs, or has ended and is verified. */
export function startHasBegun({ run, job, verifying }: Replica): boolean {
  return run === 'starting' && (job?.primitive === 'start' || verifying !== null);
}
