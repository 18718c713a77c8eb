import type { Finding, OspfInterface } from '../../doctor/index.js';
import { isWithin } from '../../routing/index.js';
import type { Wishes } from '../wishes.js';
import { linesIn, subject } from './edited.js';
import type { PrefixedInterface } from './prefixes.js';
import { type Context, interfaceContext, ROUTER_OSPF } from './spans.js';

/** Lines that FRR should have and has not. */
export interface Piece {
  /** The finding of the doctor that asks for them. */
  readonly check: string;
  readonly daemon: 'ospfd' | 'bfdd';
  readonly context: Context;
  readonly lines: readonly string[];
}

/** What decides which lines a node needs. */
export interface Needs {
  readonly wishes: Wishes;
  readonly findings: readonly Finding[];
  /** That speak OSPF, or are to. */
  readonly interfaces: readonly PrefixedInterface[];
  readonly area: string;
  readonly routerId: string;
  /** `network` lines by which they speak it now. */
  readonly networks: readonly string[];
}

const PROFILE: Context = ['bfd', 'profile srrd'];
const PROFILE_LINES = ['detect-multiplier 3', 'transmit-interval 50', 'receive-interval 50'];
/** RFC 5880 leaves them to the implementation; these are FRR's (bfdd/bfd.h). Its profiles know no `no`. */
export const BFD_DEFAULTS: readonly string[] = ['detect-multiplier 3', 'transmit-interval 300', 'receive-interval 300'];
/** The doctor calls more than this slow: three times 100 ms. */
const SLOWEST_MS = 100;

/** Of zebra, for all daemons. An indented one is of something else, such as `mpls ldp`. */
export const SHARED_ROUTER_ID = /^(?:ip )?router-id (\S+)\s*$/m;

/** What a configuration lacks: FRR's file, or what a daemon runs with. Throws an Error where that is not certain. */
export function missingPieces(text: string, needs: Needs): readonly Piece[] {
  const has = (context: Context) => linesIn(text, context);
  const pieces = [
    ...routerPieces(text, has(ROUTER_OSPF), needs),
    ...needs.interfaces.flatMap((one) => interfacePieces(has(interfaceContext(one.name)), one, needs)),
  ];
  const named = (lines: readonly string[]) => lines.includes('ip ospf bfd profile srrd');
  const usesProfile =
    pieces.some(({ lines }) => named(lines)) || needs.interfaces.some(({ name }) => named(has(interfaceContext(name))));
  return usesProfile ? [...pieces, ...profilePieces(has(PROFILE))] : pieces;
}

/** The same in the running bfdd, whose configuration has nothing of interfaces. */
export function missingProfile(text: string): readonly Piece[] {
  return profilePieces(linesIn(text, PROFILE));
}

function profilePieces(has: readonly string[]): readonly Piece[] {
  const lines = PROFILE_LINES.filter((line) => {
    const other = has.find((one) => subject(one) === subject(line));
    // bfdd does not show what is its default.
    if (other === undefined) return has.length === 0 || !BFD_DEFAULTS.includes(line);
    return Number(other.split(' ').at(-1)) > (line.startsWith('detect') ? 3 : SLOWEST_MS);
  });
  return lines.length === 0 ? [] : [{ check: 'bfd', daemon: 'bfdd', context: PROFILE, lines }];
}

/** More than these the doctor calls slow. */
const ROUTER_LINES: readonly { readonly check: string; readonly line: string; readonly most: readonly number[] }[] = [
  { check: 'opaque', line: 'capability opaque', most: [] },
  { check: 'lsa-throttle', line: 'timers throttle lsa all 0', most: [0] },
  { check: 'lsa-min-arrival', line: 'timers lsa min-arrival 0', most: [0] },
  { check: 'spf-throttle', line: 'timers throttle spf 0 10 100', most: [10, 10, 100] },
];

function routerPieces(text: string, has: readonly string[], needs: Needs): readonly Piece[] {
  const piece = (check: string, ...lines: readonly string[]): Piece => ({
    ...{ check, daemon: 'ospfd', context: ROUTER_OSPF, lines },
  });
  const named = has.some((line) => line.startsWith('ospf router-id ')) || SHARED_ROUTER_ID.test(text);
  const other = needs.wishes.routerId !== null && !has.includes(`ospf router-id ${needs.routerId}`);
  const missing = ROUTER_LINES.filter(({ line, most }) => !has.some((one) => isAsGood(one, line, most)));
  const networks = new Set(needs.interfaces.flatMap((one) => networkLines(text, has, one, needs)));
  return [
    ...(other || !named ? [piece('router-ospf', `ospf router-id ${needs.routerId}`)] : []),
    ...missing.map(({ check, line }) => piece(check, line)),
    ...[...networks].map((line) => piece('router-ospf', line)),
  ];
}

