/** The commands that lead to a place in FRR's configuration: `['interface eth0']`, `['bfd', 'profile srrd']`. */
export type Context = readonly string[];

/** The first line below the header, and the one after the last that says something. */
export interface Span {
  readonly begin: number;
  readonly end: number;
}

export const ROUTER_OSPF: Context = ['router ospf'];

export function interfaceContext(name: string): Context {
  return [`interface ${name}`];
}

export const COMMENT = /^\s*([!#]|$)/;

const ANYWHERE = [
  ...['exit', 'quit', 'end', 'router', 'interface', 'vrf', 'line', 'route-map', 'access-list', 'bfd', 'bgp'],
  ...['(no )?debug', 'key chain', 'log', 'hostname', 'domainname', 'password', 'enable password'],
  ...['pseudowire', 'l2vpn', 'nexthop-group', 'pbr-map', 'rpki', 'vni', 'zebra', 'agentx'],
  ...['affinity-map', 'banner', 'frr', 'username', 'dump', 'fpm'],
];

/** FRR leaves a block for a line that is not known in it and is known above. ospfd knows no line below `router ospf` that begins so. */
const BEHIND_ROUTER = behind(...ANYWHERE, '(no )?(ip|ipv6|mac|service)', 'mpls (ldp|label)');

/** `ip` is also what most lines of an interface begin with. */
const BEHIND_INTERFACE = behind(
  ...ANYWHERE,
  '(no )?service',
  '(no )?ipv?6? (route|prefix-list|access-list|protocol|router-id|forwarding|nht|as-path|(large-|ext)?community-list)',
);

/** Below `link-params` of an interface; FRR leaves it too for a line that it does not know there. */
const IN_LINK_PARAMS = behind(
  ...[
    'enable(?! +password)',
    'exit',
    'quit',
    '(no )?(metric|(max|max-rsv|unrsv|res|ava|use)-bw|admin-grp|affinity|affinity-mode)',
  ],
  '(no )?(neighbor|delay|delay-variation|packet-loss)',
);

const LEAVES = behind('exit', 'quit', 'exit-link-params');

/** The places in a text that this context leads to. Throws an Error, in words, where it is not certain which lines are there. */
export function spansOf(lines: readonly string[], context: Context): readonly Span[] {
  const [outer = '', inner] = context;
  const starts = lines.flatMap((line, at) => (headerOf(line) === outer ? [at] : []));
  const [, another] = starts;
  if (another !== undefined && !outer.startsWith('interface ')) {
    throw new Error(
      `expected one block \`${outer}\`, found another in line ${another + 1}: make them one, or write the lines by hand`,
    );
  }
  return starts.flatMap((at) =>
    outer === 'bfd' ? profileSpan(lines, at + 1, inner ?? '') : [spanFrom(lines, at + 1, outer)],
  );
}

/** FRR ends a block neither at an empty line nor at `!`, and does not look at how far a line is indented. */
function spanFrom(lines: readonly string[], begin: number, header: string): Span {
  const elsewhere = header === 'router ospf' ? BEHIND_ROUTER : BEHIND_INTERFACE;
  let end = begin;
  let nested = false;
  for (let at = begin; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    if (COMMENT.test(line)) continue;
    nested = words(line) === 'link-params' || (nested && IN_LINK_PARAMS.test(line));
    if (!nested && elsewhere.test(line)) break;
    // An `exit` there leads back to the interface.
    if (LEAVES.test(line)) nested = false;
    if (!/^\s/.test(line)) {
      throw new Error(
        `expected an indented line, \`exit\` or the next block below \`${header}\`, got \`${line.trim()}\` in line ${at + 1}: write the lines by hand`,
      );
    }
    end = at + 1;
  }
  return { begin, end };
}

/** A profile ends with `exit`, with the next profile or peer, or with all of the block. */
function profileSpan(lines: readonly string[], begin: number, profile: string): readonly Span[] {
  let first: number | null = null;
  let end = begin;
  for (let at = begin; at < lines.length; at += 1) {
    const line = words(lines[at] ?? '');
    if (COMMENT.test(line)) continue;
    if (line === profile) [first, end] = [at + 1, at + 1];
    else if (first !== null && /^(profile|peer|exit|quit|end|no profile|no peer)\b/.test(line)) break;
    else if (first !== null && !/^\s/.test(lines[at] ?? '')) break;
    else if (first === null && !/^\s/.test(lines[at] ?? '')) return [];
    else end = at + 1;
  }
  return first === null ? [] : [{ begin: first, end }];
}

/** `interface eth0 vrf default` is `interface eth0`. */
function headerOf(line: string): string {
  return words(line).replace(/ vrf default$/, '');
}

export function words(line: string): string {
  return line.trim().replace(/\s+/g, ' ');
}

function behind(...starts: readonly string[]): RegExp {
  return new RegExp(`^\\s*(${starts.join('|')})(\\s|$)`);
}
