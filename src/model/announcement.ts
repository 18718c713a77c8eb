import { mayStillRun, type RemoteOrder, type Role, type SharedValues } from '../tables/index.js';
import type { RouterId } from './router-id.js';
import type { Failure, RunState } from './states.js';

/** An IPv4 address as a dotted quad. Checked where it enters (configuration, LSA), only passed on here. */
export type Ipv4Address = string;

export type ServiceKind = SharedValues['kind'];

/** How far a Service LSA is flooded: RFC 5250 section 2, LSA types 9, 10 and 11. */
export type Scope = SharedValues['scope'];

/** Orders all announcements of one node: epoch first, then counter (docs/wire-format.md). Both unsigned 32-bit. */
export interface Sequence {
  readonly epoch: number;
  readonly counter: number;
}

/** The part of a definition that must be the same on all nodes; otherwise the replicas are in conflict. */
export interface SharedDefinition extends SharedValues {
  readonly name: string;
}

/** Which owner's start this replica has agreed to (resources only). */
export interface Assent {
  readonly owner: RouterId;
  readonly claim: number;
}

/** One active replica, as its node describes it to the others. */
export interface ServiceAnnouncement {
  readonly kind: 'service';
  readonly sequence: Sequence;
  readonly definition: SharedDefinition;
  /** 0..255, higher is preferred. */
  readonly preference: number;
  readonly runState: RunState;
  readonly standby: boolean;
  readonly joining: boolean;
  readonly pinned: boolean;
  /** 0 when the node is not owner. Unsigned 32-bit. */
  readonly claim: number;
  /** The highest claim that the node knows of for the group; null: none above `claim`, or its version does not tell. */
  readonly knownClaim: number | null;
  readonly assent: Assent | null;
  readonly failure: Failure | null;
  readonly checkIntervalMs: number;
  /** When the last check ended, in Unix seconds by the origin's clock; 0: never. For people only. */
  readonly checkStamp: number;
  /** 16 hexadecimal digits: a hash of definition and Makefile, so that drift between nodes is shown. */
  readonly definitionHash: string;
}

/** What became of a command, flooded by its target until the issuer has had time to read it. */
export interface CommandOutcome {
  readonly issuer: RouterId;
  /** The issuer's epoch when it gave the command: nonces begin anew in each life. null: the target's version does not tell. */
  readonly epoch: number | null;
  readonly nonce: number;
  readonly ok: boolean;
  /** One sentence for the operator. */
  readonly text: string;
}

/** Which revocation list of a certificate authority a node has. Only passed on here (docs/pki.md). */
export interface RevocationNumber {
  /** 16 hexadecimal digits that name the authority. */
  readonly authority: string;
  /** Grows with each list of this authority. At most 2^53 - 1. */
  readonly number: number;
}

/** What a node has out: its Service announcements of AS scope in the present epoch. */
export interface Digest {
  readonly services: number;
  /** The sum of their counters, modulo 2^32. */
  readonly counters: number;
}

/** The node itself. */
export interface DaemonAnnouncement {
  readonly kind: 'daemon';
  readonly sequence: Sequence;
  readonly hostName: string;
  readonly softwareVersion: string;
  /** Version of the rules of election and exclusion. Nodes with different rules may decide differently. */
  readonly rulesVersion: number;
  /** Bit set of what it is able to do, and of how it announces addresses (docs/wire-format.md). */
  readonly capabilities: number;
  /** Addresses of the web server; empty: none. */
  readonly managementAddresses: readonly Ipv4Address[];
  readonly managementPort: number;
  /** The whole node is on standby: it owns nothing. */
  readonly standby: boolean;
  /** Nodes that are asked to flood their Daemon LSA. */
  readonly ask: readonly RouterId[];
  readonly outcomes: readonly CommandOutcome[];
  /** Empty: it asks for no certificates, or runs a version that does not tell. */
  readonly revocations: readonly RevocationNumber[];
  /** What had been announced when this was; null: it runs a version that does not tell. */
  readonly digest: Digest | null;
}

/** A command on its way from the node that received it to its target. */
export interface CommandAnnouncement {
  readonly kind: 'command';
  readonly sequence: Sequence;
  /** Unique among the issuer's commands in this epoch. Unsigned 32-bit. */
  readonly nonce: number;
  /** Who asked: a user name or a certificate's subject. */
  readonly operator: string;
  /** What they may do, as the node says that they asked; null: it runs a version that does not tell. */
  readonly role: Role | null;
  readonly target: RouterId;
  readonly order: RemoteOrder;
  /** `move --pin` / `start --pin`. */
  readonly pin: boolean;
  /** `confirm-stopped`: the node on which it does not run any more; null with all others. */
  readonly holder: RouterId | null;
}

export type Announcement = ServiceAnnouncement | DaemonAnnouncement | CommandAnnouncement;

/** A replica that may be using the service now. A resource whose stop failed may still be in use. */
export function holds(announcement: ServiceAnnouncement): boolean {
  switch (announcement.runState) {
    case 'starting':
    case 'started':
    case 'stopping':
      return true;
    case 'failed':
      return announcement.definition.kind === 'resource' && stopHasFailed(announcement);
    case 'stopped':
      return false;
  }
}

/** Its stop failed: it may still be running there. */
export function stopHasFailed({ runState, failure }: ServiceAnnouncement): boolean {
  return runState === 'failed' && mayStillRun(failure?.code);
}

/** (epoch, counter) orders all announcements of one node. Positive: `a` is newer. */
export function compareSequence(a: Sequence, b: Sequence): number {
  return a.epoch - b.epoch || a.counter - b.counter;
}
