interface PrimitiveRow {
  /** How long one call may take where a definition does not say so, in ms (`timeouts`); null: that is a key of its own. */
  readonly timeoutMs: number | null;
}

/** The eleven targets that every service's Makefile has (thesis 6.6.1): docs/service-makefile.md. */
export const PRIMITIVE_ROWS = {
  activate: { timeoutMs: 60_000 },
  deactivate: { timeoutMs: 60_000 },
  start: { timeoutMs: 60_000 },
  stop: { timeoutMs: 60_000 },
  reload: { timeoutMs: 60_000 },
  restart: { timeoutMs: 60_000 },
  join: { timeoutMs: 60_000 },
  leave: { timeoutMs: 60_000 },
  failed: { timeoutMs: 60_000 },
  status: { timeoutMs: 10_000 },
  check: { timeoutMs: null },
} as const satisfies Readonly<Record<string, PrimitiveRow>>;

export type Primitive = keyof typeof PRIMITIVE_ROWS;

/** Those with a time limit among `timeouts`. */
export type TimedPrimitive = Exclude<Primitive, 'check'>;

export const PRIMITIVES = Object.keys(PRIMITIVE_ROWS) as Primitive[];

/** The time limits of a definition that says nothing of them, in ms. */
export const TIMEOUTS_MS = Object.fromEntries(
  Object.entries(PRIMITIVE_ROWS).flatMap(([name, { timeoutMs }]) => (timeoutMs === null ? [] : [[name, timeoutMs]])),
) as Readonly<Record<TimedPrimitive, number>>;
