import { Banner } from '../parts/banner.js';
import { formatClock } from '../parts/time.js';
import { now } from '../store/clock.js';
import { picture } from '../store/cluster.js';
import { connection, reconnectNow, session } from '../store/connection.js';

/** Says so when what is shown may no longer be true. */
export function ConnectionBanner() {
  const state = connection.value;
  const node = picture.value?.node.name ?? session.value?.node.name ?? 'the node';
  const data = picture.value;
  if (state.state === 'refused') {
    return (
      <Banner
        tone="bad"
        title={`${node} does not let you in`}
        action={
          <button type="button" onClick={reconnectNow}>
            Try again
          </button>
        }
      >
        {state.reason}
      </Banner>
    );
  }
  if (state.state !== 'lost') return null;
  const seconds = Math.max(0, Math.ceil((state.retryAt - now.value) / 1000));
  return (
    <Banner
      tone="bad"
      title={`Connection to ${node} lost`}
      action={
        <button type="button" onClick={reconnectNow}>
          Try now
        </button>
      }
    >
      {state.reason}.{' '}
      {data !== null && `What you see is of ${formatClock(data.generatedAt)} and may no longer be true. `}
      {seconds === 0 ? 'Trying again now.' : `Trying again in ${seconds} s.`} The other nodes go on: see the node menu.
    </Banner>
  );
}
