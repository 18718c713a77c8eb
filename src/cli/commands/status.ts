import { type Context, described, getStatus, type JsonOption, show } from '../context.js';
import { describeStatus } from '../status-table.js';

export function addStatus(context: Context): void {
  const command = context.program.command('status');
  described(command, 'show nodes, services and owners as this node sees them', 'srrctl status').action(
    async (options: JsonOption) => show(context, options, await getStatus(context), describeStatus),
  );
}
