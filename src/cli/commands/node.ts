import { type Context, described, type JsonOption, send, sentence, show } from '../context.js';

const ASKED_OF_ANY = {
  standby: 'the node gives everything away and owns nothing',
  unstandby: 'the node may own again',
};

export function addNodeCommands(context: Context): void {
  const node = context.program
    .command('node')
    .description('command a whole node')
    .addHelpText('after', '\nExample:\n  srrctl node standby beta\n');
  for (const [name, summary] of Object.entries(ASKED_OF_ANY)) {
    described(node.command(name), summary, `srrctl node ${name}`, `srrctl node ${name} beta`)
      .argument('[node]', 'router ID or name of the node; without it: this node')
      .action(async (target: string | undefined, options: JsonOption) => {
        const answer = await send<{ text: string }>(context, 'POST', `/node/${name}`, { target: target ?? null });
        show(context, options, answer, sentence);
      });
  }
  const summary = 'stop and withdraw everything on this node, and end srrd';
  described(node.command('shutdown'), summary, 'srrctl node shutdown').action(async (options: JsonOption) => {
    show(context, options, await send<{ text: string }>(context, 'POST', '/node/shutdown', {}), sentence);
  });
}
