/** A directed graph: what a vertex reaches over its own links, at which cost. */
export type Graph = ReadonlyMap<string, readonly Edge[]>;

export interface Edge {
  readonly to: string;
  readonly cost: number;
}

/** How the root reaches a vertex. */
export interface Reach {
  readonly distance: number;
  /** The vertices before it on the shortest paths, several where costs are equal. Empty for the root. */
  readonly parents: readonly string[];
}

/**
 * The shortest path tree of RFC 2328 section 16.1 step 2 (Dijkstra). The graph must have only the edges that are linked
 * back (step 2b). Vertices that the root does not reach are not in the answer.
 */
export function shortestPaths(graph: Graph, root: string): ReadonlyMap<string, Reach> {
  const done = new Map<string, Reach>();
  const candidates = new Heap();
  const best = new Map<string, { distance: number; parents: string[] }>();
  if (!graph.has(root)) return done;
  best.set(root, { distance: 0, parents: [] });
  candidates.push(0, root);
  for (let next = candidates.pop(); next !== undefined; next = candidates.pop()) {
    const reach = best.get(next.vertex);
    if (reach === undefined || done.has(next.vertex)) continue;
    done.set(next.vertex, reach);
    for (const { to, cost } of graph.get(next.vertex) ?? []) {
      const distance = reach.distance + cost;
      const known = best.get(to);
      if (known === undefined || distance < known.distance) {
        best.set(to, { distance, parents: [next.vertex] });
        candidates.push(distance, to);
      } else if (distance === known.distance && to !== root && !known.parents.includes(next.vertex)) {
        known.parents.push(next.vertex);
      }
    }
  }
  return done;
}

/** One shortest path to the vertex, from the root on; undefined if it is not reached. */
export function pathTo(tree: ReadonlyMap<string, Reach>, vertex: string): string[] | undefined {
  const path: string[] = [];
  for (let at: string | undefined = vertex; at !== undefined; ) {
    const reach: Reach | undefined = tree.get(at);
    // Edges of cost 0 in both directions could make a circle of parents.
    if (reach === undefined || path.includes(at)) return undefined;
    path.unshift(at);
    at = reach.parents[0];
  }
  return path;
}

/** A binary heap, smallest distance first. */
class Heap {
  readonly #items: { readonly distance: number; readonly vertex: string }[] = [];

  push(distance: number, vertex: string): void {
    const items = this.#items;
    let at = items.length;
    items.push({ distance, vertex });
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if ((items[parent]?.distance ?? 0) <= distance) break;
      this.#swap(at, parent);
      at = parent;
    }
  }

  pop(): { readonly distance: number; readonly vertex: string } | undefined {
    const items = this.#items;
    const [first] = items;
    const last = items.pop();
    if (first === undefined || last === undefined || items.length === 0) return first;
    items[0] = last;
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      const right = left + 1;
      const smaller = this.#distance(right) < this.#distance(left) ? right : left;
      if (this.#distance(smaller) >= last.distance) return first;
      this.#swap(at, smaller);
      at = smaller;
    }
  }

  #distance(at: number): number {
    return this.#items[at]?.distance ?? Number.POSITIVE_INFINITY;
  }

  #swap(a: number, b: number): void {
    const [first, second] = [this.#items[a], this.#items[b]];
    if (first === undefined || second === undefined) return;
    this.#items[a] = second;
    this.#items[b] = first;
  }
}
