import type { ServiceStatus, SimulatedGroup, WhatIf } from '../cluster/index.js';
import type { Order, Role } from '../tables/index.js';
import type { Awaitable } from './awaitable.js';
import type { Reply } from './errors.js';

/** What the API needs of the daemon. */
export interface Control {
  /** A StatusDocument as JSON. */
  status(): Awaitable<string>;
  /** undefined: no such service is known. */
  service(name: string): Awaitable<ServiceStatus | undefined>;
  command(request: CommandRequest): Promise<CommandReply>;
  /** Nodes by router ID or name. A sentence instead where it cannot be said. */
  simulate(whatIf: WhatIf<string>): Awaitable<readonly SimulatedGroup[] | string>;
}

/** An operator's request as it came in: the node is not looked up yet. */
export interface CommandRequest {
  readonly operator: string;
  readonly role: Role | null;
  readonly order: Order;
  /** A router ID or a node name; null: this node. */
  readonly target: string | null;
  readonly pin: boolean;
  /** `confirm-stopped`: router ID or name of the node on which the resource does not run any more. */
  readonly on?: string;
}

/** What became of a command; the text that goes with `status` is what the primitive printed. */
export interface CommandReply extends Reply {
  readonly outcome: 'done' | 'refused' | 'unknown-node' | 'busy' | 'unavailable' | 'no-answer';
}

/** What `GET /api/v1/simulate` answers and `srrctl simulate --json` prints (docs/operations.md). */
export interface SimulationDocument {
  readonly question: SimulationQuestion;
  readonly groups: readonly SimulatedGroup[];
}

/** What `GET /api/v1/simulate` is asked. `service` or `group` goes with `stop`, `move` and `pin`. */
export interface SimulationQuestion {
  readonly change: WhatIf['change'];
  /** A router ID or a node name. */
  readonly node: string;
  readonly service?: string;
  readonly group?: string;
}
