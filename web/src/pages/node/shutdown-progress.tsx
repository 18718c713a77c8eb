import { shutdownGivenAt } from '../../actions/node-command.js';
import { conditionOf } from '../../model/condition.js';
import { Banner } from '../../parts/banner.js';
import { StateWord } from '../../parts/mark.js';
import { type ClusterPicture, nodeOf } from '../../store/cluster.js';
import { connection } from '../../store/connection.js';

/** After a shutdown was given: what still runs here, until the connection ends with srrd. */
export function ShutdownProgress({ data }: { readonly data: ClusterPicture }) {
  if (shutdownGivenAt.value === null) return null;
  if (connection.value.state === 'live' && connection.value.since > shutdownGivenAt.value) return null;
  if (connection.value.state !== 'live') {
    return (
      <Banner tone="info" title={`srrd on ${data.node.name} has ended`}>
        Its services were stopped and withdrawn first. To start it again: <code>systemctl start srrd</code> on{' '}
        {data.node.name}. This page comes back by itself then.
      </Banner>
    );
  }
  const self = data.node.routerId ?? '';
  const mine = [...data.services.values()].flatMap(({ name, replicas }) =>
    replicas.filter(({ routerId }) => routerId === self).map((replica) => ({ name, replica })),
  );
  const left = mine.filter(({ replica }) => replica.config !== 'inactive' && replica.config !== 'disabled');
  const ended = mine.length - left.length;
  return (
    <section class="panel" aria-live="polite" aria-labelledby="progress-title">
      <h2 id="progress-title">Shutting down</h2>
      <p>
        <progress max={Math.max(1, mine.length)} value={ended} aria-labelledby="progress-title" /> {ended} of{' '}
        {mine.length} services stopped and withdrawn
      </p>
      <ul class="plain">
        {left.slice(0, 20).map(({ name, replica }) => (
          <li key={name}>
            {name} <StateWord {...conditionOf(replica, nodeOf(self))} />
            {replica.waitsFor !== null && <span class="muted"> waits for {replica.waitsFor}</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}
