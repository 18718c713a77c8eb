import type { Waiting } from './start.js';
import type { NodeRecord, View } from './view.js';

/** What an operator at night needs besides the decision. */
export interface Circumstances {
  readonly self: string;
  readonly own: NodeRecord;
  /** When each node was last heard, in words such as `14:02`; undefined: not since this program began. */
  readonly lastHeard: ReadonlyMap<string, string>;
}

/** Why a disk does not start, for whom it waits, and what can be done. One line. */
export function sentenceOf({ why }: Waiting, circumstances: Circumstances): string {
  switch (why.code) {
    case 'fenced':
      return `${why.by.node} has taken the disk under claim ${why.by.claim}, which is newer than this node's: expected srrd to come with a newer one`;
    case 'first-start-needs-all':
      return `the disk is new, and the first start needs an answer of every node: waiting for ${named(why.missing, circumstances)}; \`force-start\` begins without, and loses what they may have`;
    case 'may-be-newer':
      return `the freshest data may be on ${named(why.missing, circumstances)}; \`force-start\` ${loss(why.view, why.missing, circumstances)}`;
    case 'no-source':
      return `the freshest data are on ${named(why.missing.length > 0 ? why.missing : why.view.members, circumstances)}, and no other leg has them; \`force-start\` ${loss(why.view, why.view.members, circumstances)}`;
    case 'too-few-legs':
      return `${why.have} legs are there that can be used, and minimumLegs is ${why.minimumLegs}: bring more nodes, or lower it`;
    case 'wrong-size':
      return `the leg of ${why.node} has ${why.has} bytes, expected ${why.expected}: nothing was touched; give it a disk of that size, or correct SIZE`;
  }
}

function named(nodes: readonly string[], { lastHeard }: Circumstances): string {
  return nodes
    .map((node) => {
      const since = lastHeard.get(node);
      return `${node}, which is not reachable ${since === undefined ? 'and was not heard yet' : `since ${since}`}`;
    })
    .join(', and on ');
}

function loss(view: View, nodes: readonly string[], { self, own }: Circumstances): string {
  const others = nodes.filter((node) => node !== self);
  const whose = others.length === 0 ? 'what they' : `what ${others.join(' and ')}`;
  if (own.leg === undefined) return `uses the best leg that is reached, and loses ${whose} may have`;
  if (own.leg.filling) return `does not help on this node, whose leg is only half filled`;
  if (own.leg.of === undefined) return `does not help on this node, whose leg is blank`;
  const behind = view.generation - own.leg.of.generation;
  const age = behind <= 0 ? 'as old as the last view it knows' : `${behind} generation${behind === 1 ? '' : 's'} older`;
  return `uses ${self}'s, ${age}, and loses ${whose} may have`;
}
