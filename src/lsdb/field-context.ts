import type { Ipv4 } from 'ospfapi-shim';
import type { Targets } from './targets.js';

/** What the parts of an LSA's body need to know of the rest. */
export interface FieldContext {
  readonly type: number;
  readonly linkStateId: Ipv4;
  readonly area: Ipv4 | null;
  readonly targets: Targets;
}
