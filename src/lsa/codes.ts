import type { RunState, Scope, ServiceKind } from '../model/index.js';
import type { Role } from '../tables/index.js';
import { Malformed } from './bytes.js';

// Written out instead of counted, so that reordering a list in src/cluster cannot change the wire.

export const ANNOUNCEMENT_KINDS = { service: 1, daemon: 2, command: 3 } as const;

export const ROLE_NUMBERS: Readonly<Record<Role, number>> = { viewer: 1, operator: 2, admin: 3 };

export const SERVICE_KINDS: Readonly<Record<ServiceKind, number>> = { service: 0, resource: 1 };

/** The LSA types of RFC 5250 section 2. */
export const SCOPES: Readonly<Record<Scope, number>> = { link: 9, area: 10, as: 11 };

export const RUN_STATES: Readonly<Record<RunState, number>> = {
  stopped: 0,
  starting: 1,
  started: 2,
  stopping: 3,
  failed: 4,
};

/** The word for a number of one of these tables; undefined if it has none. */
export function wordFor<Word extends string>(table: Readonly<Record<Word, number>>, code: number): Word | undefined {
  return (Object.keys(table) as Word[]).find((word) => table[word] === code);
}

/** The word for a number; Malformed, naming `what`, if it has none. */
export function knownWordFor<Word extends string>(
  what: string,
  table: Readonly<Record<Word, number>>,
  code: number,
): Word {
  const word = wordFor(table, code);
  if (word === undefined) throw new Malformed(`${what} ${code} is not known`);
  return word;
}

/** The flags whose bits are set, bit 0 first. Bits without a name are ignored: a later version may use them. */
export function readFlags<Flag extends string>(flags: readonly Flag[], bits: number): Record<Flag, boolean> {
  return Object.fromEntries(flags.map((flag, bit) => [flag, (bits & (1 << bit)) !== 0])) as Record<Flag, boolean>;
}

export function writeFlags<Flag extends string>(flags: readonly Flag[], set: Readonly<Record<Flag, boolean>>): number {
  return flags.reduce((bits, flag, bit) => (set[flag] ? bits | (1 << bit) : bits), 0);
}
