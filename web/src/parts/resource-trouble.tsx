import type { ComponentChildren } from 'preact';
import type { ApiError, Trouble } from '../api/client.js';
import { Banner } from './banner.js';

/** Why something could not be shown, and what to do. */
export function ResourceTrouble({ error, what, reload }: { error: ApiError; what: string; reload?: () => void }) {
  return (
    <Banner
      tone={UNKNOWN.has(error.code) ? 'info' : 'bad'}
      title={`${what} cannot be shown`}
      action={
        reload !== undefined && (
          <button type="button" onClick={reload}>
            Ask again
          </button>
        )
      }
    >
      {error.message}. {adviceFor(error.code)}
    </Banner>
  );
}

const UNKNOWN: ReadonlySet<Trouble> = new Set<Trouble>([
  'unknown-route',
  'unknown-service',
  'unknown-definition',
  'unknown-lsa',
  'unknown-authority',
]);

function adviceFor(code: Trouble): ComponentChildren {
  switch (code) {
    case 'no-connection':
      return 'The page goes on by itself when the node answers again; the others are in the node menu.';
    case 'not-understood':
      return 'The node did not understand the question. If this page is older than the node’s srrd, load it anew.';
    case 'not-allowed':
      return (
        <>
          Your certificate does not allow it. An administrator can issue another one: see{' '}
          <a href="/information/operations">srrctl pki</a>.
        </>
      );
    case 'unknown-route':
    case 'unknown-service':
    case 'unknown-definition':
    case 'unknown-lsa':
    case 'unknown-authority':
      return 'It may have been removed meanwhile, or this node has never had it.';
    case 'refused':
      return 'The state of the cluster does not allow it now.';
    case 'too-large':
      return 'That was more than the node accepts at once.';
    case 'busy':
    case 'unavailable':
      return 'The node is busy or ending. Wait a moment and ask again.';
    case 'no-answer':
      return 'The command may still be carried out: look at the status before you give it again.';
    default:
      return 'The log of srrd on that node says more: journalctl -u srrd.';
  }
}
