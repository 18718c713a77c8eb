import { useRef } from 'preact/hooks';
import { shutdownGivenAt } from '../../actions/node-command.js';
import { Banner } from '../../parts/banner.js';
import type { ClusterPicture } from '../../store/cluster.js';
import { connection } from '../../store/connection.js';

/** While the node ends, whoever has asked for it: what it still waits for, until the connection ends with srrd. */
export function ShutdownProgress({ data }: { readonly data: ClusterPicture }) {
  const most = useRef(0);
  const asked = shutdownGivenAt.value !== null;
  if (connection.value.state !== 'live') {
    // Not every lost connection is the end of a daemon.
    if (!asked && data.ending === null) return null;
    return (
      <Banner tone="info" title={`srrd on ${data.node.name} has ended`}>
        Its services were stopped and withdrawn first. To start it again: <code>systemctl start srrd</code> on{' '}
        {data.node.name}. This page comes back by itself then.
      </Banner>
    );
  }
  if (data.ending === null) {
    most.current = 0;
    return null;
  }
  const left = data.ending.length;
  most.current = Math.max(most.current, left);
  return (
    <section class="panel" aria-live="polite" aria-labelledby="progress-title">
      <h2 id="progress-title">Shutting down</h2>
      <p>
        <progress max={Math.max(1, most.current)} value={most.current - left} aria-labelledby="progress-title" />{' '}
        {left === 0 ? 'everything is stopped and withdrawn' : `still waiting for ${left} of ${most.current}`}
      </p>
      <ul class="plain">
        {data.ending.slice(0, 20).map((words) => (
          <li key={words}>{words}</li>
        ))}
      </ul>
    </section>
  );
}
