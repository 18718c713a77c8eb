import { servicePath } from '../../actions/command-menu.js';
import type { NodeStatus, ServiceStatus } from '../../api/types.js';
import { type GroupPicture, groupWords } from '../../model/groups.js';
import { Mark } from '../../parts/mark.js';
import { memo } from '../../parts/memo.js';
import { nodeName } from '../../store/cluster.js';
import { GroupMenu } from './group-menu.js';
import { ReplicaCell } from './replica-cell.js';

export interface GroupRowProps {
  readonly group: GroupPicture;
  readonly index: number;
  readonly nodes: readonly NodeStatus[];
}

export const GroupRow = memo(function GroupRow({ group, index, nodes }: GroupRowProps) {
  return (
    <tr class="group-row" aria-rowindex={index} data-group={group.name}>
      <th scope="rowgroup" colSpan={nodes.length + 1}>
        <div class="group-head">
          <Mark tone={group.tone} />
          <span class="muted">Group</span> <strong>{group.name}</strong>
          <span class={group.tone === 'bad' ? 'bad-text' : 'muted'}>{groupWords(group, nodeName)}</span>
          <GroupMenu group={group} />
        </div>
      </th>
    </tr>
  );
});

export interface ServiceRowProps {
  readonly service: ServiceStatus;
  /** Its group, if that is no more than the service itself. */
  readonly single: GroupPicture | null;
  readonly index: number;
  readonly nodes: readonly NodeStatus[];
  /** Some replica has a line to say about what is wrong. */
  readonly tall: boolean;
}

export const ServiceRow = memo(function ServiceRow({ service, single, index, nodes, tall }: ServiceRowProps) {
  return (
    <tr class={tall ? 'service-row service-row-tall' : 'service-row'} aria-rowindex={index} data-service={service.name}>
      <th scope="row" class={single === null ? 'service-cell service-member' : 'service-cell'}>
        <div class="cell">
          <p class="cell-line">
            {single !== null && <Mark tone={single.tone} />}
            <a href={servicePath(service.name)}>{service.name}</a>
          </p>
          <p class="cell-line mono muted" title={service.addresses.join(', ')}>
            {service.kind === 'resource' ? 'resource' : addressWords(service.addresses)}
          </p>
          {single !== null && (
            <p class={`cell-line ${single.tone === 'bad' ? 'bad-text' : 'muted'}`}>{groupWords(single, nodeName)}</p>
          )}
        </div>
      </th>
      {nodes.map((node) => (
        <ReplicaCell key={node.routerId} service={service} node={node} />
      ))}
    </tr>
  );
});

function addressWords([first, ...others]: readonly string[]): string {
  if (first === undefined) return 'no address';
  return others.length === 0 ? first : `${first} +${others.length}`;
}
