import type { RoutingEvent } from '../cluster/index.js';
import type { RouteWay } from '../model/index.js';
import type { AliasManager } from './alias-manager.js';
import type { AliasRequest } from './alias-request.js';

/** Aliases for those who wait for events instead of promises. */
export interface AliasPort {
  /** An `up` is about to come. No answer. */
  prepare(): void;
  /** Answered by `alias-up` or `alias-failed`. `withheld`: not announced before `announce`. */
  up(definition: AliasRequest & { readonly name: string }, withheld: boolean): void;
  /** Answered by `alias-down`, always, as soon as the addresses are gone. */
  down(service: string): void;
  /** No answers: what OSPF announces is seen in the LSDB. */
  announce(service: string): void;
  withhold(service: string): void;
  announceAs(way: RouteWay, addresses: readonly string[]): void;
}

export function aliasPort(
  manager: Pick<AliasManager, 'prepare' | 'up' | 'down' | 'announce' | 'withhold' | 'announceAs'>,
  emit: (event: RoutingEvent) => void,
): AliasPort {
  return {
    prepare: () => manager.prepare(),
    up: ({ name, addresses, interface: on, area }, withheld) => {
      manager.up(name, { addresses, interface: on, area }, withheld).then(
        () => emit({ type: 'alias-up', service: name }),
        (error: unknown) => emit({ type: 'alias-failed', service: name, reason: message(error) }),
      );
    },
    down: (service) => {
      const gone = once(() => emit({ type: 'alias-down', service }));
      manager.down(service, gone).then(gone);
    },
    announce: (service) => void manager.announce(service),
    withhold: (service) => void manager.withhold(service),
    announceAs: (way, addresses) => void manager.announceAs(way, addresses),
  };
}

function once(action: () => void): () => void {
  let isDone = false;
  return () => {
    if (!isDone) action();
    isDone = true;
  };
}

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
