import type { ServiceStatus } from '../api/types.js';
import type { Tone } from './condition.js';

/** Services that live on the same node. */
export interface GroupPicture {
  readonly name: string;
  readonly services: readonly ServiceStatus[];
  /** Router ID of whom the election names; null: nobody. */
  readonly elected: string | null;
  readonly tone: Tone;
  /** The group's state in words, with `{node}` where a router ID is to be named. */
  readonly state: GroupState;
}

export type GroupState =
  | { readonly kind: 'runs'; readonly on: string }
  | { readonly kind: 'starting'; readonly on: string; readonly started: number }
  | { readonly kind: 'partly'; readonly on: string; readonly started: number }
  | { readonly kind: 'leaving'; readonly from: string; readonly to: string }
  | { readonly kind: 'nowhere' }
  /** Active on no node, by the will of operators or of the definitions. */
  | { readonly kind: 'off' };

/** People count: G9 comes before G10. */
const BY_NAME = new Intl.Collator('en', { numeric: true });

/**
 * Takes the services sorted by name, returns the groups sorted by name. A group of which no service has changed since
 * `before` keeps its identity, so that nobody draws it again.
 */
export function groupsOf(services: Iterable<ServiceStatus>, before: readonly GroupPicture[] = []): GroupPicture[] {
  const byGroup = new Map<string, ServiceStatus[]>();
  for (const service of services) {
    const members = byGroup.get(service.group);
    if (members === undefined) byGroup.set(service.group, [service]);
    else members.push(service);
  }
  const known = new Map(before.map((group) => [group.name, group]));
  return [...byGroup]
    .sort(([a], [b]) => BY_NAME.compare(a, b))
    .map(([name, members]) => unchanged(known.get(name), members) ?? describeGroup(name, members));
}

function unchanged(before: GroupPicture | undefined, members: readonly ServiceStatus[]): GroupPicture | undefined {
  const same =
    before?.services.length === members.length && members.every((member, index) => member === before.services[index]);
  return same ? before : undefined;
}

function describeGroup(name: string, services: readonly ServiceStatus[]): GroupPicture {
  const elected = services.find((service) => service.elected !== null)?.elected ?? null;
  const state = stateOf(services, elected);
  const failed = services.some(({ replicas }) => replicas.some(({ failure }) => failure !== null));
  return { name, services, elected, state, tone: toneOf(state, failed) };
}

function stateOf(services: readonly ServiceStatus[], elected: string | null): GroupState {
  const owners = new Set(services.flatMap(({ owner }) => (owner === null ? [] : [owner])));
  const started = services.filter(({ owner }) => owner === elected && owner !== null).length;
  if (services.every(isSwitchedOff)) return { kind: 'off' };
  if (elected === null) {
    const [owner] = owners;
    return owner === undefined ? { kind: 'nowhere' } : { kind: 'partly', on: owner, started: owners.size };
  }
  for (const owner of owners) if (owner !== elected) return { kind: 'leaving', from: owner, to: elected };
  if (started === services.length) return { kind: 'runs', on: elected };
  const moving = services.some(({ owner, replicas }) => owner === null && replicas.some(isMoving));
  return moving ? { kind: 'starting', on: elected, started } : { kind: 'partly', on: elected, started };
}

function isSwitchedOff({ replicas }: ServiceStatus): boolean {
  return replicas.every(({ config }) => config === 'inactive' || config === 'disabled');
}

function isMoving({ state, reachable }: ServiceStatus['replicas'][number]): boolean {
  return reachable && (state === 'starting' || state === 'stopping');
}

function toneOf(state: GroupState, failed: boolean): Tone {
  switch (state.kind) {
    case 'runs':
      return failed ? 'warn' : 'ok';
    case 'starting':
    case 'leaving':
      return 'busy';
    case 'partly':
    case 'nowhere':
      return 'bad';
    case 'off':
      return 'off';
  }
}

/** One short phrase; `nameOf` returns a node's name for its router ID. */
export function groupWords({ state, services }: GroupPicture, nameOf: (routerId: string) => string): string {
  switch (state.kind) {
    case 'runs':
      return `runs on ${nameOf(state.on)}`;
    case 'starting':
      return services.length === 1
        ? `starting on ${nameOf(state.on)}`
        : `starting on ${nameOf(state.on)}, ${state.started} of ${services.length} started`;
    case 'partly':
      return state.started === 0
        ? `elected on ${nameOf(state.on)}, not started`
        : `on ${nameOf(state.on)}, only ${state.started} of ${services.length} started`;
    case 'leaving':
      return `moving from ${nameOf(state.from)} to ${nameOf(state.to)}`;
    case 'nowhere':
      return 'runs nowhere';
    case 'off':
      return 'active on no node';
  }
}
