import type {
  ConfigState,
  Failure,
  Ipv4Address,
  PersistedNode,
  PersistedService,
  Primitive,
  RevocationNumber,
  RouterId,
  RouteWay,
  RunState,
  Sequence,
  ServiceAnnouncement,
  ServiceDefinition,
} from '../../model/index.js';
import type { View } from '../view/index.js';
import type { Effect } from './effect.js';
import type { GroupState } from './group-state.js';
import type { RemoteCommands } from './remote-state.js';
import type { Settings } from './settings.js';

/**
 * Whether this node takes part.
 * - `isolated`: it does not; whatever runs here is stopped.
 * - `joining`: it announces its replicas, but they are candidates on no node yet.
 * - `member`: it does.
 * - `alone`: it lost its neighbours and carries on as if all others were dead (`onIsolation: keep`).
 */
export type Phase = 'isolated' | 'joining' | 'member' | 'alone';

/** A primitive that runs, or that answered recall and waits to be called again. */
export interface Job {
  readonly primitive: Primitive;
  /** The number of the current call; 0 while waiting for the recall delay. */
  run: number;
  recall: number;
  killed: boolean;
  /** When all calls together must have ended (`limitTogether` in jobs.ts); null: each call has its own limit. */
  readonly deadlineMs: number | null;
  /** Requests to answer when it has ended. */
  readonly requests: string[];
  /** The node that `join` or `leave` is about. */
  readonly peer: RouterId | null;
}

/** A `join` or `leave` that waits to be called again. It holds no place: meanwhile others run. */
export interface RecalledHelper {
  readonly primitive: 'join' | 'leave';
  readonly peer: RouterId;
  /** How often it has asked to be called again. */
  readonly recall: number;
  /** When it is (monotonic ms). */
  readonly dueAtMs: number;
}

/** A primitive that operators asked for, run once for all of them. */
export interface PrimitiveRequest {
  readonly primitive: Primitive;
  readonly requests: string[];
}

/** What the checks of a started replica have found. */
export interface Health {
  /** The interval was over while another primitive ran: the check follows it. */
  due: boolean;
  /** Failed checks in a row. */
  failures: number;
  /** Local recoveries (`restart`) since it was last well. */
  restarts: number;
  /** Good checks in a row. */
  successes: number;
  /** When the last check ended, in Unix seconds; 0: never. */
  stamp: number;
  /** When the stamp was last flooded (monotonic ms). */
  floodedAtMs: number;
}

export interface Verifying {
  /** When the last check must have succeeded (monotonic ms). */
  readonly untilMs: number;
  /** Why the last one did not; null: none has ended yet. */
  reason: string | null;
}

/** One service as it is on this node. */
export interface Replica {
  definition: ServiceDefinition;
  /** Read from the file, but not usable before the replica is inactive (addresses moved, say). */
  nextDefinition: ServiceDefinition | null;
  /** Its definition is gone: it is deactivated and then forgotten. */
  removed: boolean;
  config: ConfigState;
  run: RunState;
  failure: Failure | null;
  /** Announced when the stop and alias down that follow a failed step are through. */
  failing: Failure | null;
  /** `autoActivate`, or what an operator said since. */
  activationWanted: boolean;
  standby: boolean;
  /** An earlier life may have left it running: it is stopped and activated again before it may be elected. */
  recovering: boolean;
  /** While it is activated again: until when the other nodes wait for it (monotonic ms). */
  recoverUntilMs: number;
  /** `start` has succeeded, and the first check that succeeds makes it started. null: it is not verified. */
  verifying: Verifying | null;
  alias: 'down' | 'rising' | 'up' | 'falling';
  /** The address is up, or on its way up, but not to be announced: the other end of a handover is. */
  routeWithheld: boolean;
  /** Its address is up, but ospfd does not announce it: the time is running until that is a failure. */
  routeMissing: boolean;
  /** While stopping: whether the stop primitive has ended, well or not. */
  stopEnded: boolean;
  job: Job | null;
  helper: RecalledHelper | null;
  /** Primitives that operators asked for, in order; at most `MAX_WAITING` requests (requests.ts). */
  readonly requests: PrimitiveRequest[];
  /** It is to be restarted once what depends on it has stopped; the requests to answer then. null: it is not. */
  restart: { readonly requests: readonly string[] } | null;
  announced: ServiceAnnouncement | null;
  /** ospfd refused what was announced: nothing more is, until the replica is activated or cleared anew. */
  refused: boolean;
  /** The content announced last has come back from the network. */
  echoed: boolean;
  readonly health: Health;
  /** null: none runs. */
  watch: Watch | null;
  /** Steps that failed since it was last well; the failure timeout doubles with each. */
  failures: number;
  /** Other nodes that `start`, `join` or `leave` has told this replica about. */
  readonly peersTold: Set<RouterId>;
  /** When it is told of the next one (monotonic ms); null: there is none to tell of. */
  peersAtMs: number | null;
  /** When it was first handed to ospfd in this activation (monotonic ms). */
  injectedAtMs: number;
  /** While it serves on for its successor: until when at most (monotonic ms). */
  handoverUntilMs: number | null;
  /** Its successor serves and its own route is withdrawn: until when it serves what is on its way (monotonic ms). */
  drainUntilMs: number | null;
  /** `preemptDelay` is over at this time; until then a replica that another node could be asked to give way to waits. */
  preemptAtMs: number;
  /** What is on disk. */
  persisted: PersistedService;
}

