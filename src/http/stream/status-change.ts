import type { ClusterStatus, ServiceStatus } from '../../cluster/index.js';
import type { ProcessStatus, StatusDocument } from '../status-document.js';

/** The cluster's status in pieces, so that a large cluster can be looked at in several turns of the event loop. */
export interface StatusSource {
  head(): StatusHead;
  serviceNames(): readonly string[];
  /** undefined: it has gone since it was named. */
  service(name: string): ServiceStatus | undefined;
}

export interface StatusHead
  extends Omit<ClusterStatus, 'services' | 'nodes'>,
    Pick<StatusDocument, 'nodes'>,
    Pick<ProcessStatus, 'ending' | 'problems' | 'duplicateRouterIds'> {}

/** What has changed in the status. */
export interface StatusChange {
  readonly head: StatusHead;
  /** By name, as JSON: each is turned into text once, for all who are told. */
  readonly services: ReadonlyMap<string, string>;
  readonly removed: readonly string[];
  /** `services` are all that there are. */
  readonly complete: boolean;
  /** ISO 8601. */
  readonly generatedAt: string;
}

/** The event `status` of the stream, as it is read. */
export interface StatusUpdate extends StatusHead, Omit<StatusChange, 'head' | 'services'> {
  /** All of them if `complete`, else those that have changed. */
  readonly services: readonly ServiceStatus[];
}

/** Is told of changes. While what it gives is not settled, it is told nothing; nothing piles up meanwhile. */
export type Tell = (change: StatusChange) => void | Promise<void>;

/** JSON of `head`, then of the services, then of `tail`, as one object. */
export function joined(head: object, services: Iterable<string>, tail: object): string {
  return `${JSON.stringify(head).slice(0, -1)},"services":[${[...services].join()}],${JSON.stringify(tail).slice(1)}`;
}
