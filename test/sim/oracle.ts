import type { ServiceAnnouncement, SharedDefinition } from '../../src/model/index.js';
import type { Machine } from './machine.js';
import type { Monitor } from './monitor.js';
import { problemWhereDefinitionsDiffer } from './oracle-of-differing.js';

/**
 * Who should run what in a connected network at rest, worked out anew from what the nodes announce and compared with
 * what really runs. It must not call the election code: it is the second opinion. `agreeing`: all have the same definitions.
 */
export function problemAtRest(machines: readonly Machine[], monitor: Monitor, agreeing: boolean): string | null {
  const live = machines.filter(({ engine }) => engine !== null);
  return (
    first(live, (machine) => unrest(machine, monitor)) ??
    monitor.promises.problemAtRest(live) ??
    (agreeing
      ? first(groupsOf(live, monitor), (group) => problemOfGroup(group, live, monitor))
      : problemWhereDefinitionsDiffer(live, monitor)) ??
    first(machines, (machine) => strangers(machine, monitor))
  );
}

/** A group of which some member can run somewhere: one of its services, and the nodes that are candidates. */
export interface GroupAtRest {
  readonly service: string;
  readonly candidates: readonly Machine[];
}

export function groupsAtRest(live: readonly Machine[], monitor: Monitor): GroupAtRest[] {
  return groupsOf(live, monitor).flatMap((group) => {
    const required = closureOfCritical(group);
    const candidates = live.filter((machine) => isCandidate(machine, group, required, monitor));
    // Of the members one that runs wherever the group does.
    const service = [...(required.size > 0 ? required : group.keys())].find((name) =>
      candidates.every((machine) => isUsable(machine, name, group, new Set())),
    );
    return service === undefined || candidates.length === 0 ? [] : [{ service, candidates }];
  });
}

/** Whom the order names, among these nodes, for each group: by a service of the group. */
export function expectedOwners(live: readonly Machine[], monitor: Monitor): Map<string, Machine | undefined> {
  return new Map(
    groupsAtRest(live, monitor).map(({ service, candidates }) => {
      const group = groupOf(service, live, monitor);
      const ranked = candidates.map((machine) => rank(machine, group, closureOfCritical(group), monitor)).sort(byRank);
      return [service, ranked[0]?.machine];
    }),
  );
}

/** Whether `move` would make this candidate the owner, with a claim above all others. */
export function expectedToTake(
  service: string,
  target: Machine,
  pin: boolean,
  live: readonly Machine[],
  monitor: Monitor,
): boolean {
  const group = groupOf(service, live, monitor);
  const required = closureOfCritical(group);
  const claim = Number.MAX_SAFE_INTEGER;
  const wouldBe = { ...rank(target, group, required, monitor), claim, pin: pin ? claim : 0 };
  return live
    .filter((machine) => machine !== target && isCandidate(machine, group, required, monitor))
    .every((machine) => byRank(wouldBe, rank(machine, group, required, monitor)) < 0);
}

export function ownerOf(service: string, live: readonly Machine[]): Machine | undefined {
  return live.find((machine) => machine.calls.started.has(service));
}

function groupOf(service: string, live: readonly Machine[], monitor: Monitor): Group {
  return groupsOf(live, monitor).find((group) => group.has(service)) ?? new Map();
}

function first<T>(items: Iterable<T>, problem: (item: T) => string | null): string | null {
  for (const item of items) {
    const found = problem(item);
    if (found !== null) return found;
  }
  return null;
}

