import type { ComponentChildren } from 'preact';
import type { ApiError } from '../api/client.js';
import { Banner } from './banner.js';

/** Why something could not be shown, and what to do, by status code. */
export function ResourceTrouble({ error, what, reload }: { error: ApiError; what: string; reload?: () => void }) {
  return (
    <Banner
      tone={error.status === 404 ? 'info' : 'bad'}
      title={`${what} cannot be shown`}
      action={
        reload !== undefined && (
          <button type="button" onClick={reload}>
            Ask again
          </button>
        )
      }
    >
      {error.message}. {adviceFor(error.status)}
    </Banner>
  );
}

export function adviceFor(status: number): ComponentChildren {
  switch (status) {
    case 0:
      return 'The page goes on by itself when the node answers again; the others are in the node menu.';
    case 400:
      return 'The node did not understand the question. If this page is older than the node’s srrd, load it anew.';
    case 401:
    case 403:
      return (
        <>
          Your certificate does not allow it. An administrator can issue another one: see{' '}
          <a href="/information/operations">srrctl pki</a>.
        </>
      );
    case 404:
      return 'It may have been removed meanwhile, or this node has never had it.';
    case 409:
      return 'The state of the cluster does not allow it now.';
    case 413:
      return 'That was more than the node accepts at once.';
    case 429:
    case 503:
      return 'The node is busy or ending. Wait a moment and ask again.';
    case 504:
      return 'The command may still be carried out: look at the status before you give it again.';
    default:
      return 'The log of srrd on that node says more: journalctl -u srrd.';
  }
}
