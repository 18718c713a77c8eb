import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Graph, pathTo, shortestPaths } from './spf.js';

function graph(edges: readonly (readonly [string, string, number])[]): Graph {
  const made = new Map<string, { to: string; cost: number }[]>();
  for (const [from, to, cost] of edges) {
    made.set(from, [...(made.get(from) ?? []), { to, cost }]);
    if (!made.has(to)) made.set(to, []);
  }
  return made;
}

describe('shortest paths', () => {
  it('take the cheaper way round, and name it', () => {
    const tree = shortestPaths(
      graph([
        ['a', 'b', 10],
        ['a', 'c', 3],
        ['c', 'b', 3],
      ]),
      'a',
    );
    expect(tree.get('b')).toEqual({ distance: 6, parents: ['c'] });
    expect(pathTo(tree, 'b')).toEqual(['a', 'c', 'b']);
  });

  it('keep all parents where costs are equal', () => {
    const tree = shortestPaths(
      graph([
        ['a', 'b', 1],
        ['a', 'c', 1],
        ['b', 'd', 1],
        ['c', 'd', 1],
      ]),
      'a',
    );
    expect(tree.get('d')?.parents.toSorted()).toEqual(['b', 'c']);
  });

  it('leave out what is not reached, and are none without the root', () => {
    const made = graph([['a', 'b', 1]]);
    expect(shortestPaths(made, 'b').has('a')).toBe(false);
    expect(pathTo(shortestPaths(made, 'b'), 'a')).toBeUndefined();
    expect(shortestPaths(made, 'z').size).toBe(0);
  });

  it('end where costs of 0 lead in a circle', () => {
    const tree = shortestPaths(
      graph([
        ['a', 'b', 0],
        ['b', 'a', 0],
        ['b', 'c', 0],
        ['c', 'b', 0],
      ]),
      'a',
    );
    expect(pathTo(tree, 'c')).toEqual(['a', 'b', 'c']);
  });

  it('are the ones that trying all finds, in random graphs', () => {
    const vertex = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
    const edge = fc.tuple(vertex, vertex, fc.integer({ min: 1, max: 9 }));
    fc.assert(
      fc.property(fc.array(edge, { maxLength: 20 }), (edges) => {
        const tree = shortestPaths(graph([['a', 'a', 1], ...edges]), 'a');
        const expected = relaxed(edges);
        expect(new Map([...tree].map(([id, { distance }]) => [id, distance]))).toEqual(expected);
        for (const [id, { distance }] of tree) {
          const path = pathTo(tree, id) ?? [];
          const cost = path.slice(1).reduce((sum, to, index) => sum + cheapest(edges, path[index]!, to), 0);
          expect([path[0], cost]).toEqual(['a', distance]);
        }
      }),
      { numRuns: 300 },
    );
  });
});

/** Bellman-Ford: another way to the same distances. */
function relaxed(edges: readonly (readonly [string, string, number])[]): Map<string, number> {
  const distances = new Map([['a', 0]]);
  for (let round = 0; round < 6; round++) {
    for (const [from, to, cost] of edges) {
      const distance = (distances.get(from) ?? Number.POSITIVE_INFINITY) + cost;
      if (distance < (distances.get(to) ?? Number.POSITIVE_INFINITY)) distances.set(to, distance);
    }
  }
  return distances;
}

function cheapest(edges: readonly (readonly [string, string, number])[], from: string, to: string): number {
  return Math.min(...edges.filter((edge) => edge[0] === from && edge[1] === to).map((edge) => edge[2]));
}
