import type { ServiceCommand } from '../model/commands.js';

/** What the buttons say. */
export const COMMAND_LABELS: Readonly<Record<ServiceCommand, string>> = {
  move: 'Move here',
  stop: 'Stop here',
  check: 'Check now',
  restart: 'Restart',
  reload: 'Reload',
  clear: 'Clear failure',
  'confirm-stopped': 'Confirm that it does not run',
  activate: 'Activate',
  deactivate: 'Deactivate',
  unpin: 'Unpin',
  enable: 'Enable',
  disable: 'Disable',
};

/** "move WEB to beta, pinned", for the account of what was commanded. */
export function commandWords(command: ServiceCommand, what: string, node: string, pin: boolean): string {
  if (command === 'confirm-stopped') return `confirm that ${what} does not run on ${node}`;
  const verb = COMMAND_LABELS[command].replace(' here', '').toLowerCase();
  return `${verb} ${what} ${command === 'move' ? 'to' : 'on'} ${node}${pin ? ', pinned' : ''}`;
}

/** Whether a failure with this code may have left the service running. */
export function mayStillRun(code: string | undefined): boolean {
  return code === 'stop-failed' || code === 'stop-timed-out';
}
