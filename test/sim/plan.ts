import type { Primitive, RouterId, ServiceDefinition } from '../../src/model/index.js';
import type { CommandName } from '../../src/tables/index.js';
import type { OspfParameters } from './ospf/parameters.js';

/** Everything about one run that is decided before it begins. Plain data, so that it can be shrunk. */
export interface Plan {
  readonly seed: number;
  readonly nodes: readonly PlannedNode[];
  /** Routers without a daemon. */
  readonly transitRouters: readonly RouterId[];
  /** Pairs of router indexes: nodes first, then transit routers. */
  readonly links: readonly (readonly [number, number])[];
  readonly ospf: OspfParameters;
  /** Each node's definitions. */
  readonly definitions: readonly ReadonlyMap<string, ServiceDefinition>[];
  /** In the order of time. Not all of them need happen: see `leastActions` and `leastSteps`. */
  readonly actions: readonly PlannedAction[];
  /** The faults end when so many actions and faults have happened and the daemons have handled so many events. */
  readonly leastActions: number;
  readonly leastFaults: number;
  readonly leastSteps: number;
  /** From the last action to the beginning of repairs, in ms. */
  readonly calmAfterMs: number;
  readonly calm: CalmOptions;
  /** At rest the cluster is asked what the order says (exam.ts). */
  readonly exam: boolean;
  /** null: there is none. */
  readonly adversary: PlannedAdversary | null;
}

/** The last of the transit routers, which has no key while all nodes require proofs. */
export interface PlannedAdversary {
  /** It deletes and overwrites what others have announced, too: OSPF lets every router do that, and services may move by it. */
  readonly deletes: boolean;
  /** The nodes sign, and believe everybody: the other way round, to see what it could do. */
  readonly isBelieved: boolean;
  /** Between two of its acts, in ms. */
  readonly pauseMs: readonly [number, number];
}

export interface PlannedNode {
  readonly name: string;
  readonly id: RouterId;
  readonly bootMs: number;
  readonly onIsolation: 'stop' | 'keep';
  readonly remoteCommands: boolean;
  readonly joinHoldMs: number;
  /** The phase of its lease renewals and how far its clock is off. */
  readonly clockSeconds: number;
}

export interface CalmOptions {
  /** Nodes whose machine stays without power. */
  readonly staysDown: readonly number[];
  /** The operator ends every standby and activates everything. */
  readonly resetsOperatorState: boolean;
  /** Somebody makes all definitions of a service equal. */
  readonly agreesOnDefinitions: boolean;
}

/** How a primitive behaves until further notice. */
export interface Behaviour {
  readonly result: 'succeeds' | 'fails' | 'hangs';
  readonly durationMs: number;
  /** So often it asks to be called again first. */
  readonly recalls: number;
  /** After a failed or timed-out start or stop: whether something of the service still runs. */
  readonly leavesRunning: boolean;
}

export interface PlannedAction {
  readonly atMs: number;
  readonly action: Action;
}

/** A node by its index; or the one on which a service runs, wherever that is then. */
export type NodeRef = number | { readonly ownerOf: string };

export type Action =
  // Faults.
  | { readonly type: 'crash-node'; readonly node: NodeRef; readonly losesState: boolean }
  /** `afterEffects`: it dies when it has carried out that many further effects; 0: at once. */
  | { readonly type: 'kill-daemon'; readonly node: NodeRef; readonly afterEffects: number }
  | { readonly type: 'freeze'; readonly node: NodeRef; readonly durationMs: number }
  | { readonly type: 'kill-ospfd'; readonly node: NodeRef; readonly durationMs: number }
  | { readonly type: 'cut-link'; readonly link: number; readonly durationMs: number }
  /** Cuts every link between the two sides. */
  | { readonly type: 'partition'; readonly side: readonly number[]; readonly durationMs: number }
  | { readonly type: 'isolate'; readonly node: NodeRef; readonly durationMs: number }
  | { readonly type: 'heal' }
  | {
      readonly type: 'behave';
      readonly node: NodeRef;
      readonly service: string;
      readonly primitive: Primitive | 'alias';
      readonly behaviour: Behaviour;
      readonly durationMs: number;
    }
  /** The service runs, but its check fails, until `healedBy`. */
  | {
      readonly type: 'sicken';
      readonly service: string;
      readonly healedBy: 'restart' | 'start' | 'repair';
      readonly everywhere: boolean;
    }
  /** Another machine with the same router ID announces its daemon, so many times. */
  | { readonly type: 'impersonate'; readonly node: NodeRef; readonly times: number }
  /** ospfd refuses what the node announces of this service. */
  | { readonly type: 'refuse'; readonly node: NodeRef; readonly service: string; readonly durationMs: number }
  | { readonly type: 'remove-alias'; readonly service: string; readonly restored: boolean }
  /** The address is there, but OSPF does not announce it. */
  | { readonly type: 'hide-route'; readonly service: string; readonly durationMs: number }
  /** Its daemon counts one announcement more than it has out: others can never hear all that it counts. */
  | { readonly type: 'miscount'; readonly node: NodeRef; readonly durationMs: number }
  | { readonly type: 'move-clock'; readonly node: NodeRef; readonly seconds: number }
  /** ospfd refreshes what it originated: the same content comes once more. */
  | { readonly type: 'refresh-lsas'; readonly node: NodeRef }
  // What people do.
  | { readonly type: 'boot-node'; readonly node: NodeRef }
  | { readonly type: 'start-daemon'; readonly node: NodeRef; readonly losesState: boolean }
  | {
      readonly type: 'command';
      readonly command: CommandName;
      readonly service: string;
      readonly at: NodeRef;
      readonly target: NodeRef;
      readonly pin: boolean;
    }
  | { readonly type: 'define'; readonly node: number; readonly definition: ServiceDefinition }
  | { readonly type: 'undefine'; readonly node: number; readonly service: string }
  | { readonly type: 'shutdown'; readonly node: NodeRef; readonly durationMs: number };

export type ActionType = Action['type'];

const OPERATIONS: ReadonlySet<ActionType> = new Set<ActionType>([
  'boot-node',
  'start-daemon',
  'command',
  'define',
  'undefine',
  'shutdown',
  'heal',
]);

export function isFault({ action }: PlannedAction): boolean {
  return !OPERATIONS.has(action.type);
}
