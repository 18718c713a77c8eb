import { currentAsker } from '../../actions/command-menu.js';
import { commandService } from '../../actions/service-command.js';
import { possibilities } from '../../model/commands.js';
import type { GroupPicture } from '../../model/groups.js';
import { Menu } from '../../parts/menu.js';
import { nodes, picture } from '../../store/cluster.js';

/** Moves the whole group; a command to any of its members moves all of them. */
export function GroupMenu({ group }: { readonly group: GroupPicture }) {
  return (
    <Menu
      id={`group-${group.name}`}
      buttonClass="quiet command-button"
      label="Commands"
      description={`Commands to the group ${group.name}`}
    >
      <p class="menu-heading">Group {group.name}</p>
      <ul class="menu-list">
        {nodes.value.map(({ routerId, name }) => (
          <MoveItem key={routerId} group={group} routerId={routerId} name={name} />
        ))}
      </ul>
    </Menu>
  );
}

function MoveItem({
  group,
  routerId,
  name,
}: {
  readonly group: GroupPicture;
  readonly routerId: string;
  readonly name: string;
}) {
  if (picture.value === null) return null;
  const data = picture.value;
  const obstacles = group.services.map((service) => {
    const move = possibilities(service, routerId, data, currentAsker()).find(({ command }) => command === 'move');
    return { service, whyNot: move?.whyNot ?? null };
  });
  const free = obstacles.find(({ whyNot }) => whyNot === null);
  const [blocked] = obstacles;
  return (
    <li>
      <button
        type="button"
        class="menu-item"
        data-closes
        disabled={free === undefined}
        onClick={() => {
          if (free !== undefined) void commandService({ service: free.service, routerId, command: 'move' });
        }}
      >
        <span>
          Move to {name}
          {free === undefined && blocked !== undefined && (
            <span class="why-not">
              {blocked.service.name}: {blocked.whyNot}
            </span>
          )}
        </span>
      </button>
    </li>
  );
}
