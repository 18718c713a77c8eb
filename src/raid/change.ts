import type { Ballot, Position } from './position.js';
import { positionOf, type View } from './view.js';

/**
 * What follows the view in force. `above` is the highest generation that was asked for since, in vain: what some have
 * written down is never asked for again with another meaning.
 */
export function without(view: View, lost: ReadonlySet<string>, above = view.generation): View {
  return after(view, above, { members: view.members.filter((node) => !lost.has(node)) });
}

/** With a leg that has been filled. */
export function withMember(view: View, node: string, above = view.generation): View {
  return after(view, above, { members: [...view.members.filter((member) => member !== node), node].sort() });
}

/** After the last write, when every member has it on its disk. */
export function stopped(view: View, above = view.generation): View {
  return after(view, above, { clean: true });
}

export interface Beginning {
  readonly ballot: Ballot;
  readonly members: readonly string[];
  readonly voters: readonly string[];
  readonly minimumLegs: number;
  readonly size: number;
}

/** The first view of an owner. `from` is what its members have; with a new lineage the data part there from all others. */
export function begun(newest: View, from: Position, beginning: Beginning, newLineage: string | undefined): View {
  const parting =
    newLineage === undefined ? {} : { lineage: newLineage, history: [positionOf(from), ...newest.history] };
  return { ...after(newest, newest.generation, beginning), previous: positionOf(from), ...parting };
}

/** The very first view of all. */
export function created({ ballot, members, voters, minimumLegs, size }: Beginning, lineage: string): View {
  const nothing = { generation: 1, clean: false, previous: undefined, history: [] };
  return { lineage, ballot, members, voters, minimumLegs, size, ...nothing };
}

function after(view: View, above: number, changes: Partial<View>): View {
  return { ...view, generation: above + 1, previous: positionOf(view), clean: false, ...changes };
}
