import { computed, signal } from '@preact/signals';
import type { NodeStatus, ServiceStatus, StatusUpdate } from '../api/types.js';

/** The cluster as the node that serves this page sees it. */
export interface ClusterPicture {
  readonly node: StatusUpdate['node'];
  readonly ospf: StatusUpdate['ospf'];
  readonly nodes: readonly NodeStatus[];
  /** Sorted by name. An entry that did not change keeps its identity. */
  readonly services: ReadonlyMap<string, ServiceStatus>;
  /** The services that a shutdown still waits for, in words; null: the node is not ending. */
  readonly ending: readonly string[] | null;
  readonly problems: readonly string[];
  readonly duplicateRouterIds: readonly string[];
  readonly mixedVersions?: string | undefined;
  /** Milliseconds since 1970, by the node's clock. */
  readonly generatedAt: number;
}

/** null: nothing has been heard yet. It stays when the connection is lost; `connection` says how old it is. */
export const picture = signal<ClusterPicture | null>(null);

/** How far the node's clock is ahead of the browser's, in milliseconds, as of the last connection. */
export const clockLead = signal(0);

export const nodes = computed<readonly NodeStatus[]>(() => picture.value?.nodes ?? []);

const nodesById = computed(() => new Map(nodes.value.map((node) => [node.routerId, node])));

export function applyUpdate(update: StatusUpdate): void {
  const generatedAt = new Date(update.generatedAt).getTime();
  picture.value = merge(picture.peek(), update, generatedAt);
}

function merge(before: ClusterPicture | null, update: StatusUpdate, generatedAt: number): ClusterPicture {
  const { node, ospf, ending, problems, duplicateRouterIds, mixedVersions } = update;
  const list = before !== null && isSame(before.nodes, update.nodes) ? before.nodes : update.nodes;
  const services = mergeServices(before?.services, update);
  return { node, ospf, ending, problems, duplicateRouterIds, mixedVersions, nodes: list, services, generatedAt };
}

/** Nodes seldom change: as long as they are the same, nothing that shows them is drawn again. */
function isSame(a: readonly NodeStatus[], b: readonly NodeStatus[]): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function mergeServices(
  before: ReadonlyMap<string, ServiceStatus> | undefined,
  { services, removed, complete }: StatusUpdate,
): ReadonlyMap<string, ServiceStatus> {
  if (complete || before === undefined) return new Map(services.map((service) => [service.name, service]));
  if (services.length === 0 && removed.length === 0) return before;
  const after = new Map(before);
  for (const name of removed) after.delete(name);
  const grows = services.some(({ name }) => !after.has(name));
  for (const service of services) after.set(service.name, service);
  return grows ? new Map([...after].sort(([a], [b]) => (a < b ? -1 : 1))) : after;
}

/** Name of a node for people; its router ID if nothing more is known. */
export function nodeName(routerId: string | null): string {
  if (routerId === null) return 'none';
  return nodesById.value.get(routerId)?.name ?? routerId;
}

export function nodeOf(routerId: string): NodeStatus | undefined {
  return nodesById.value.get(routerId);
}

/** Whether this is the node that serves the page. */
export function isHere(routerId: string): boolean {
  return picture.value?.node.routerId === routerId;
}
