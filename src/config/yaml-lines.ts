import { isMap, isNode, isScalar } from 'yaml';

/** Where the keys of a document are: plain data, which a thread can hand over. */
export interface YamlLines {
  /** Counted from 1; undefined: nowhere. */
  readonly line: number | undefined;
  /** By key, or by place in a list; of most there is none. */
  readonly in?: ReadonlyMap<string, YamlLines>;
}

/** `lineAt`: the line of an offset. */
export function linesOf(node: unknown, lineAt: (offset: number) => number, place: unknown = node): YamlLines {
  const offset = isNode(place) ? place.range?.[0] : undefined;
  const inner = new Map<string, YamlLines>();
  for (const [key, value, at] of entries(node)) if (!inner.has(key)) inner.set(key, linesOf(value, lineAt, at));
  const line = offset === undefined ? undefined : lineAt(offset);
  return inner.size === 0 ? { line } : { line, in: inner };
}

/** The line of the innermost key of the path that there is. */
export function lineIn(lines: YamlLines, path: readonly PropertyKey[]): number | undefined {
  let { line } = lines;
  let section: YamlLines | undefined = lines;
  for (const key of path) {
    section = section.in?.get(String(key));
    if (section === undefined) break;
    line = section.line ?? line;
  }
  return line;
}

/** Key, value, and the node that says where it is. */
function* entries(node: unknown): Generator<[string, unknown, unknown]> {
  if (isMap(node)) {
    for (const { key, value } of node.items) {
      yield [isScalar(key) ? String(key.value) : String(key), value, key];
    }
  } else if (isNode(node) && 'items' in node && Array.isArray(node.items)) {
    for (const [index, item] of node.items.entries()) yield [String(index), item, item];
  }
}
