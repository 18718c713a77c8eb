import type { ServiceStatus } from '../../cluster/index.js';
import type { StatusHead } from '../../http/index.js';
import { type Context, described, type JsonOption } from '../context.js';
import { follow } from '../follow.js';
import { changeLines, drawing, type Picture } from '../live-table.js';
import { printable } from '../printable.js';

interface StatusUpdate extends StatusHead {
  readonly services: readonly ServiceStatus[];
  readonly removed: readonly string[];
  readonly complete: boolean;
  readonly generatedAt: string;
}

export function addWatch(context: Context): void {
  const command = context.program.command('watch');
  described(
    command,
    'show the table of status and keep it up to date, until Ctrl-C; in a pipe: a line for each change',
    'srrctl watch',
    'srrctl watch --json | jq .services',
  ).action(({ json }: JsonOption) => watch(context, json === true));
}

async function watch(context: Context, json: boolean): Promise<void> {
  const { output } = context;
  const size = () => (json ? null : (output.terminal?.() ?? null));
  const services = new Map<string, ServiceStatus>();
  let before: Picture | undefined;
  let picture: Picture | undefined;
  const draw = (trouble: string | null) => {
    const terminal = size();
    if (terminal !== null && picture !== undefined) output.out(drawing(picture, trouble, terminal));
    else if (trouble !== null) output.err(`srrctl: ${trouble}\n`);
  };
  await follow(context, { lost: draw, opened: async () => {} }, ({ event, data }) => {
    if (event !== 'status') return;
    if (json) return output.out(`${JSON.stringify(data)}\n`);
    const { services: changed, removed, complete, generatedAt, ...head } = data as StatusUpdate;
    if (complete) services.clear();
    for (const service of changed) services.set(service.name, service);
    for (const name of removed) services.delete(name);
    before = picture;
    picture = { ...head, services: [...services.values()], generatedAt };
    if (size() === null) output.out(printable(changeLines(before, picture)));
    else draw(null);
  });
}
