import { useState } from 'preact/hooks';
import { currentAsker, servicePath } from '../../actions/command-menu.js';
import { post } from '../../api/client.js';
import type { ServiceStatus } from '../../api/types.js';
import { whyNothing } from '../../model/commands.js';
import { Output } from '../../parts/scroll.js';
import { formatClock } from '../../parts/time.js';
import { sameOn } from '../../shell/node-menu.js';
import { isHere, nodeName, nodes, picture } from '../../store/cluster.js';
import { giveCommand } from '../../store/commands.js';

interface Answer {
  readonly primitive: 'status' | 'check';
  readonly text: string;
  readonly at: number;
}

/** Runs the primitives `status` and `check` on this node, and shows what they print. */
export function RunNow({ service }: { readonly service: ServiceStatus }) {
  const [output, setOutput] = useState<Answer | null>(null);
  const [runs, setRuns] = useState(false);
  const self = picture.value?.node.routerId ?? '';
  const here = service.replicas.find(({ routerId }) => isHere(routerId));
  const general = picture.value === null ? 'nothing is known yet' : whyNothing(self, picture.value, currentAsker());
  const whyNot = { status: general ?? here?.impossible.status, check: general ?? here?.impossible.check };
  const run = async (primitive: Answer['primitive']): Promise<void> => {
    setRuns(true);
    const answer = await giveCommand(
      `${primitive} ${service.name} on ${nodeName(self)}`,
      `${service.name}@${self}`,
      () => post<{ text: string }>(`${servicePath(service.name)}/${primitive}`, {}),
      () => 'its output is on the page',
    );
    setRuns(false);
    if (answer !== undefined) setOutput({ primitive, text: answer.text, at: Date.now() });
  };
  return (
    <section class="panel" aria-labelledby="run-title">
      <h2 id="run-title">Ask the service, on this node</h2>
      {here === undefined ? (
        <p class="muted">It is not configured on this node. Ask it where it is:</p>
      ) : (
        <p class="buttons">
          <button type="button" disabled={whyNot.status !== undefined || runs} onClick={() => void run('status')}>
            Run status
          </button>
          <button type="button" disabled={whyNot.check !== undefined || runs} onClick={() => void run('check')}>
            Run check
          </button>
          <span class="muted">{whyNot.status ?? whyNot.check}</span>
        </p>
      )}
      <Elsewhere service={service} />
      {output !== null && (
        <>
          <p class="muted">
            Output of {output.primitive}, {formatClock(output.at)}:
          </p>
          <Output>{output.text === '' ? '(it printed nothing)' : output.text}</Output>
        </>
      )}
    </section>
  );
}

/** Primitives whose output people want are run on the node itself. */
function Elsewhere({ service }: { readonly service: ServiceStatus }) {
  const others = nodes.value.filter(
    ({ routerId }) => !isHere(routerId) && service.replicas.some((replica) => replica.routerId === routerId),
  );
  if (others.length === 0) return null;
  return (
    <p class="muted">
      On another node:{' '}
      {others.map((node) => {
        const href = sameOn(node);
        return (
          <span key={node.routerId} class="member">
            {href === null ? node.name : <a href={href}>{node.name}</a>}
          </span>
        );
      })}
    </p>
  );
}