function isAsGood(has: string, line: string, most: readonly number[]): boolean {
  if (subject(has) !== subject(line) || has.startsWith('no ')) return false;
  const numbers = has.split(' ').slice(-most.length).map(Number);
  return most.every((limit, at) => (numbers[at] ?? Number.POSITIVE_INFINITY) <= limit);
}

/**
 * FRR refuses `network` where an interface has `ip ospf area`, and the other way round. What speaks OSPF already gets no other
 * one: its address may be none of a link (a /32, or of a tunnel).
 */
function networkLines(
  text: string,
  router: readonly string[],
  one: PrefixedInterface,
  needs: Needs,
): readonly string[] {
  if (perInterface(text) || isCovered(router, one)) return [];
  return one.joins
    ? [`network ${one.prefix} area ${needs.area}`]
    : needs.networks.filter((line) => isCovered([line], one));
}

/** Whether interfaces speak OSPF by `ip ospf area`. */
export function perInterface(text: string): boolean {
  return /^\s*ip ospf (\d+ )?area \S+/m.test(text);
}

export function isCovered(router: readonly string[], { addresses }: PrefixedInterface): boolean {
  return router.some((line) => {
    const [, network] = /^network (\S+) area \S+$/.exec(line) ?? [];
    return network !== undefined && addresses.some((address) => isWithin(address, network));
  });
}

function interfacePieces(has: readonly string[], one: PrefixedInterface, needs: Needs): readonly Piece[] {
  const { wishes, findings, area } = needs;
  const piece = (check: string, ...lines: readonly string[]): Piece[] => {
    const left = lines.filter((line) => !has.includes(line));
    return left.length === 0 ? [] : [{ check, daemon: 'ospfd', context: interfaceContext(one.name), lines: left }];
  };
  const begins = (start: string) => has.some((line) => line.startsWith(start));
  const bfd = begins('ip ospf dead-interval minimal') ? [] : bfdLines(has);
  const leavesDr = findings.some(
    ({ check, level, remedies }) =>
      check === 'designated-router' && level !== 'fine' && remedies[0]?.lines[0] === `interface ${one.name}`,
  );
  const priority = wishes.priority ?? (leavesDr ? 0 : null);
  return [
    ...(one.joins && !begins('ip ospf area') && one.byInterface ? piece('router-ospf', `ip ospf area ${area}`) : []),
    ...piece('bfd', ...bfd),
    // 1 is the default, which FRR does not show.
    ...(priority === null || (priority === 1 && !begins('ip ospf priority'))
      ? []
      : piece('designated-router', `ip ospf priority ${priority}`)),
    ...(wishes.key === null
      ? []
      : piece(
          'authentication',
          'ip ospf authentication message-digest',
          `ip ospf message-digest-key 1 md5 ${wishes.key}`,
        )),
  ];
}

/** Numbers that are fast enough stay: three times, and ms of receiving and of sending. */
function bfdLines(has: readonly string[]): readonly string[] {
  const numbers = has.flatMap((line) => /^ip ospf bfd (\d+) (\d+) (\d+)$/.exec(line)?.slice(1) ?? []).map(Number);
  const [times = Number.POSITIVE_INFINITY, ...intervals] = numbers;
  if (times <= 3 && intervals.every((ms) => ms <= SLOWEST_MS)) return [];
  const named = has.some((line) => line.startsWith('ip ospf bfd profile '));
  return ['ip ospf bfd', ...(named ? [] : ['ip ospf bfd profile srrd'])];
}

/** Names of interfaces that speak OSPF by what a configuration says. */
export function speakers(text: string, all: readonly PrefixedInterface[]): readonly string[] {
  const router = linesIn(text, ROUTER_OSPF);
  const passive = (name: string) =>
    router.includes(`passive-interface ${name}`) ||
    (router.includes('passive-interface default') && !router.includes(`no passive-interface ${name}`));
  return all
    .filter(({ name }) => !passive(name))
    .filter((one) => {
      const lines = linesIn(text, interfaceContext(one.name));
      if (lines.includes('ip ospf passive')) return false;
      return lines.some((line) => /^ip ospf (\d+ )?area /.test(line)) || isCovered(router, one);
    })
    .map(({ name }) => name);
}

export function areaOf(interfaces: readonly OspfInterface[], text: string): string {
  const [running] = interfaces;
  return running?.area || /^\s*(?:network \S+|ip ospf) area (\S+)/m.exec(text)?.[1] || '0.0.0.0';
}
