export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface LayoutInput {
  readonly vertices: readonly string[];
  readonly edges: readonly (readonly [string, string])[];
  /** In the middle; null: none. */
  readonly root: string | null;
  /** Where vertices were drawn before: a picture that changes should stay as it was as far as it can. */
  readonly before: ReadonlyMap<string, Point>;
}

/** The length that an edge would like to have. */
export const EDGE_LENGTH = 130;

/** Pairs of vertices that are looked at altogether; about half a second. */
const MOST_PAIRS = 12_000_000;
const MOST_ROUNDS = 300;

/**
 * Where to draw the vertices of a graph: in rings around the root by the number of hops, then pushed apart and pulled
 * along the edges (Fruchterman and Reingold). The same input gives the same picture.
 */
export function layOut({ vertices, edges, root, before }: LayoutInput): ReadonlyMap<string, Point> {
  const index = new Map(vertices.map((id, at) => [id, at]));
  const pairs = edges.flatMap(([a, b]): [number, number][] => {
    const [from, to] = [index.get(a), index.get(b)];
    return from === undefined || to === undefined || from === to ? [] : [[from, to]];
  });
  const start = rings(vertices, neighbours(vertices.length, pairs), root === null ? 0 : (index.get(root) ?? 0));
  const x = Float64Array.from(vertices, (id, at) => before.get(id)?.x ?? start[at]?.x ?? 0);
  const y = Float64Array.from(vertices, (id, at) => before.get(id)?.y ?? start[at]?.y ?? 0);
  const isKnown = vertices.length > 0 && vertices.every((id) => before.has(id));
  if (!isKnown) relax(x, y, pairs);
  return new Map(vertices.map((id, at) => [id, { x: x[at] ?? 0, y: y[at] ?? 0 }]));
}

function neighbours(count: number, pairs: readonly [number, number][]): number[][] {
  const lists: number[][] = Array.from({ length: count }, () => []);
  for (const [a, b] of pairs) {
    lists[a]?.push(b);
    lists[b]?.push(a);
  }
  return lists;
}

function rings(vertices: readonly string[], lists: readonly number[][], root: number): Point[] {
  const depth = new Array<number>(vertices.length).fill(-1);
  let deepest = 0;
  // What the root does not reach comes after it, as a ring of its own further out.
  for (const seed of [root, ...vertices.keys()]) {
    if (depth[seed] !== -1) continue;
    depth[seed] = seed === root ? 0 : deepest + 1;
    for (let queue = [seed]; queue.length > 0; ) {
      const next: number[] = [];
      for (const at of queue) {
        for (const other of lists[at] ?? []) {
          if (depth[other] !== -1) continue;
          depth[other] = (depth[at] ?? 0) + 1;
          next.push(other);
        }
      }
      queue = next;
    }
    deepest = Math.max(deepest, ...depth);
  }
  const places: Point[] = [];
  for (let ring = 0; ring <= deepest; ring++) {
    const members = [...vertices.keys()].filter((at) => depth[at] === ring);
    members.forEach((at, position) => {
      // Turned a little with each ring, so that no two vertices are exactly above each other.
      const angle = (2 * Math.PI * position) / members.length + ring * 0.7;
      places[at] = { x: ring * EDGE_LENGTH * Math.cos(angle), y: ring * EDGE_LENGTH * Math.sin(angle) };
    });
  }
  return places;
}

function relax(x: Float64Array, y: Float64Array, pairs: readonly [number, number][]): void {
  const count = x.length;
  const rounds = Math.min(MOST_ROUNDS, Math.floor(MOST_PAIRS / (count * count + 1)));
  const pushX = new Float64Array(count);
  const pushY = new Float64Array(count);
  for (let round = 0; round < rounds; round++) {
    pushX.fill(0);
    pushY.fill(0);
    repel(x, y, pushX, pushY);
    attract(x, y, pushX, pushY, pairs);
    const most = EDGE_LENGTH * 0.5 * (1 - round / rounds);
    for (let at = 0; at < count; at++) {
      const [dx, dy] = [pushX[at] ?? 0, pushY[at] ?? 0];
      const length = Math.hypot(dx, dy) || 1;
      const step = Math.min(length, most) / length;
      x[at] = (x[at] ?? 0) + dx * step;
      y[at] = (y[at] ?? 0) + dy * step;
    }
  }
}

function repel(x: Float64Array, y: Float64Array, pushX: Float64Array, pushY: Float64Array): void {
  for (let a = 0; a < x.length; a++) {
    for (let b = a + 1; b < x.length; b++) {
      const dx = (x[a] ?? 0) - (x[b] ?? 0) || 0.01 * (b - a);
      const dy = (y[a] ?? 0) - (y[b] ?? 0);
      const force = (EDGE_LENGTH * EDGE_LENGTH) / Math.max(1, dx * dx + dy * dy);
      pushX[a] = (pushX[a] ?? 0) + dx * force;
      pushY[a] = (pushY[a] ?? 0) + dy * force;
      pushX[b] = (pushX[b] ?? 0) - dx * force;
      pushY[b] = (pushY[b] ?? 0) - dy * force;
    }
  }
}

function attract(
  x: Float64Array,
  y: Float64Array,
  pushX: Float64Array,
  pushY: Float64Array,
  pairs: readonly [number, number][],
): void {
  for (const [a, b] of pairs) {
    const dx = (x[a] ?? 0) - (x[b] ?? 0);
    const dy = (y[a] ?? 0) - (y[b] ?? 0);
    const force = Math.hypot(dx, dy) / EDGE_LENGTH;
    pushX[a] = (pushX[a] ?? 0) - dx * force;
    pushY[a] = (pushY[a] ?? 0) - dy * force;
    pushX[b] = (pushX[b] ?? 0) + dx * force;
    pushY[b] = (pushY[b] ?? 0) + dy * force;
  }
}
