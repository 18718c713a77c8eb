import { Argument } from 'commander';
import { type Context, described, type JsonOption, send, show } from '../context.js';
import { EXIT, ExitError } from '../exit.js';

interface RouterOptions extends JsonOption {
  readonly yes?: true;
}

interface RouterAnswer {
  readonly output: string;
  readonly refused: boolean;
}

export function addRouter(context: Context): void {
  const command = context.program.command('router');
  described(
    command,
    'give a command to a routing daemon of this node, as on its own command line',
    'srrctl router ospfd show ip ospf neighbor',
    'srrctl router ospfd --yes "clear ip ospf process"',
  )
    .addArgument(new Argument('<daemon>', 'which one').choices(['zebra', 'ospfd', 'mgmtd']))
    .argument('<command...>', 'the command; several lines are separated by ;')
    .option('--yes', 'also if it is more than show: it may change the configuration')
    .action(async (daemon: string, words: readonly string[], { yes, ...options }: RouterOptions) => {
      const lines = words.join(' ').split(';');
      const commands = lines.map((line) => line.trim()).filter((line) => line !== '');
      const body = { commands, ...(yes ? { confirm: true } : {}) };
      const answer = await send<RouterAnswer>(context, 'POST', `/routers/${daemon}/commands`, body);
      show(context, options, answer, ({ output }) => output.replaceAll('\r', ''));
      if (answer.refused) throw new ExitError(EXIT.refused);
    });
}
