const RESERVED = new Set(['LC_ALL', 'MAKELEVEL', 'MAKEFLAGS', 'GNUMAKEFLAGS', 'MFLAGS', 'MAKEFILES']);

/**
 * Whether a service's variable of this name is not passed on: it is one of ours, or it would change how make reads the
 * Makefile or words its errors, by which a recall is recognised.
 */
export function isReservedVariable(name: string): boolean {
  return name.startsWith('SRRD_') || RESERVED.has(name);
}
