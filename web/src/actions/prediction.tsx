import { useEffect, useState } from 'preact/hooks';
import { get, wordsOf } from '../api/client.js';
import type { SimulationDocument } from '../api/types.js';
import { nodeName } from '../store/cluster.js';

/** What the cluster itself says would come of it: `lose NODE`, `return NODE` or `stop NODE SERVICE`. */
export function Prediction({ question }: { readonly question: string }) {
  const [answer, setAnswer] = useState<SimulationDocument | string | null>(null);
  useEffect(() => {
    const controller = new AbortController();
    get<SimulationDocument>(`/simulate?question=${encodeURIComponent(question)}`, controller.signal).then(
      setAnswer,
      (error) => {
        if (!controller.signal.aborted) setAnswer(wordsOf(error));
      },
    );
    return () => controller.abort();
  }, [question]);
  if (answer === null) return <p class="muted">Asking the cluster what would happen …</p>;
  if (typeof answer === 'string') return <p class="muted">The cluster cannot say what would happen: {answer}</p>;
  const changes = answer.groups.filter(({ before, after }) => before !== after);
  return (
    <div class="prediction" data-testid="prediction">
      <h3>The cluster’s prediction</h3>
      {changes.length === 0 && <p>No group would change its owner.</p>}
      <ul>
        {changes.map(({ group, before, after, members }) => (
          <li key={group}>
            <strong>{group}</strong>: {nodeName(before)} →{' '}
            {after === null ? <span class="bad-text">no node could run it</span> : nodeName(after)}
            {after !== null && members.length > 1 && <span class="muted"> ({members.join(', ')})</span>}
          </li>
        ))}
      </ul>
    </div>
  );
}