/** At rest every replica is where it can stay, says what is true, and waits for nothing. */
function unrest(machine: Machine, monitor: Monitor): string | null {
  const said = monitor.announced.get(machine)?.services;
  for (const [name, { config, run }] of machine.engine?.state.replicas ?? []) {
    const where = `${machine.name}: ${name} is ${config}/${run}`;
    const definition = machine.definitions.get(name);
    if (definition === undefined) return `${where} though its definition is gone`;
    if (config === 'active' && (run === 'stopped' || run === 'started')) {
      const announced = said?.get(name);
      if (announced?.runState !== run) return `${where} but announces ${announced?.runState ?? 'nothing'}`;
      if (announced.joining) return `${where} and still joining`;
    } else if (!(run === 'stopped' && (config === 'inactive' || config === 'disabled'))) return where;
  }
  for (const name of machine.definitions.keys()) {
    if (machine.engine?.state.replicas.has(name) === false) return `${machine.name}: ${name} is not taken in`;
  }
  return null;
}

/** Nothing runs, and no address is up, that the daemon does not call started. */
function strangers(machine: Machine, monitor: Monitor): string | null {
  const said = monitor.announced.get(machine)?.services;
  for (const service of machine.calls.running) {
    if (said?.get(service)?.runState !== 'started')
      return `${machine.name}: ${service} runs, but is not announced as started`;
  }
  for (const service of machine.aliases.present.keys()) {
    if (said?.get(service)?.runState !== 'started') return `${machine.name}: the address of ${service} is still up`;
  }
  for (const [service, announced] of said ?? []) {
    if (announced.runState !== 'started') continue;
    if (!machine.calls.started.has(service))
      return `${machine.name}: ${service} is announced as started, but does not run`;
    if (announced.definition.addresses.length > 0 && !machine.aliases.present.has(service)) {
      return `${machine.name}: ${service} is started without its address`;
    }
  }
  return null;
}

interface Member {
  readonly definition: SharedDefinition;
  readonly on: Map<Machine, ServiceAnnouncement>;
}

export type Group = ReadonlyMap<string, Member>;

export function groupsOf(live: readonly Machine[], monitor: Monitor): Group[] {
  const groups = new Map<string, Map<string, Member>>();
  for (const machine of live) {
    for (const [name, announced] of monitor.announced.get(machine)?.services ?? []) {
      const group = groups.get(announced.definition.group) ?? new Map<string, Member>();
      groups.set(announced.definition.group, group);
      const member = group.get(name) ?? { definition: announced.definition, on: new Map() };
      group.set(name, member);
      member.on.set(machine, announced);
    }
  }
  return [...groups.values()];
}

export function problemOfGroup(group: Group, live: readonly Machine[], monitor: Monitor): string | null {
  const required = closureOfCritical(group);
  const name = [...group.keys()].join('+');
  const runners = live.filter((machine) => [...group.keys()].some((service) => machine.calls.running.has(service)));
  const able = live.filter((machine) => isCandidate(machine, group, required, monitor));
  if (runners.length > 1) return `${name} is spread over ${runners.map((machine) => machine.name).join(' and ')}`;
  const [runner] = runners;
  if (able.length === 0) {
    return runner === undefined ? null : `${name} runs on ${runner.name}, which is no candidate`;
  }
  const ranked = able.map((machine) => rank(machine, group, required, monitor)).sort(byRank);
  const owner = ranked[0]?.machine;
  if (runner === undefined) return `${name} runs nowhere, though ${able.map((m) => m.name).join(', ')} could run it`;
  if (runner !== owner) return `${name} runs on ${runner.name}, but the order names ${owner?.name}`;
  for (const service of group.keys()) {
    const should = isUsable(runner, service, group, new Set());
    if (should === runner.calls.started.has(service)) continue;
    return `${runner.name}: ${service} is ${should ? 'not ' : ''}started, though its group is owned here`;
  }
  return null;
}

/** The critical members and, again and again, what they depend on. */
function closureOfCritical(group: Group): Set<string> {
  const required = new Set([...group.values()].filter(({ definition }) => definition.critical).map(nameOf));
  for (const service of required)
    for (const needed of group.get(service)?.definition.dependsOn ?? []) required.add(needed);
  return required;
}

function nameOf({ definition }: Member): string {
  return definition.name;
}

