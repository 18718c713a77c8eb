/** How long the event loop gets to read what has arrived already, before a time limit counts as passed. */
const GRACE_MS = 50;

/**
 * Calls back once after `ms`. When this process was suspended, timers run before the sockets are read; so the answer that
 * has been waiting in a socket gets a moment to cancel this first. Returns the function that cancels.
 */
export function startDeadline(ms: number, onPassed: () => void): () => void {
  let timer = setTimeout(() => {
    timer = setTimeout(onPassed, GRACE_MS);
  }, ms);
  return () => clearTimeout(timer);
}
