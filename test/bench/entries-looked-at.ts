const LOOKUPS = ['get', 'has'] as const;
const WALKS = ['values', 'keys', 'entries', 'forEach', Symbol.iterator] as const;

/**
 * How many entries of maps and sets the code looks at: each `get` and `has`, and each entry that is gone over, also by a
 * spread. The core keeps all that it knows in them, so the number says how its work grows; it is the same on any machine.
 */
export function entriesLookedAt(happen: () => void): number {
  let entries = 0;
  const restore: (() => void)[] = [];
  const replace = (prototype: object, name: string | symbol, wrap: (original: Method) => Method): void => {
    const before = Object.getOwnPropertyDescriptor(prototype, name);
    if (before === undefined) return;
    Object.defineProperty(prototype, name, { ...before, value: wrap(before.value as Method) });
    restore.push(() => Object.defineProperty(prototype, name, before));
  };
  const count = (original: Method): Method =>
    function (this: unknown, ...given) {
      entries++;
      return original.apply(this, given);
    };
  const countAll = (original: Method): Method =>
    function (this: unknown, ...given) {
      entries += (this as { readonly size: number }).size;
      return original.apply(this, given);
    };
  for (const prototype of [Map.prototype, Set.prototype]) {
    for (const name of LOOKUPS) replace(prototype, name, count);
    for (const name of WALKS) replace(prototype, name, countAll);
  }
  try {
    happen();
  } finally {
    for (const each of restore) each();
  }
  return entries;
}

type Method = (this: unknown, ...given: unknown[]) => unknown;
