import type { Reach } from '../facts.js';

/** The first packet of a TCP connection to this machine, where a chain sees it. */
interface Packet {
  /** The interface that it comes from (hook input), or goes to (hook output). */
  readonly interface: string;
  readonly port: number;
  /** Whose process opens the connection; null: it comes from another machine. */
  readonly user: number | null;
}

/** A user without rights, as Debian numbers `nobody`. */
const ORDINARY_USER = 65534;

const INCOMING: readonly unknown[] = ['input', 'prerouting'];
const OUTGOING: readonly unknown[] = ['output', 'postrouting'];

/** A statement or an expression of nftables' JSON (libnftables-json(5)). */
type Json = Readonly<Record<string, unknown>>;

interface Chain {
  readonly family: string;
  readonly hook: string | null;
  readonly policyDrops: boolean;
  readonly rules: readonly (readonly Json[])[];
}

type Match = 'yes' | 'no' | 'maybe';

/** How a chain ends for a packet. `maybeAccepted`: a rule on the way may have let it through. */
interface Walk {
  readonly end: 'dropped' | 'accepted' | 'through';
  readonly maybeAccepted: boolean;
}

export interface Ruleset {
  readonly chains: ReadonlyMap<string, Chain>;
}

/** Chains may jump to each other; nftables itself allows 16 levels. */
const DEEPEST_JUMP = 16;

/** Reads `nft -j list ruleset`. Throws an Error for text that is not its output. */
export function readRuleset(text: string): Ruleset {
  const parsed: unknown = JSON.parse(text);
  const entries = isJson(parsed) && Array.isArray(parsed.nftables) ? parsed.nftables.filter(isJson) : undefined;
  if (entries === undefined) throw new Error('expected the JSON of nft, a list "nftables"');
  const rules = new Map<string, Json[][]>();
  for (const { rule } of entries) {
    if (!isJson(rule) || !Array.isArray(rule.expr)) continue;
    const key = chainKey(rule.family, rule.table, rule.chain);
    rules.set(key, [...(rules.get(key) ?? []), rule.expr.filter(isJson)]);
  }
  const chains = new Map<string, Chain>();
  for (const { chain } of entries) {
    if (!isJson(chain)) continue;
    const key = chainKey(chain.family, chain.table, chain.name);
    chains.set(key, {
      family: String(chain.family),
      hook: typeof chain.hook === 'string' ? chain.hook : null,
      policyDrops: chain.policy === 'drop',
      rules: rules.get(key) ?? [],
    });
  }
  return { chains };
}

/**
 * Whether new TCP connections to this port from these interfaces get through. A drop in any chain of the hooks counts, an
 * accept only ends its own chain. A condition that is not understood may hold or not, so `none` is certain.
 */
export function reachThrough({ chains }: Ruleset, interfaces: readonly string[], port: number): Reach {
  const reaches = interfaces.map((name) => reachOf(chains, INCOMING, { interface: name, port, user: null }));
  if (reaches.every((reach) => reach === 'none')) return 'none';
  return reaches.every((reach) => reach === 'all') ? 'all' : 'some';
}

/** Whether an ordinary user of this machine gets through to this port of it, over the loopback interface. */
export function reachOfLocalUsers({ chains }: Ruleset, port: number): Reach {
  const out = reachOf(chains, OUTGOING, { interface: 'lo', port, user: ORDINARY_USER });
  const into = reachOf(chains, INCOMING, { interface: 'lo', port, user: null });
  if (out === 'none' || into === 'none') return 'none';
  return out === 'all' && into === 'all' ? 'all' : 'some';
}

function reachOf(chains: Ruleset['chains'], hooks: readonly unknown[], packet: Packet): Reach {
  let reach: Reach = 'all';
  for (const [key, chain] of chains) {
    if (!hooks.includes(chain.hook) || !['ip', 'inet'].includes(chain.family)) continue;
    const { end, maybeAccepted } = walk(chains, key, packet, 0);
    const drops = end === 'dropped' || (end === 'through' && chain.policyDrops);
    if (drops && !maybeAccepted) return 'none';
    if (drops) reach = 'some';
  }
  return reach;
}

function walk(chains: Ruleset['chains'], key: string, packet: Packet, depth: number): Walk {
  let maybeAccepted = false;
  const [family, table] = key.split('\0');
  for (const rule of chains.get(key)?.rules ?? []) {
    const matches = matchAll(rule, packet);
    if (matches === 'no') continue;
    if (rule.some((part) => 'return' in part)) {
      if (matches === 'yes') break;
      // Whether the rules below are reached is not certain.
      maybeAccepted = true;
      continue;
    }
    const verdicts = verdictsOf(rule, packet);
    const target = jumpTarget(verdicts);
    const outcome =
      target === null || depth >= DEEPEST_JUMP
        ? verdictOf(verdicts)
        : walk(chains, chainKey(family, table, target), packet, depth + 1);
    maybeAccepted ||= outcome.maybeAccepted;
    if (outcome.end === 'through') continue;
    if (matches === 'yes') return { end: outcome.end, maybeAccepted };
    if (outcome.end === 'accepted') maybeAccepted = true;
  }
  return { end: 'through', maybeAccepted };
}

