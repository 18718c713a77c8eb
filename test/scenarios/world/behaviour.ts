import type { PrimitiveContext } from '../../../src/cluster/index.js';

/** How a primitive of a service behaves on a machine, until told otherwise. */
export interface Behaviour {
  readonly result: 'succeeds' | 'fails' | 'hangs' | 'recalls';
  readonly durationMs: number;
  /** What it prints last. */
  readonly reason: string;
  /** After one call the primitive succeeds again. */
  readonly once?: boolean;
}

export const FREE: Behaviour = { result: 'succeeds', durationMs: 5, reason: '' };

/** What a primitive finds in its environment, as far as it varies from call to call. */
export function environment({ claim, peers, failure }: PrimitiveContext): string {
  const about = failure === null ? '' : ` SRRD_FAILURE="${failure}"`;
  return ` SRRD_CLAIM=${claim} SRRD_PEERS="${peers.join(' ')}"${about}`;
}
