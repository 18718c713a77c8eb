import { useEffect, useState } from 'preact/hooks';
import { get, wordsOf } from '../api/client.js';
import type { SimulationDocument, SimulationQuestion } from '../api/types.js';
import { nodeName } from '../store/cluster.js';

/** What the cluster itself says would come of it. */
export function Prediction({ question }: { readonly question: SimulationQuestion }) {
  const asked = new URLSearchParams(Object.entries(question)).toString();
  const [answer, setAnswer] = useState<SimulationDocument | string | null>(null);
  useEffect(() => {
    const controller = new AbortController();
    get<SimulationDocument>(`/simulate?${asked}`, controller.signal).then(setAnswer, (error) => {
      if (!controller.signal.aborted) setAnswer(wordsOf(error));
    });
    return () => controller.abort();
  }, [asked]);
  return (
    <div class="prediction" data-testid="prediction" aria-live="polite">
      <h3>The cluster’s prediction</h3>
      {answer === null && <p class="muted">Asking what would happen …</p>}
      {typeof answer === 'string' && <p class="muted">It cannot say what would happen: {answer}</p>}
      {answer !== null && typeof answer !== 'string' && <Answer groups={answer.groups} />}
    </div>
  );
}

function Answer({ groups }: Pick<SimulationDocument, 'groups'>) {
  const refused = groups.find((group) => group.refused !== null)?.refused ?? null;
  const changes = groups.filter(({ before, after }) => before !== after);
  return (
    <>
      {refused !== null && <p class="warn-text">It would be refused: {refused}.</p>}
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
    </>
  );
}
