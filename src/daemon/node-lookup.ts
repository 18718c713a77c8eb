import { parseRouterId, type RouterId } from '../model/index.js';

export interface KnownNode {
  readonly routerId: string;
  readonly name: string;
}

export type Lookup = { readonly routerId: RouterId } | { readonly problem: string };

/** The node that an operator means: a router ID, or a name that exactly one known node has. */
export function lookUpNode(wanted: string, known: readonly KnownNode[]): Lookup {
  const written = parseRouterId(wanted);
  if (written !== undefined) return { routerId: written };
  const named = known.filter((node) => node.name === wanted);
  const [node] = named;
  const id = node === undefined ? undefined : parseRouterId(node.routerId);
  if (named.length > 1) {
    const ids = named.map(({ routerId }) => routerId).join(' and ');
    return { problem: `${ids} are both called ${wanted}; give the router ID` };
  }
  if (id !== undefined) return { routerId: id };
  const names = known.map(({ name }) => name).join(', ');
  return { problem: `no node is called ${wanted}; known are: ${names === '' ? 'none' : names}` };
}
