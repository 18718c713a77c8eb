const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const cleanups = new Set<() => void>();

/**
 * Calls the cleanup when this process exits, for whatever reason it can still notice: its end, an uncaught exception
 * (`exit` follows), or a signal. Returns a function that calls this off. The cleanup must be synchronous.
 */
export function clearWhenThisProcessEnds(cleanup: () => void): () => void {
  if (cleanups.size === 0) listen();
  cleanups.add(cleanup);
  return () => {
    cleanups.delete(cleanup);
    if (cleanups.size === 0) stopListening();
  };
}

function listen(): void {
  process.on('exit', clearAll);
  for (const signal of SIGNALS) process.on(signal, clearAndDie);
}

function stopListening(): void {
  process.off('exit', clearAll);
  for (const signal of SIGNALS) process.off(signal, clearAndDie);
}

function clearAll(): void {
  for (const cleanup of cleanups) {
    try {
      cleanup();
    } catch (error) {
      console.error(error);
    }
  }
  cleanups.clear();
  stopListening();
}

function clearAndDie(signal: NodeJS.Signals): void {
  clearAll();
  // Dying of the signal itself tells the parent (make, a shell) the truth.
  process.kill(process.pid, signal);
}
