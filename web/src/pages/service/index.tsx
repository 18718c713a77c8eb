import { CommandMenu } from '../../actions/command-menu.js';
import type { ServiceStatus } from '../../api/types.js';
import { conditionOf } from '../../model/condition.js';
import { inNames } from '../../parts/event-row.js';
import { StateWord } from '../../parts/mark.js';
import { Wide } from '../../parts/scroll.js';
import { formatMoment, formatSpan } from '../../parts/time.js';
import { Trouble } from '../../parts/trouble.js';
import { Waiting } from '../../parts/waiting.js';
import { sameOn } from '../../shell/node-menu.js';
import { nodeNow } from '../../store/clock.js';
import { isHere, nodeName, nodeOf, nodes, picture } from '../../store/cluster.js';
import type { Page, PageParams } from '../page.js';
import { Configurations } from './configurations.js';
import { RunNow } from './run-now.js';
import { Timeline } from './timeline.js';

export const servicePage: Page = {
  pattern: '/services/:name',
  title: ({ name }) => name ?? 'Service',
  component: ServicePage,
  below: '/status',
};

function ServicePage({ params }: { readonly params: PageParams }) {
  const name = params.name ?? '';
  if (picture.value === null) return <Waiting what="Asking the node" />;
  const service = picture.value.services.get(name);
  if (service === undefined) return <Unknown name={name} />;
  return (
    <>
      <div class="title-line">
        <h1>
          {name} <span class="tag">{service.kind}</span>
          {service.group !== name && (
            <a class="tag" href={`/status?text=${encodeURIComponent(service.group)}`}>
              group {service.group}
            </a>
          )}
        </h1>
        <span>
          {service.addresses.map((address) => (
            <code key={address} class="address">
              {address}
            </code>
          ))}{' '}
          <span class={service.owner === null ? 'bad-text' : 'muted'}>
            {service.owner === null ? 'started nowhere' : `runs on ${nodeName(service.owner)}`}
          </span>
        </span>
      </div>
      <Replicas service={service} />
      <div class="two-columns three-to-two">
        <Configurations service={service} />
        <RunNow service={service} />
      </div>
      <Timeline name={name} />
    </>
  );
}

function Unknown({ name }: { readonly name: string }) {
  return (
    <Trouble
      title={`No service ${name}`}
      what={`This node knows of no service with the name ${name}: none is configured here, and no other node announces one.`}
      todo={[
        <>
          See all services in the <a href="/status">service status</a>.
        </>,
        <>
          If it is configured on another node and inactive, that node alone knows it: choose the node from the node
          menu.
        </>,
        <>
          Add it here: <a href={`/new-definition?name=${encodeURIComponent(name)}`}>new definition</a>.
        </>,
      ]}
    />
  );
}

/** The service on every node, with everything the status tells. */
function Replicas({ service }: { readonly service: ServiceStatus }) {
  return (
    <section class="panel" aria-labelledby="replicas-title">
      <h2 id="replicas-title">On each node</h2>
      <Wide label="The service on each node">
        <table class="table replicas-table">
          <thead>
            <tr>
              <th scope="col">Node</th>
              <th scope="col">State</th>
              <th scope="col">Preference</th>
              <th scope="col">Claim</th>
              <th scope="col">LSA ID</th>
              <th scope="col">Last check</th>
              <th scope="col">Remarks</th>
              <th scope="col">
                <span class="hidden">Commands</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {nodes.value.map(({ routerId }) => (
              <ReplicaLine key={routerId} service={service} routerId={routerId} />
            ))}
          </tbody>
        </table>
      </Wide>
    </section>
  );
}

function ReplicaLine({ service, routerId }: { readonly service: ServiceStatus; readonly routerId: string }) {
  const node = nodeOf(routerId);
  const replica = service.replicas.find((each) => each.routerId === routerId);
  const href = node === undefined || isHere(routerId) ? null : sameOn(node);
  const condition = replica === undefined ? null : conditionOf(replica, node);
  return (
    <tr data-node={node?.name} data-state={condition?.word ?? 'absent'}>
      <th scope="row">
        {href === null ? nodeName(routerId) : <a href={href}>{nodeName(routerId)}</a>}
        {isHere(routerId) && <span class="tag">this node</span>}
      </th>
      <td>
        {condition === null ? <span class="muted">not active</span> : <StateWord {...condition} />}
        {service.owner === routerId && <span class="tag tag-owner">owner</span>}
        {replica !== undefined && <div class="muted mono">{`${replica.config}/${replica.state}`}</div>}
      </td>
      <td>{replica?.preference}</td>
      <td>
        {replica?.claim}
        {replica?.pinned && <span class="tag">pinned</span>}
      </td>
      <td class="mono">{replica?.lsaId ?? '–'}</td>
      <td>{replica !== undefined && <CheckedAgo stamp={replica.checkStamp} />}</td>
      <td class="remarks">
        {replica?.failure && (
          <p class="bad-text">
            {replica.failure.code}: {replica.failure.reason}
          </p>
        )}
        {replica?.notCounted && <p class="warn-text">Does not count: {inNames(replica.notCounted)}</p>}
        {replica?.waitsFor && <p>Waits for {inNames(replica.waitsFor)}</p>}
        {replica?.standby && <p>On standby until start or move names it</p>}
        {replica?.joining && <p>Joining</p>}
      </td>
      <td>
        <CommandMenu service={service} routerId={routerId} />
      </td>
    </tr>
  );
}

function CheckedAgo({ stamp }: { readonly stamp: number }) {
  if (stamp === 0) return <>never</>;
  return <span title={formatMoment(stamp * 1000)}>{formatSpan(nodeNow.value - stamp * 1000)} ago</span>;
}
