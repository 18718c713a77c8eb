/** What a file would say, and what is another in it. */
export interface EditedLines {
  readonly text: string;
  readonly removed: readonly string[];
  readonly added: readonly string[];
}

/** The first line below `router ospf`, and the one after the last that says something. */
interface Block {
  readonly begin: number;
  readonly end: number;
}

const ROUTER_OSPF = /^\s*router\s+ospf(\s+vrf\s+default)?\s*$/;

const COMMENT = /^\s*([!#]|$)/;

/** FRR leaves the block for a line that is not known in it and is known above. ospfd knows no line below `router ospf` that begins so. */
const ELSEWHERE = new RegExp(
  `^\\s*(${[
    ...['exit', 'quit', 'end', 'router', 'interface', 'vrf', 'line', 'route-map', 'access-list', 'bfd', 'bgp'],
    ...['(no )?(ip|ipv6|mac|debug|service)', 'key chain', 'log', 'hostname', 'domainname', 'password', 'enable'],
    ...['pseudowire', 'l2vpn', 'mpls (ldp|label)', 'nexthop-group', 'pbr-map', 'rpki', 'vni', 'zebra', 'agentx'],
    ...['affinity-map', 'banner', 'frr', 'username', 'dump', 'fpm'],
  ].join('|')})(\\s|$)`,
);

/**
 * FRR's configuration with these lines below `router ospf`: each in the place of the line that says something else of the
 * same, or at the end of the block. null: there is no such block. Throws an Error, in words, where it is not certain which
 * lines are in the block.
 */
export function withRouterLines(text: string, wanted: readonly string[]): EditedLines | null {
  const lines = text.split('\n');
  const found = blockIn(lines);
  if (found === null) return null;
  const { begin, end } = found;
  const block = lines.slice(begin, end);
  const removed: string[] = [];
  const added: string[] = [];
  const missing = wanted.filter((line) => {
    const places = block.flatMap((other, at) => (subject(other) === subject(line) ? [at] : []));
    const [first] = places;
    if (first === undefined) return true;
    // FRR takes the last of several: all of them become this one.
    if (places.every((at) => block[at]?.trim() === line)) return false;
    for (const at of places) {
      removed.push(block[at] ?? '');
      block[at] = ` ${line}`;
    }
    added.push(...places.map(() => ` ${line}`));
    return false;
  });
  const appended = missing.map((line) => ` ${line}`);
  const edited = [...lines.slice(0, begin), ...block, ...appended, ...lines.slice(end)];
  return { text: edited.join('\n'), removed, added: [...added, ...appended] };
}

/** FRR ends a block neither at an empty line nor at `!`, and does not look at how far a line is indented. */
function blockIn(lines: readonly string[]): Block | null {
  const [router, another] = lines.flatMap((line, at) => (ROUTER_OSPF.test(line) ? [at] : []));
  if (router === undefined) return null;
  if (another !== undefined) {
    throw new Error(
      `expected one block \`router ospf\`, found another in line ${another + 1}: make them one, or write the lines by hand`,
    );
  }
  let end = router + 1;
  for (let at = router + 1; at < lines.length && !ELSEWHERE.test(lines[at] ?? ''); at += 1) {
    const line = lines[at] ?? '';
    if (COMMENT.test(line)) continue;
    if (!/^\s/.test(line)) {
      throw new Error(
        `expected an indented line, \`exit\` or the next block below \`router ospf\`, got \`${line.trim()}\` in line ${at + 1}: write the lines by hand`,
      );
    }
    end = at + 1;
  }
  return { begin: router + 1, end };
}

/** What a line is about: `no`, and the numbers at its end, say only what of it. */
function subject(line: string): string {
  return line
    .trim()
    .replace(/\s+/g, ' ')
    .replace(/^no /, '')
    .replace(/( \d+)+$/, '')
    .replace(/^ospf opaque-lsa$/, 'capability opaque');
}
