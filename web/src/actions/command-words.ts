import { COMMANDS, type CommandRow, type ServiceCommand } from '../../../src/tables/index.js';

/** What the buttons say. */
export function buttonLabel(command: ServiceCommand): string {
  const row: CommandRow = COMMANDS.service[command];
  return row.button?.label ?? command;
}

/** "move WEB to beta, pinned", for the account of what was commanded. */
export function commandWords(command: ServiceCommand, what: string, node: string, pin: boolean): string {
  if (command === 'confirm-stopped') return `confirm that ${what} does not run on ${node}`;
  const verb = buttonLabel(command).replace(' here', '').toLowerCase();
  return `${verb} ${what} ${command === 'move' ? 'to' : 'on'} ${node}${pin ? ', pinned' : ''}`;
}
