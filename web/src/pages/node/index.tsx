import { currentAsker } from '../../actions/command-menu.js';
import { setStandby, shutDown } from '../../actions/node-command.js';
import type { NodeStatus, StatusDocument } from '../../api/types.js';
import { whyNothing } from '../../model/commands.js';
import { StateWord } from '../../parts/mark.js';
import { useResource } from '../../parts/resource.js';
import { formatSpan } from '../../parts/time.js';
import { Waiting } from '../../parts/waiting.js';
import { sameOn } from '../../shell/node-menu.js';
import { type ClusterPicture, isHere, nodeOf, picture } from '../../store/cluster.js';
import { isUnderWay } from '../../store/commands.js';
import { connection, session } from '../../store/connection.js';
import { whyNotAdmin } from '../configuration/permission.js';
import type { Page } from '../page.js';
import { Certificates } from './certificates.js';
import { Doctor } from './doctor.js';
import { ShutdownProgress } from './shutdown-progress.js';

export const nodePage: Page = { pattern: '/node', title: () => 'Node', component: NodePage, entry: 'Node' };

function NodePage() {
  const data = picture.value;
  if (data === null) return <Waiting what="Asking the node" />;
  const node = data.node.routerId === null ? undefined : nodeOf(data.node.routerId);
  return (
    <>
      <h1>Node {data.node.name}</h1>
      <ShutdownProgress data={data} />
      <div class="two-columns">
        <Facts data={data} />
        {node !== undefined && <Power data={data} node={node} />}
      </div>
      <Doctor />
      <Certificates />
    </>
  );
}

const PHASES = {
  member: { tone: 'ok', word: 'member', words: 'takes part in the cluster' },
  joining: { tone: 'busy', word: 'joining', words: 'its replicas are no candidates yet' },
  isolated: { tone: 'bad', word: 'isolated', words: 'no full OSPF neighbour, or no ospfd: it runs nothing' },
  alone: { tone: 'bad', word: 'alone', words: 'lost its neighbours and carries on as if they were gone' },
} as const;

function Facts({ data }: { readonly data: ClusterPicture }) {
  const status = useResource<StatusDocument>('/status');
  const phase = PHASES[data.node.phase];
  const { connected, ready, fullNeighbours } = data.ospf;
  const own = status.data?.process;
  return (
    <section class="panel" aria-labelledby="facts-title">
      <div class="title-line">
        <h2 id="facts-title">State and versions</h2>
        <button type="button" class="quiet" onClick={status.reload}>
          Look again
        </button>
      </div>
      <dl class="facts-list">
        <dt>Router ID</dt>
        <dd class="mono">{data.node.routerId ?? 'ospfd has not told it yet'}</dd>
        <dt>Phase</dt>
        <dd>
          <StateWord tone={phase.tone} word={phase.word} /> <span class="muted">{phase.words}</span>
        </dd>
        <dt>ospfd</dt>
        <dd>
          <StateWord
            tone={connected ? (ready ? 'ok' : 'busy') : 'bad'}
            word={connected ? (ready ? 'connected' : 'not ready') : 'not connected'}
          />{' '}
          <span class="muted">{fullNeighbours === 1 ? '1 full neighbour' : `${fullNeighbours} full neighbours`}</span>
        </dd>
        <dt>SRRD</dt>
        <dd>
          {session.value?.version}
          {own !== undefined && (
            <span class="muted">
              , process {own.pid}, up for {formatSpan(own.uptimeSeconds * 1000)}
            </span>
          )}
        </dd>
        {own !== undefined && (
          <>
            <dt>Event loop</dt>
            <dd>
              late by {own.eventLoopDelayMs} ms at worst{' '}
              {own.eventLoopDelayMs > 1000 && <span class="bad-text">failovers from here are late</span>}
            </dd>
            {own.floodsLimited.mergedLastMinute + own.floodsLimited.held.length > 0 && (
              <>
                <dt>Floods</dt>
                <dd>
                  limited: {own.floodsLimited.mergedLastMinute} merged in the last minute{' '}
                  <span class="muted">{own.floodsLimited.held.slice(0, 5).join(', ')}</span>
                </dd>
              </>
            )}
          </>
        )}
        <dt>You</dt>
        <dd>
          {session.value?.user}, {session.value?.role}
          <span class="muted"> via {session.value?.via}</span>
        </dd>
      </dl>
    </section>
  );
}

function Power({ data, node }: { readonly data: ClusterPicture; readonly node: NodeStatus }) {
  const whyNot = whyNothing(node.routerId, data, currentAsker());
  const noAdmin = whyNotAdmin();
  const busy = isUnderWay(node.routerId) !== undefined;
  const others = data.nodes.filter(({ routerId }) => !isHere(routerId));
  return (
    <section class="panel" aria-labelledby="power-title">
      <h2 id="power-title">Standby and shutdown</h2>
      <p>
        {node.standby
          ? `${node.name} is on standby: it owns nothing until somebody ends that.`
          : `${node.name} may own services.`}
      </p>
      <p class="buttons">
        {node.standby ? (
          <button
            type="button"
            class="primary"
            disabled={whyNot !== null || busy}
            onClick={() => void setStandby(node, false)}
          >
            End standby
          </button>
        ) : (
          <button type="button" disabled={whyNot !== null || busy} onClick={() => void setStandby(node, true)}>
            Put on standby …
          </button>
        )}
        <button
          type="button"
          class="danger"
          disabled={noAdmin !== null || busy || connection.value.state !== 'live'}
          onClick={() => void shutDown(node)}
        >
          Shut down …
        </button>
      </p>
      {whyNot !== null && <p class="muted">Standby: {whyNot}.</p>}
      {noAdmin !== null && <p class="muted">Shutdown: {noAdmin}.</p>}
      {others.length > 0 && (
        <>
          <h3>Other nodes</h3>
          <ul class="plain">
            {others.map((other) => (
              <OtherNode key={other.routerId} node={other} data={data} />
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

function OtherNode({ node, data }: { readonly node: NodeStatus; readonly data: ClusterPicture }) {
  const whyNot = whyNothing(node.routerId, data, currentAsker());
  const href = sameOn(node);
  return (
    <li class="other-node">
      {href === null ? <strong>{node.name}</strong> : <a href={href}>{node.name}</a>}
      <StateWord
        tone={node.reachable ? (node.standby ? 'idle' : 'ok') : 'bad'}
        word={node.reachable ? (node.standby ? 'standby' : 'reachable') : 'unreachable'}
      />
      <button
        type="button"
        class="quiet"
        disabled={whyNot !== null}
        title={whyNot ?? ''}
        onClick={() => void setStandby(node, !node.standby)}
      >
        {node.standby ? 'End standby' : 'Put on standby …'}
      </button>
    </li>
  );
}