/** Everything the node knows. Plain data, so that a copy of it can be played forward. */
export interface NodeState {
  settings: Settings;
  self: RouterId | null;
  phase: Phase;
  connected: boolean;
  synced: boolean;
  fullNeighbours: number;
  /** Frozen past the lease: everything is stopped before the node joins again. */
  overrun: boolean;
  shuttingDown: boolean;
  finished: boolean;
  /** An operator put the whole node on standby. */
  standby: boolean;
  epoch: number;
  counter: number;
  persisted: PersistedNode;
  /** What an earlier life left of each service, also of those whose definition cannot be read at present. */
  records: Map<string, PersistedService>;
  readonly replicas: Map<string, Replica>;
  readonly groups: Map<string, GroupState>;
  readonly view: View;
  /** Who was last seen to hold a service, by service and origin. */
  readonly holders: Map<string, Map<RouterId, Holder>>;
  /** The same by origin: the services that it holds. */
  readonly holdings: Map<RouterId, Set<string>>;
  readonly routes: Routes;
  /** When the node last had both the LSDB and a Full neighbour for the first time (monotonic ms). */
  joinedAtMs: number;
  /** When the neighbours came back after a time alone (monotonic ms). */
  returnedAtMs: number;
  /** When our epoch had to be raised because somebody announced under our router ID (monotonic ms). */
  epochRaisedAtMs: readonly number[];
  /** Another daemon uses our router ID. */
  duplicate: boolean;
  /** The time of the event being handled (monotonic ms). */
  nowMs: number;
  /** That nodes of other versions can be reached, in words; null: there are none. */
  mixedVersions: string | null;
  readonly remote: RemoteCommands;
  /** The revocation lists that this node has. */
  revocations: readonly RevocationNumber[];
  /** The Daemon LSA's content announced last, without its sequence. */
  daemonContent: string;
  daemonAnnounced: boolean;
  /** The counter of our Daemon announcement while it has not come back; null: it has. */
  daemonAwaited: number | null;
  nextRun: number;
  /** The timer runs that looks for what may be forgotten. */
  sweepPlanned: boolean;
  /** What the last events have left to be settled together with the next one. */
  unsettled: Unsettled | null;
}

export interface Unsettled extends Pick<Turn, 'dirty' | 'daemonDirty' | 'daemonAsked'> {
  /** How many events these are. */
  readonly events: number;
}

/** One event being handled: what it may change, when it came, and what it has caused so far. */
export interface Turn {
  readonly state: NodeState;
  readonly nowMs: number;
  readonly effects: Effect[];
  /** Groups whose owner or members must be looked at again. */
  readonly dirty: Set<string>;
  /** The Daemon LSA may have to change. */
  daemonDirty: boolean;
  /** Flood the Daemon LSA even if nothing in it changed: somebody asked. */
  daemonAsked: boolean;
}

/** The command that runs as long as the service is well. */
export type Watch =
  | { readonly state: 'running'; readonly run: number; readonly sinceMs: number }
  /** It ended by itself: the service is restarted, or given up, not before `recoverAtMs` (monotonic ms). */
  | { readonly state: 'ended'; readonly reason: string; readonly recoverAtMs: number };

/** A node that was seen to hold a service, and has not been seen to let go of it. */
export interface Holder {
  readonly sequence: Sequence;
  /** When it became unreachable (monotonic ms); null: it is reachable, or we have no neighbours ourselves. */
  unreachableSinceMs: number | null;
  /** Its daemon has answered, though nothing of this replica is announced. */
  answered: boolean;
  /** It said so in an earlier life than one that had been heard before: perhaps an old LSA that came late. */
  readonly outdated: boolean;
  /** By its own words it is a resource, or it was one when it was written down. */
  readonly resource: boolean;
}

/** The host addresses that each router announces. Unknown until the transport tells of them. */
export interface Routes {
  /** How this node announces its own. */
  way: RouteWay;
  /** Something has changed since that was decided that may change it. */
  undecided: boolean;
  known: boolean;
  readonly addresses: Map<RouterId, ReadonlySet<Ipv4Address>>;
}
