/**
 * `broken`: services do not run, do not move, or others can end them. `change`: it works, and not as well as it should.
 * `fine`: looked at, nothing to do.
 */
export type Level = 'broken' | 'change' | 'fine';

export const LEVELS = ['broken', 'change', 'fine'] as const satisfies readonly Level[];

/** Exact lines, and the place they belong to. */
export interface Remedy {
  /** A file, or who is to run the lines. */
  readonly where: string;
  readonly lines: readonly string[];
}

export interface Finding {
  /** Which check said it: words of docs/doctor.md, for programs. */
  readonly check: string;
  readonly level: Level;
  /** One or two sentences: what is so, and what follows from it. */
  readonly text: string;
  /** What to change; empty when nothing is to be changed, or the text says it. */
  readonly remedies: readonly Remedy[];
}

export const FRR_CONF = '/etc/frr/frr.conf';
export const FRR_DAEMONS = '/etc/frr/daemons, then systemctl restart frr';
export const ROOT_SHELL = 'a shell, as root';

export function broken(check: string, text: string, ...remedies: readonly Remedy[]): Finding {
  return { check, level: 'broken', text, remedies };
}

export function change(check: string, text: string, ...remedies: readonly Remedy[]): Finding {
  return { check, level: 'change', text, remedies };
}

export function fine(check: string, text: string): Finding {
  return { check, level: 'fine', text, remedies: [] };
}

export function remedy(where: string, ...lines: readonly string[]): Remedy {
  return { where, lines };
}

/** Lines below `router ospf` in FRR's configuration. */
export function inRouterOspf(...lines: readonly string[]): Remedy {
  return remedy(FRR_CONF, 'router ospf', ...lines.map((line) => ` ${line}`), 'exit');
}

/** Lines below `interface NAME` in FRR's configuration. */
export function inInterface(name: string, ...lines: readonly string[]): Remedy {
  return remedy(FRR_CONF, `interface ${name}`, ...lines.map((line) => ` ${line}`), 'exit');
}