function isCandidate(machine: Machine, group: Group, required: ReadonlySet<string>, monitor: Monitor): boolean {
  if (monitor.announced.get(machine)?.standby !== false) return false;
  const usable = [...group.keys()].filter((service) => isUsable(machine, service, group, new Set()));
  if (required.size === 0) return usable.length > 0;
  const unusable = [...required].filter((service) => !usable.includes(service));
  if (unusable.length === 0) return true;
  // What it has not got at all is not held against the owner, nor against anybody where no node can run everything.
  const lacksOnly =
    unusable.length < required.size && unusable.every((service) => !group.get(service)?.on.has(machine));
  if (!lacksOnly) return false;
  const owns = [...group.values()].some(({ on }) => (on.get(machine)?.claim ?? 0) > 0);
  return owns || !someMachineRunsAll(group, required, monitor);
}

function someMachineRunsAll(group: Group, required: ReadonlySet<string>, monitor: Monitor): boolean {
  const machines = new Set([...group.values()].flatMap(({ on }) => [...on.keys()]));
  return [...machines].some(
    (machine) =>
      monitor.announced.get(machine)?.standby === false &&
      [...required].every((service) => isUsable(machine, service, group, new Set())),
  );
}

function isUsable(machine: Machine, service: string, group: Group, above: ReadonlySet<string>): boolean {
  const member = group.get(service);
  const announced = member?.on.get(machine);
  if (member === undefined || announced === undefined || above.has(service)) return false;
  if (announced.runState === 'failed' || announced.standby || announced.joining) return false;
  const deeper = new Set([...above, service]);
  return member.definition.dependsOn.every((needed) => isUsable(machine, needed, group, deeper));
}

interface Rank {
  readonly machine: Machine;
  readonly pin: number;
  readonly preference: number;
  readonly claim: number;
  readonly preempt: boolean;
  /** Nobody can run all that is required. */
  readonly isPartial: boolean;
  readonly members: number;
}

function rank(machine: Machine, group: Group, required: ReadonlySet<string>, monitor: Monitor): Rank {
  const here = [...group.values()].flatMap(({ on }) => on.get(machine) ?? []);
  const critical = here.filter(({ definition }) => required.has(definition.name));
  const decisive = required.size > 0 ? critical : here;
  const preferences = decisive.map(({ preference }) => preference);
  const usable = here.filter(({ definition }) => isUsable(machine, definition.name, group, new Set()));
  return {
    machine,
    pin: Math.max(0, ...here.map(({ pinned, claim }) => (pinned ? claim : 0))),
    // Nobody rises by losing a member, where it need have none of them.
    preference: required.size > 0 ? Math.min(...preferences) : Math.max(...preferences),
    claim: Math.max(...here.map(({ claim }) => claim)),
    preempt: decisive.every(({ definition }) => definition.preempt),
    isPartial: required.size > 0 && !someMachineRunsAll(group, required, monitor),
    members: usable.filter(({ definition }) => required.size === 0 || required.has(definition.name)).length,
  };
}

/**
 * Best first: pin, preference, claim, members, router ID; with `preempt: false` the claim before the preference. Where nobody
 * can run all, the preference comes last: the owner stays, and what can run more comes first.
 */
function byRank(a: Rank, b: Rank): number {
  if (a.pin !== b.pin) return b.pin - a.pin;
  if (a.isPartial)
    return (
      b.claim - a.claim ||
      b.members - a.members ||
      b.preference - a.preference ||
      Number(b.machine.id) - Number(a.machine.id)
    );
  const stays = !a.preempt || !b.preempt;
  if (stays && a.claim !== b.claim) return b.claim - a.claim;
  if (a.preference !== b.preference) return b.preference - a.preference;
  if (a.claim !== b.claim) return b.claim - a.claim;
  if (a.members !== b.members) return b.members - a.members;
  return Number(b.machine.id) - Number(a.machine.id);
}
