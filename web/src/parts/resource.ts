import { useCallback, useEffect, useState } from 'preact/hooks';
import { ApiError, get, wordsOf } from '../api/client.js';
import { connection } from '../store/connection.js';

/** Something that the API answers and that no stream tells of. */
export interface Resource<T> {
  readonly data: T | null;
  readonly error: ApiError | null;
  readonly loading: boolean;
  readonly reload: () => void;
}

/** Asks for a path of the API, again when the node is back after it was gone. null: nothing is asked. */
export function useResource<T>(path: string | null): Resource<T> {
  const [answer, setAnswer] = useState<{ path: string | null; data: T | null; error: ApiError | null }>({
    path: null,
    data: null,
    error: null,
  });
  const [turn, setTurn] = useState(0);
  const [loading, setLoading] = useState(path !== null);
  const state = connection.value;
  const liveSince = state.state === 'live' ? state.since : 0;
  useEffect(() => {
    // Before the connection is up nothing can be asked; `turn` asks once more.
    if (path === null || (liveSince === 0 && turn === 0)) return;
    const controller = new AbortController();
    setLoading(true);
    get<T>(path, controller.signal)
      .then(
        (data) => setAnswer({ path, data, error: null }),
        (error) => {
          if (controller.signal.aborted) return;
          const known = error instanceof ApiError ? error : new ApiError('no-connection', wordsOf(error));
          setAnswer((before) => ({ path, data: before.path === path ? before.data : null, error: known }));
        },
      )
      .finally(() => {
        if (!controller.signal.aborted) setLoading(false);
      });
    return () => controller.abort();
  }, [path, liveSince, turn]);
  const reload = useCallback(() => setTurn((before) => before + 1), []);
  // The answer to an earlier question is not the answer to this one.
  const mine = answer.path === path;
  return { data: mine ? answer.data : null, error: mine ? answer.error : null, loading, reload };
}
