import type { SimulationDocument } from '../../http/index.js';
import { type Context, described, get, getStatus, type JsonOption, query, show } from '../context.js';
import { UsageError } from '../exit.js';
import { describeSimulation } from '../status-table.js';
import { readQuestion } from './simulation-question.js';

const HELP = `
A question is one of:
  lose NODE            the node fails, or is cut off
  return NODE          it comes back, well, with everything stopped
  standby NODE         it is put on standby
  stop NODE SERVICE    the service is put on standby there
  move NODE SERVICE    the service, and with it its group, is moved there
  pin NODE SERVICE     the same with --pin
  stop-group, move-group, pin-group NODE GROUP
                       the same for all services of a group at once

It is answered from what this node knows now, by the rules that would decide. Nothing is done.
`;

export function addSimulate(context: Context): void {
  const summary = 'show where every service would be if something happened; nothing is done';
  const command = context.program.command('simulate').addHelpText('after', HELP);
  described(command, summary, 'srrctl simulate "lose beta"', 'srrctl simulate move beta WEB')
    .argument('<question...>', 'such as "lose beta"')
    .action(async (words: readonly string[], options: JsonOption) => {
      const question = readQuestion(words.join(' '));
      if (typeof question === 'string') throw new UsageError(question);
      const simulation = await get<SimulationDocument>(context, `/simulate${query({ ...question })}`);
      const nodes = options.json ? [] : (await getStatus(context)).nodes;
      show(context, options, simulation, ({ groups }) => describeSimulation(groups, nodes));
    });
}
