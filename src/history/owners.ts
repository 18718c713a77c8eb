import type { ClusterEvent } from '../events/index.js';

/** Why a service left its owner, as far as the events say. */
export const FAILOVER_CAUSES = ['failure', 'node-lost', 'daemon-lost', 'command', 'handover'] as const;

/**
 * `failure`: its replica failed there; `node-lost`: the node is unreachable; `daemon-lost`: srrd or ospfd there ended or fell silent;
 * `command`: an operator wanted it; `handover`: the owner gave it up by itself (shutdown, standby, preference, its group).
 */
export type FailoverCause = (typeof FAILOVER_CAUSES)[number];

/** A service started on another node than the one that had it before. Router IDs are dotted quads. */
export interface Failover {
  readonly service: string;
  readonly from: string;
  readonly to: string;
  readonly cause: FailoverCause;
  /** From the first word of the loss until it was started again, as this node heard it, in ms. */
  readonly outageMs: number;
}

/** A command explains what happens to its service for so long, in ms. */
const COMMAND_EXPLAINS_MS = 60_000;

/** Services and nodes come and go for ever: of more than a node keeps, the ones heard of first are forgotten. */
export const MAX_KNOWN = 16_384;

/** That a node has a service no more. */
export interface Loss {
  /** Unix milliseconds. */
  readonly atMs: number;
  cause: FailoverCause;
}

interface Ownership {
  owner: string;
  /** null: it runs, as far as is known. */
  loss: Loss | null;
}

/** Follows the events, each at a cost that does not grow with the cluster. */
export class Owners {
  readonly #services = new Map<string, Ownership>();
  /** Nodes that are lost at present. */
  readonly #lost = new Map<string, Loss>();
  /** When somebody last commanded something, in ms: of the service, and of everything ('' is a command to a node or a group). */
  readonly #commanded = new Map<string, number>();

  /** The failover that this event completes; null: none. */
  heard(event: ClusterEvent, atMs = Date.parse(event.at)): Failover | null {
    const { kind, service, node } = event;
    if (kind === 'command') remember(this.#commanded, service ?? '', atMs);
    if (kind === 'member') this.#member(event, atMs);
    if (service === null) return null;
    if (event.to === 'active/started') return this.#started(service, node, atMs);
    const ownership = this.#services.get(service);
    if (event.from === 'active/started') {
      if (ownership !== undefined && ownership.owner !== node) return null;
      const loss = ownership?.loss ?? { atMs, cause: this.#causeOf(event, atMs) };
      remember(this.#services, service, { owner: node, loss });
    } else if (ownership !== undefined && ownership.loss !== null && hasFailed(event)) {
      // Where it was; or where an operator wanted it.
      if (ownership.owner === node || ownership.loss.cause === 'command') ownership.loss.cause = 'failure';
    }
    return null;
  }

  /** Who has it, or had it last, and since when and why he has not; null: nothing was heard of it. */
  now(service: string): { readonly owner: string; readonly loss: Readonly<Loss> | null } | null {
    const known = this.#services.get(service);
    return known === undefined ? null : { ...known, loss: known.loss ?? this.#lost.get(known.owner) ?? null };
  }

  #member({ node, from, to }: ClusterEvent, atMs: number): void {
    if (to === 'unreachable') remember(this.#lost, node, { atMs, cause: 'node-lost' });
    else if (to === 'silent' || to === 'left') remember(this.#lost, node, { atMs, cause: 'daemon-lost' });
    else if (to === 'reachable' || to === 'joined' || from === 'silent') this.#lost.delete(node);
  }

  #started(service: string, node: string, atMs: number): Failover | null {
    const before = this.#services.get(service);
    remember(this.#services, service, { owner: node, loss: null });
    if (before === undefined || before.owner === node) return null;
    const loss = before.loss ?? this.#lost.get(before.owner) ?? { atMs, cause: 'handover' };
    return { service, from: before.owner, to: node, cause: loss.cause, outageMs: Math.max(0, atMs - loss.atMs) };
  }

  #causeOf(event: ClusterEvent, atMs: number): FailoverCause {
    if (hasFailed(event)) return 'failure';
    if (event.to === null) return 'daemon-lost';
    const commandedAtMs = Math.max(
      this.#commanded.get(event.service ?? '') ?? Number.NEGATIVE_INFINITY,
      this.#commanded.get('') ?? Number.NEGATIVE_INFINITY,
    );
    return atMs - commandedAtMs <= COMMAND_EXPLAINS_MS ? 'command' : 'handover';
  }
}

function hasFailed({ kind, to }: ClusterEvent): boolean {
  return kind === 'failure' || to?.endsWith('/failed') === true;
}

function remember<Value>(map: Map<string, Value>, key: string, value: Value): void {
  map.delete(key);
  map.set(key, value);
  if (map.size > MAX_KNOWN) forgetFirst(map);
}

export function forgetFirst<Value>(map: Map<string, Value>): void {
  const [first] = map.keys();
  if (first !== undefined) map.delete(first);
}
