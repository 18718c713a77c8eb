import { Argument, type Command } from 'commander';
import { type Context, described, type JsonOption, send, sentence, show } from '../context.js';
import { addPlaceCommand } from './place-command.js';
import { addServiceTry } from './service-try.js';

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
  ['clear', 'forget its failure on a node, and let that node try again', 'clear WEB beta'],
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
  addConfirmStopped(context, service);
  addServiceTry(context, service);
}

/** Names the node, and nothing is left out: whoever says this unchecked may have a disk mounted twice. */
function addConfirmStopped(context: Context, service: Command): void {
  const name = 'confirm-stopped';
  const summary = 'say that you have made sure that a resource does not run on a node whose srrd is dead';
  described(service.command(name), summary, `srrctl service ${name} DISK gamma`)
    .addArgument(new Argument('<service>', 'name of the resource'))
    .addArgument(new Argument('<node>', 'router ID or name of the node on which it does not run any more'))
    .addHelpText(
      'after',
      `
The cluster cannot tell. Look on that node, or switch it off: afterwards another node may start the resource at once,
and if it still runs there, two nodes use it.
`,
    )
    .action(async (resource: string, on: string, options: JsonOption) => {
      const path = `/services/${encodeURIComponent(resource)}/${name}`;
      show(context, options, await send<{ text: string }>(context, 'POST', path, { on }), sentence);
    });
}
