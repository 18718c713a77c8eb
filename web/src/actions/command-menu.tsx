import { signal } from '@preact/signals';
import type { ServiceCommand } from '../../../src/tables/index.js';
import type { ServiceStatus } from '../api/types.js';
import { type Asker, possibilities } from '../model/commands.js';
import { MenuPanel } from '../parts/menu-panel.js';
import { sameOn } from '../shell/node-menu.js';
import { isHere, nodeName, nodeOf, picture } from '../store/cluster.js';
import { connection, session } from '../store/connection.js';
import { buttonLabel } from './command-words.js';
import { commandService } from './service-command.js';

export function currentAsker(): Asker {
  const { role = 'viewer', readOnly = true } = session.value ?? {};
  return { role, readOnly, live: connection.value.state === 'live' };
}

interface OpenMenu {
  readonly button: HTMLElement;
  readonly service: string;
  readonly routerId: string;
}

const openMenu = signal<OpenMenu | null>(null);

/** Which menu was open when a button was pressed: pressing its own button closes it, and must not open it again. */
let openWhenPressed: HTMLElement | null = null;

/**
 * All commands to a service on one node; those that are not possible say why. A long table has hundreds of these, so they
 * are no more than a button, and share one menu.
 */
export function CommandMenu({ service, routerId }: { readonly service: ServiceStatus; readonly routerId: string }) {
  const { name } = service;
  return (
    <button
      type="button"
      class="menu-button quiet command-button"
      aria-haspopup="true"
      aria-label={`Commands to ${name} on ${nodeName(routerId)}`}
      onPointerDown={() => {
        openWhenPressed = openMenu.peek()?.button ?? null;
      }}
      onClick={({ currentTarget }) => {
        openMenu.value = openWhenPressed === currentTarget ? null : { button: currentTarget, service: name, routerId };
        openWhenPressed = null;
      }}
    >
      Commands
    </button>
  );
}

/** Where the menu appears; there is one. */
export function CommandMenuHost() {
  const open = openMenu.value;
  const service = open === null ? undefined : picture.value?.services.get(open.service);
  if (open === null || service === undefined) return null;
  return (
    <MenuPanel
      key={`${open.service}@${open.routerId}`}
      id="commands"
      button={open.button}
      onClose={() => {
        if (openMenu.peek() === open) openMenu.value = null;
      }}
    >
      <CommandList service={service} routerId={open.routerId} />
    </MenuPanel>
  );
}

function CommandList({ service, routerId }: { readonly service: ServiceStatus; readonly routerId: string }) {
  if (picture.value === null) return null;
  const all = possibilities(service, routerId, picture.value, currentAsker());
  const moves = all.find(({ command }) => command === 'move');
  const node = nodeOf(routerId);
  const there = node === undefined || isHere(routerId) ? null : sameOn(node, servicePath(service.name));
  const possible = all.filter(({ whyNot }) => whyNot === null);
  const impossible = all.filter(({ whyNot }) => whyNot !== null);
  const common = possible.length === 0 && new Set(impossible.map(({ whyNot }) => whyNot)).size === 1;
  return (
    <>
      <p class="menu-heading">
        {service.name} on {nodeName(routerId)}
      </p>
      <ul class="menu-list">
        {possible.map(({ command }) => (
          <CommandItem key={command} service={service} routerId={routerId} command={command} />
        ))}
        {moves?.whyNot === null && <CommandItem key="pin" service={service} routerId={routerId} command="move" pin />}
      </ul>
      {impossible.length > 0 && (
        <div class="menu-foot">
          <p class="menu-heading">Not possible now{common && `: ${impossible[0]?.whyNot}`}</p>
          {!common && (
            <dl class="why-not-list">
              {impossible.map(({ command, whyNot }) => (
                <div key={command}>
                  <dt>{buttonLabel(command)}</dt>
                  <dd>{whyNot}</dd>
                </div>
              ))}
            </dl>
          )}
        </div>
      )}
      <div class="menu-foot">
        {there === null ? (
          <a class="menu-item" href={servicePath(service.name)}>
            Configuration, status and timeline
          </a>
        ) : (
          <a class="menu-item" href={there}>
            Its page on {nodeName(routerId)}
          </a>
        )}
      </div>
    </>
  );
}

interface CommandItemProps {
  readonly service: ServiceStatus;
  readonly routerId: string;
  readonly command: ServiceCommand;
  readonly pin?: boolean;
}

function CommandItem({ service, routerId, command, pin = false }: CommandItemProps) {
  return (
    <li>
      <button
        type="button"
        class="menu-item"
        data-closes
        data-command={pin ? 'pin' : command}
        onClick={() => void commandService({ service, routerId, command, pin })}
      >
        {pin ? 'Move here and pin' : buttonLabel(command)}
      </button>
    </li>
  );
}

export function servicePath(name: string): string {
  return `/services/${encodeURIComponent(name)}`;
}
