import { CommandMenu } from '../../actions/command-menu.js';
import { subjectOf } from '../../actions/service-command.js';
import type { NodeStatus, ReplicaStatus, ServiceStatus } from '../../api/types.js';
import { conditionOf } from '../../model/condition.js';
import { StateWord } from '../../parts/mark.js';
import { formatMoment, formatSpan } from '../../parts/time.js';
import { nodeNow } from '../../store/clock.js';
import { nodeName } from '../../store/cluster.js';
import { isUnderWay } from '../../store/commands.js';
import { isTroubled } from './rows.js';

/**
 * One service on one node: what it does there, and what can be done. Its parts are called and not mounted: a screen shows
 * a hundred of these, and each component costs.
 */
export function ReplicaCell({ service, node }: { readonly service: ServiceStatus; readonly node: NodeStatus }) {
  const replica = service.replicas.find(({ routerId }) => routerId === node.routerId);
  const owns = service.owner === node.routerId;
  const condition = replica === undefined ? null : conditionOf(replica, node);
  const kind = owns ? 'replica-owner' : condition?.tone === 'bad' ? 'replica-bad' : '';
  const size = replica === undefined ? 'replica-absent' : isTroubled(replica) ? 'replica-troubled' : '';
  return (
    <td class={`replica ${kind} ${size}`} data-node={node.name} data-state={condition?.word ?? 'absent'}>
      <div class="cell">
        <p class="cell-line replica-head">
          <span class="node-label">{node.name}</span>
          {condition === null ? <span class="muted">not active</span> : StateWord(condition)}
          {owns && <span class="tag tag-owner">owner</span>}
          {replica?.pinned && <span class="tag">pinned</span>}
          {replica?.standby && condition?.word !== 'standby' && <span class="tag">standby</span>}
          {CommandMenu({ service, routerId: node.routerId })}
        </p>
        {replica !== undefined && Facts({ service, replica })}
      </div>
    </td>
  );
}

function Facts({ service, replica }: { readonly service: ServiceStatus; readonly replica: ReplicaStatus }) {
  const underWay = isUnderWay(subjectOf(service.name, replica.routerId));
  const trouble = troubleOf(replica);
  return (
    <>
      <p class="cell-line muted facts">
        <span title="Preference">pref {replica.preference}</span>
        <span title="Claim">claim {replica.claim}</span>
        {replica.lsaId !== null && (
          <span class="mono" title="Link state ID of its announcement">
            {replica.lsaId}
          </span>
        )}
      </p>
      <p class="cell-line muted">
        {underWay === undefined ? <LastCheck replica={replica} /> : <span class="busy-text">{underWay.what} …</span>}
      </p>
      {trouble !== null && (
        <p class={`cell-line trouble-line ${trouble.bad ? 'bad-text' : 'warn-text'}`} title={trouble.text}>
          {trouble.text}
        </p>
      )}
    </>
  );
}

/** A component of its own: it is what changes every second. */
function LastCheck({ replica: { checkStamp, state } }: { readonly replica: ReplicaStatus }) {
  if (checkStamp === 0) return <>{state === 'started' ? 'not checked yet' : 'never checked here'}</>;
  return (
    <span title={formatMoment(checkStamp * 1000)}>checked {formatSpan(nodeNow.value - checkStamp * 1000)} ago</span>
  );
}

/** The one line that matters most; the service's page has all of them. */
function troubleOf({ failure, waitsFor, notCounted }: ReplicaStatus): { text: string; bad: boolean } | null {
  if (failure !== null) return { text: `${failure.code}: ${failure.reason}`, bad: true };
  if (notCounted !== null) return { text: inNames(notCounted), bad: false };
  return waitsFor === null ? null : { text: `waits for ${inNames(waitsFor)}`, bad: false };
}

/** The core names nodes by router ID; people know them by name. */
function inNames(text: string): string {
  return text.replace(/\b\d+\.\d+\.\d+\.\d+\b/g, (id) => nodeName(id));
}
