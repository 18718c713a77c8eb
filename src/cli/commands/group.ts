import { Argument } from 'commander';
import { type Context, described, type JsonOption, send, sentence, show } from '../context.js';

const COMMANDS: readonly (readonly [name: string, summary: string, example: string])[] = [
  ['activate', 'make all its services available on a node', 'activate SHOP beta'],
  ['deactivate', 'stop them there and make them unavailable, also after a restart of srrd', 'deactivate SHOP'],
  ['start', 'make the node its owner, and end the standby of all its services there', 'start SHOP beta --pin'],
  ['stop', 'stop it there; that node owns it no more until start or move names it', 'stop SHOP'],
  ['move', 'make another node its owner', 'move SHOP beta'],
  ['unpin', 'end the effect of --pin', 'unpin SHOP beta'],
  ['clear', 'forget the failures of its services, and let the node try again', 'clear SHOP beta'],
];

interface GroupOptions extends JsonOption {
  readonly pin?: true;
}

export function addGroupCommands(context: Context): void {
  const group = context.program
    .command('group')
    .description('command all services of a group on this node or another one')
    .addHelpText('after', '\nExample:\n  srrctl group move SHOP beta\n');
  for (const [name, summary, example] of COMMANDS) {
    const command = described(group.command(name), summary, `srrctl group ${example}`);
    command.addArgument(new Argument('<group>', 'its name; a service without a group is a group of its own name'));
    const node = name === 'move' ? '<node>' : '[node]';
    command.addArgument(new Argument(node, 'router ID or name of the node; without it: this node'));
    if (name === 'move' || name === 'start') {
      command.option('--pin', 'hold it there, against preferences, until it fails, stops, or unpin');
    }
    command.action(async (groupName: string, target: string | undefined, { pin, ...options }: GroupOptions) => {
      const path = `/groups/${encodeURIComponent(groupName)}/${name}`;
      const answer = await send<{ text: string }>(context, 'POST', path, {
        target: target ?? null,
        ...(pin && { pin }),
      });
      show(context, options, answer, sentence);
    });
  }
}
