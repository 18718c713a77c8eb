import type { TimedPrimitive } from '../tables/index.js';
import type { SharedDefinition } from './announcement.js';

export { PRIMITIVES, type Primitive } from '../tables/index.js';

export interface Limits {
  /** Bytes of data that one process may have of its own (RLIMIT_DATA). */
  readonly memoryBytes?: number;
  /** How many processes and threads the user may have, whoever started them (RLIMIT_NPROC). */
  readonly processes?: number;
  /** Of one process (RLIMIT_NOFILE). */
  readonly openFiles?: number;
}

/** A check that the daemon makes by itself, of each of the service's addresses, instead of running the Makefile's. */
export type NativeCheck =
  | { readonly kind: 'tcp'; readonly port: number }
  | {
      readonly kind: 'http';
      readonly port: number;
      readonly path: string;
      readonly status: number;
      /** What the body of the answer must contain; null: anything. */
      readonly body: string | null;
    };

/** A service as configured on this node, validated and with all defaults filled in. Durations in milliseconds. */
export interface ServiceDefinition extends SharedDefinition {
  readonly interface: string;
  /** The interface on which a Service LSA of scope `link` is flooded; null for the other scopes. */
  readonly link: string | null;
  readonly preference: number;
  readonly preemptDelayMs: number;
  readonly takeoverDelayMs: number;
  readonly enabled: boolean;
  readonly autoActivate: boolean;
  /** Absolute path. */
  readonly makefile: string;
  /** The Makefile has a `watch`: a command that runs as long as the started service is well. */
  readonly watched: boolean;
  readonly variables: Readonly<Record<string, string>>;
  /** Absolute path of a file with more of them, read at each call; absent: none. */
  readonly variablesFile?: string;
  /** As whom its primitives run; absent: as the daemon itself. */
  readonly user?: string;
  /** What each process of its primitives may use; absent: what the daemon may. */
  readonly limits?: Limits;
  /** Started only when the first check after `start` has succeeded; absent: when `start` has. */
  readonly verify?: boolean;
  readonly check: {
    readonly intervalMs: number;
    readonly timeoutMs: number;
    readonly fall: number;
    readonly maxRestarts: number;
    /** Absent: the Makefile's `check`. */
    readonly native?: NativeCheck;
  };
  /** Limit of one call of each primitive (for `stop` and `deactivate`: of all recalls together). */
  readonly timeoutsMs: Readonly<Record<TimedPrimitive, number>>;
  /** After this time a failed replica may try again; null: never. */
  readonly failureTimeoutMs: number | null;
  /** 16 hexadecimal digits over the definition and the Makefile's content. */
  readonly hash: string;
}