/** The rule's statements, with a verdict map replaced by what it says for this packet. */
function verdictsOf(rule: readonly Json[], packet: Packet): readonly Json[] {
  return rule.flatMap((part) => {
    if (!isJson(part.vmap)) return [part];
    const { key, data } = part.vmap;
    const value = isJson(key) ? valueIn(key, packet) : undefined;
    if (value === undefined || !isJson(data) || !Array.isArray(data.set)) return [part];
    const entries: readonly unknown[] = data.set;
    const chosen = entries.find((entry) => Array.isArray(entry) && contains(entry[0], value) === true);
    return Array.isArray(chosen) && isJson(chosen[1]) ? [chosen[1]] : [];
  });
}

function verdictOf(rule: readonly Json[]): Walk {
  const has = (...names: readonly string[]) => rule.some((part) => names.some((name) => name in part));
  if (has('drop', 'reject')) return { end: 'dropped', maybeAccepted: false };
  if (has('accept')) return { end: 'accepted', maybeAccepted: false };
  // Decided by a map, by another program, or in a chain too deep to follow.
  if (has('vmap', 'queue', 'xt', 'jump', 'goto')) return { end: 'through', maybeAccepted: true };
  return { end: 'through', maybeAccepted: false };
}

function jumpTarget(rule: readonly Json[]): string | null {
  for (const part of rule) {
    const jump = part.jump ?? part.goto;
    if (isJson(jump) && typeof jump.target === 'string') return jump.target;
  }
  return null;
}

const NO_CONDITION = [
  'counter',
  'log',
  'mangle',
  'notrack',
  'drop',
  'reject',
  'accept',
  'jump',
  'goto',
  'return',
  'vmap',
];

function matchAll(rule: readonly Json[], packet: Packet): Match {
  let result: Match = 'yes';
  for (const part of rule) {
    const one = isJson(part.match) ? matchOne(part.match, packet) : conditionless(part) ? 'yes' : 'maybe';
    if (one === 'no') return 'no';
    if (one === 'maybe') result = 'maybe';
  }
  return result;
}

function conditionless(part: Json): boolean {
  return Object.keys(part).every((name) => NO_CONDITION.includes(name));
}

function matchOne({ op, left, right }: Json, packet: Packet): Match {
  const value = isJson(left) ? valueIn(left, packet) : undefined;
  if (value === undefined) return 'maybe';
  const found = contains(right, value);
  if (found === undefined) return 'maybe';
  return (op === '!=' ? !found : found) ? 'yes' : 'no';
}

/** What the packet has there; undefined: it depends on the sender, or is not understood. */
function valueIn(left: Json, packet: Packet): string | number | undefined {
  const { meta, payload, ct } = left;
  if (isJson(meta)) {
    const isOutgoing = packet.user !== null;
    if (meta.key === 'iifname' || meta.key === 'iif') return isOutgoing ? undefined : packet.interface;
    if (meta.key === 'oifname' || meta.key === 'oif') return isOutgoing ? packet.interface : undefined;
    if (meta.key === 'skuid') return packet.user ?? undefined;
    if (meta.key === 'l4proto') return 'tcp';
    if (meta.key === 'nfproto') return 'ipv4';
  }
  if (isJson(payload)) {
    if (payload.field === 'dport') return payload.protocol === 'udp' ? -1 : packet.port;
    if (payload.protocol === 'ip' && payload.field === 'protocol') return 'tcp';
  }
  return isJson(ct) && ct.key === 'state' ? 'new' : undefined;
}

/** undefined: a named set, or something else that is not understood. */
function contains(right: unknown, value: string | number): boolean | undefined {
  if (typeof right === 'string' && right.startsWith('@')) return undefined;
  if (typeof right === 'string' && right.endsWith('*')) return String(value).startsWith(right.slice(0, -1));
  if (typeof right === 'string' || typeof right === 'number') return right === value;
  if (Array.isArray(right)) return anyOf(right, value);
  if (!isJson(right)) return undefined;
  if (Array.isArray(right.set)) return anyOf(right.set, value);
  if (!Array.isArray(right.range)) return undefined;
  const [low, high] = right.range;
  return typeof low === 'number' && typeof high === 'number' && typeof value === 'number'
    ? low <= value && value <= high
    : undefined;
}

function anyOf(items: readonly unknown[], value: string | number): boolean | undefined {
  const found = items.map((item) => contains(item, value));
  if (found.includes(true)) return true;
  return found.includes(undefined) ? undefined : false;
}

function chainKey(family: unknown, table: unknown, name: unknown): string {
  return [family, table, name].join('\0');
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
