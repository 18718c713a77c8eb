import { Argument, type Command } from 'commander';
import { type Context, described, type JsonOption, send, sentence, show } from '../context.js';

interface PlaceOptions extends JsonOption {
  readonly pin?: true;
}

/** A command that is given to something on a node: a service, or a group of them. */
export interface PlaceCommand {
  readonly name: string;
  readonly summary: string;
  readonly example: string;
  /** What is commanded: the name of its argument, what to say of it, and its part of the API's path. */
  readonly what: string;
  readonly whatHelp: string;
  readonly collection: 'services' | 'groups';
}

/** Adds it below `parent`. `move` needs a node; `move` and `start` take `--pin`. */
export function addPlaceCommand(context: Context, parent: Command, command: PlaceCommand): void {
  const { name, what, collection } = command;
  const added = described(parent.command(name), command.summary, `srrctl ${parent.name()} ${command.example}`);
  added.addArgument(new Argument(`<${what}>`, command.whatHelp));
  const node = name === 'move' ? '<node>' : '[node]';
  added.addArgument(new Argument(node, 'router ID or name of the node; without it: this node'));
  if (name === 'move' || name === 'start') {
    added.option('--pin', 'hold it there, against preferences, until it fails, stops, or unpin');
  }
  added.action(async (commanded: string, target: string | undefined, { pin, ...options }: PlaceOptions) => {
    const path = `/${collection}/${encodeURIComponent(commanded)}/${name}`;
    const answer = await send<{ text: string }>(context, 'POST', path, {
      target: target ?? null,
      ...(pin && { pin }),
    });
    show(context, options, answer, sentence);
  });
}
