import type { ServiceCommand } from '../../../../src/tables/index.js';
import { currentAsker } from '../../actions/command-menu.js';
import { commandService } from '../../actions/service-command.js';
import { remove } from '../../api/client.js';
import type { DefinitionEntry, ServiceStatus } from '../../api/types.js';
import { possibilities } from '../../model/commands.js';
import { conditionOf } from '../../model/condition.js';
import { confirm } from '../../parts/dialog.js';
import { StateWord } from '../../parts/mark.js';
import { memo } from '../../parts/memo.js';
import { Menu } from '../../parts/menu.js';
import { nodeOf, picture } from '../../store/cluster.js';
import { giveCommand } from '../../store/commands.js';
import { whyNotAdmin } from './permission.js';

/** Pixels; the same as in styles.css. */
export const ROW_HEIGHT = 37;

export interface DefinitionRowProps {
  readonly entry: DefinitionEntry;
  readonly reload: () => void;
}

export const DefinitionRow = memo(function DefinitionRow({ entry, reload }: DefinitionRowProps) {
  const { name, definition, problems, inForce } = entry;
  const service = picture.value?.services.get(name);
  const self = picture.value?.node.routerId ?? '';
  const replica = service?.replicas.find(({ routerId }) => routerId === self);
  const condition = replica === undefined ? null : conditionOf(replica, nodeOf(self));
  const text = (key: string, byDefault: string): string => {
    const value = definition[key];
    if (Array.isArray(value)) return value.length === 0 ? byDefault : value.join(' ');
    return value === undefined || value === null ? byDefault : String(value);
  };
  const addresses = text('addresses', '');
  const check = definition.check as { readonly interval?: string } | undefined;
  return (
    <tr data-definition={name}>
      <td>
        {condition === null ? (
          <span class="muted">not in force</span>
        ) : (
          StateWord({ tone: condition.tone, word: replica?.config ?? condition.word })
        )}
      </td>
      <td class="mono">{replica?.lsaId ?? '–'}</td>
      <td>{text('kind', addresses === '' ? 'resource' : 'service')}</td>
      <th scope="row">
        <a href={`/configuration/${encodeURIComponent(name)}`}>{name}</a>
        {problems.length > 0 && (
          <span class="tag tag-bad" title={problems.join('\n')}>
            {problems.length === 1 ? '1 problem' : `${problems.length} problems`}
          </span>
        )}
        {problems.length === 0 && !inForce && (
          <span class="tag" title="It applies when the service is next inactive here">
            waits
          </span>
        )}
      </th>
      <td class="mono" title={addresses}>
        {addresses === '' ? '–' : addresses}
      </td>
      <td>{text('scope', 'as')}</td>
      <td>{text('link', '–')}</td>
      <td class="mono">{text('area', 'own')}</td>
      <td class="number">{text('preference', '100')}</td>
      <td>{check?.interval ?? '10s'}</td>
      <td>{text('group', name)}</td>
      <td>{text('dependsOn', '–')}</td>
      <td>{text('critical', text('group', name) === name ? 'true' : 'false')}</td>
      <td>
        <RowMenu entry={entry} service={service} self={self} reload={reload} />
      </td>
    </tr>
  );
});

const SWITCHES = ['enable', 'disable', 'activate', 'deactivate'] as const satisfies readonly ServiceCommand[];

interface RowMenuProps extends DefinitionRowProps {
  readonly service: ServiceStatus | undefined;
  readonly self: string;
}

function RowMenu({ entry, service, self, reload }: RowMenuProps) {
  return (
    <Menu
      id={`definition-${entry.name}`}
      buttonClass="quiet command-button"
      label="Commands"
      description={`Commands to the definition of ${entry.name}`}
    >
      <RowMenuItems entry={entry} service={service} self={self} reload={reload} />
    </Menu>
  );
}

function RowMenuItems({ entry, service, self, reload }: RowMenuProps) {
  const { name, editable, whyNot } = entry;
  const noAdmin = whyNotAdmin();
  const whyNoDelete = noAdmin ?? (editable ? null : whyNot);
  const switches =
    service === undefined || picture.value === null
      ? []
      : possibilities(service, self, picture.value, currentAsker()).filter(({ command }) =>
          SWITCHES.some((each) => each === command),
        );
  return (
    <ul class="menu-list">
      <li>
        <a class="menu-item" href={`/configuration/${encodeURIComponent(name)}`}>
          {editable && noAdmin === null ? 'Edit' : 'Look at it'}
          {!editable && <span class="why-not">{whyNot}</span>}
        </a>
      </li>
      {service !== undefined &&
        switches.map(({ command, whyNot: obstacle }) => (
          <li key={command}>
            <button
              type="button"
              class="menu-item"
              data-closes
              data-command={command}
              disabled={obstacle !== null}
              onClick={() => void commandService({ service, routerId: self, command }).then(reload)}
            >
              <span>
                {command.charAt(0).toUpperCase() + command.slice(1)}
                {obstacle !== null && <span class="why-not">{obstacle}</span>}
              </span>
            </button>
          </li>
        ))}
      <li class="menu-foot">
        <button
          type="button"
          class="menu-item"
          data-closes
          data-command="delete"
          disabled={whyNoDelete !== null}
          onClick={() => void deleteDefinition(name).then(reload)}
        >
          <span>Delete …{whyNoDelete !== null && <span class="why-not">{whyNoDelete}</span>}</span>
        </button>
      </li>
    </ul>
  );
}

export async function deleteDefinition(name: string): Promise<boolean> {
  const agreed = await confirm({
    title: `Delete the definition of ${name}?`,
    tone: 'danger',
    deed: `Delete ${name}`,
    typed: name,
    body: (
      <p>
        The file is removed from this node. Other nodes keep theirs, and go on running the service. Export the
        definitions first if you may want it back.
      </p>
    ),
  });
  if (!agreed) return false;
  const answer = await giveCommand(
    `delete the definition of ${name}`,
    name,
    () => remove<{ text?: string }>(`/definitions/${encodeURIComponent(name)}`),
    (said) => said?.text ?? 'deleted',
  );
  return answer !== undefined;
}
