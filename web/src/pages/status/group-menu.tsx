import type { GroupCommand } from '../../../../src/tables/index.js';
import { currentAsker } from '../../actions/command-menu.js';
import { buttonLabel } from '../../actions/command-words.js';
import { commandGroup } from '../../actions/group-command.js';
import { groupPossibilities } from '../../model/group-commands.js';
import type { GroupPicture } from '../../model/groups.js';
import { Menu } from '../../parts/menu.js';
import { nodeName, picture } from '../../store/cluster.js';

/** Commands to all members of the group at once; those that are not possible say why. */
export function GroupMenu({ group }: { readonly group: GroupPicture }) {
  return (
    <Menu
      id={`group-${group.name}`}
      buttonClass="quiet command-button"
      label="Commands"
      description={`Commands to the group ${group.name}`}
    >
      <GroupCommands group={group} />
    </Menu>
  );
}

function GroupCommands({ group }: { readonly group: GroupPicture }) {
  if (picture.value === null) return null;
  const everywhere = picture.value.nodes.length;
  const all = groupPossibilities(group.services, picture.value, currentAsker());
  const possible = all.filter(({ whyNot }) => whyNot === null);
  const impossible = all.filter(({ whyNot }) => whyNot !== null);
  const common = possible.length === 0 && new Set(impossible.map(({ whyNot }) => whyNot)).size === 1;
  return (
    <>
      <p class="menu-heading">Group {group.name}, all its services at once</p>
      <ul class="menu-list">
        {possible.flatMap(({ command, on }) => [
          ...on.map((id) => <Item key={`${command}@${id}`} group={group} command={command} routerId={id} />),
          ...(command === 'move' ? on : []).map((id) => (
            <Item key={`pin@${id}`} group={group} command="move" routerId={id} pin />
          )),
        ])}
      </ul>
      {impossible.length > 0 && (
        <div class="menu-foot">
          <p class="menu-heading">Not possible now{common && `: ${impossible[0]?.whyNot}`}</p>
          {!common && (
            <dl class="why-not-list">
              {impossible.map(({ command, on, whyNot }) => (
                <div key={`${command} ${whyNot}`}>
                  <dt>{on.length === everywhere ? verbOf(command) : wordsOf(command, on.map(nodeName).join(', '))}</dt>
                  <dd>{whyNot}</dd>
                </div>
              ))}
            </dl>
          )}
        </div>
      )}
    </>
  );
}

interface ItemProps {
  readonly group: GroupPicture;
  readonly command: GroupCommand;
  readonly routerId: string;
  readonly pin?: boolean;
}

function Item({ group, command, routerId, pin = false }: ItemProps) {
  return (
    <li>
      <button
        type="button"
        class="menu-item"
        data-closes
        data-command={`${pin ? 'pin' : command} ${nodeName(routerId)}`}
        onClick={() => void commandGroup({ group, routerId, command, pin })}
      >
        {wordsOf(command, nodeName(routerId))}
        {pin && ' and pin'}
      </button>
    </li>
  );
}

/** "Move to beta", "Stop on alpha, beta". */
function wordsOf(command: GroupCommand, on: string): string {
  return `${verbOf(command)} ${command === 'move' ? 'to' : 'on'} ${on}`;
}

function verbOf(command: GroupCommand): string {
  return buttonLabel(command).replace(' here', '');
}
