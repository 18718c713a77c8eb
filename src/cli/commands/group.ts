import type { Context } from '../context.js';
import { addPlaceCommand } from './place-command.js';

const COMMANDS: readonly (readonly [name: string, summary: string, example: string])[] = [
  ['activate', 'make all its services available on a node', 'activate SHOP beta'],
  ['deactivate', 'stop them there and make them unavailable, also after a restart of srrd', 'deactivate SHOP'],
  ['start', 'make the node its owner, and end the standby of all its services there', 'start SHOP beta --pin'],
  ['stop', 'stop it there; that node owns it no more until start or move names it', 'stop SHOP'],
  ['move', 'make another node its owner', 'move SHOP beta'],
  ['unpin', 'end the effect of --pin', 'unpin SHOP beta'],
  ['clear', 'forget the failures of its services, and let the node try again', 'clear SHOP beta'],
];

export function addGroupCommands(context: Context): void {
  const group = context.program
    .command('group')
    .description('command all services of a group on this node or another one')
    .addHelpText('after', '\nExample:\n  srrctl group move SHOP beta\n');
  const shared = {
    what: 'group',
    whatHelp: 'its name; a service without a group is a group of its own name',
    collection: 'groups',
  } as const;
  for (const [name, summary, example] of COMMANDS) {
    addPlaceCommand(context, group, { ...shared, name, summary, example });
  }
}
