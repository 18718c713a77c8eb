import type { RouterId } from '../../model/index.js';

/** What there is one timer of on a node. */
type OwnTimer = 'join' | 'resources' | 'returned' | 'duplicate' | 'memory' | 'outcomes';
type CommandTimer = 'command-expires' | 'command-unanswered';
type NodeTimer = 'newcomer' | 'quiet' | 'silent' | 'suspicion';
/** Of a service as another node has it. */
type HeldTimer = 'takeover' | 'holder' | 'route';
export type ReplicaTimer =
  | 'recall'
  | 'check'
  | 'retry'
  | 'well'
  | 'recovery'
  | 'own-route'
  | 'peers'
  | 'helper'
  | 'handover'
  | 'watch'
  | 'claim'
  | 'resource-hold'
  | 'preempt';

/** What a timer is for, and what it is about. */
export type Timer =
  | { readonly kind: OwnTimer }
  | { readonly kind: CommandTimer; readonly nonce: number }
  | { readonly kind: NodeTimer; readonly node: RouterId }
  | { readonly kind: 'idle'; readonly group: string; readonly node: RouterId }
  | { readonly kind: HeldTimer; readonly service: string; readonly node: RouterId }
  | { readonly kind: ReplicaTimer; readonly service: string };

/** Timers with the same key are one: setting it again begins it anew. */
export function timerKey(timer: Timer): string {
  const { kind, nonce, group, service, node }: Parts = timer;
  return [kind, nonce, group, service, node].filter((part) => part !== undefined).join(' ');
}

interface Parts {
  readonly kind: string;
  readonly nonce?: number;
  readonly group?: string;
  readonly service?: string;
  readonly node?: RouterId;
}
