import type { Context } from '../context.js';
import { addPlaceCommand } from './place-command.js';

const COMMANDS: readonly (readonly [name: string, summary: string, example: string])[] = [
  ['activate', 'make the service available on a node', 'activate WEB beta'],
  ['deactivate', 'stop it there and make it unavailable, also after a restart of srrd', 'deactivate WEB'],
  ['start', 'make the node its owner, and end its standby there', 'start WEB beta --pin'],
  ['stop', 'stop it there; that node owns it no more until start or move names it', 'stop WEB'],
  ['move', 'make another node its owner', 'move WEB beta'],
  ['unpin', 'end the effect of --pin', 'unpin WEB beta'],
  ['restart', 'run the primitive restart', 'restart WEB'],
  ['reload', 'run the primitive reload', 'reload WEB'],
  ['check', 'run the primitive check now', 'check WEB'],
  ['status', 'run the primitive status and show what it prints (this node only)', 'status WEB'],
  ['clear', 'forget a failure, and let the node try again', 'clear WEB beta'],
  ['enable', 'allow activation (this node only; kept in the definition file)', 'enable WEB'],
  ['disable', 'forbid activation (this node only; kept in the definition file)', 'disable WEB'],
];

export function addServiceCommands(context: Context): void {
  const service = context.program
    .command('service')
    .description('command a service on this node or another one')
    .addHelpText('after', '\nExample:\n  srrctl service move WEB beta\n');
  const shared = { what: 'service', whatHelp: 'its name', collection: 'services' } as const;
  for (const [name, summary, example] of COMMANDS) {
    addPlaceCommand(context, service, { ...shared, name, summary, example });
  }
}
