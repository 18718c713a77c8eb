import { differingKeys, formatRouterId, type ServiceAnnouncement } from '../../src/model/index.js';
import type { Machine } from './machine.js';
import type { Monitor } from './monitor.js';
import { type Group, groupsOf, problemOfGroup } from './oracle.js';

/**
 * What holds at rest where nodes have different definitions for good. What nobody disputes is as it always is. A disputed service
 * runs once at most, by the definition of the node that runs it, and everybody shows whose definition differs from that. Where it
 * is a group of its own in all definitions, it runs if anybody could, on the one whom the order names among those that agree.
 */
export function problemWhereDefinitionsDiffer(live: readonly Machine[], monitor: Monitor): string | null {
  const said = announcedBy(live, monitor);
  for (const group of groupsOf(live, monitor)) {
    const problem = isDisputed(group, said) ? null : problemOfGroup(group, live, monitor);
    if (problem !== null) return problem;
  }
  for (const [service, replicas] of said) {
    const problem =
      problemOfService(service, replicas, live) ??
      (isAlone(service, said) ? problemOfSingle(service, replicas, live, monitor) : null);
    if (problem !== null) return problem;
  }
  return null;
}

type Replicas = Map<Machine, ServiceAnnouncement>;
type Said = ReadonlyMap<string, Replicas>;

function announcedBy(live: readonly Machine[], monitor: Monitor): Said {
  const said = new Map<string, Replicas>();
  for (const machine of live) {
    for (const [name, announced] of monitor.announced.get(machine)?.services ?? []) {
      const replicas = said.get(name) ?? new Map<Machine, ServiceAnnouncement>();
      said.set(name, replicas);
      replicas.set(machine, announced);
    }
  }
  return said;
}

/** Some of its members differ from node to node, need what is no member, or have an address of another service. */
function isDisputed(group: Group, said: Said): boolean {
  for (const [service, { definition }] of group) {
    const all = [...(said.get(service)?.values() ?? [])];
    if (all.some((other) => differingKeys(other.definition, definition).length > 0)) return true;
    if (definition.dependsOn.some((needed) => !group.has(needed)) || sharesAddress(service, said)) return true;
  }
  return false;
}

function sharesAddress(service: string, said: Said): boolean {
  const addressesOf = (name: string): string[] =>
    [...(said.get(name)?.values() ?? [])].flatMap(({ definition }) => definition.addresses);
  const own = new Set(addressesOf(service));
  return [...said.keys()].some((other) => other !== service && addressesOf(other).some((address) => own.has(address)));
}

/** A group of its own for everybody, which needs nothing, and of which nobody else has an address. */
function isAlone(service: string, said: Said): boolean {
  for (const [name, replicas] of said) {
    for (const { definition } of replicas.values()) {
      if ((definition.group === service) !== (name === service)) return false;
      if (name === service && definition.dependsOn.length > 0) return false;
    }
  }
  return !sharesAddress(service, said);
}

function problemOfService(service: string, replicas: Replicas, live: readonly Machine[]): string | null {
  const runners = live.filter(({ calls }) => calls.running.has(service));
  const [runner] = runners;
  if (runners.length > 1) return `${service} runs on ${runners.map(({ name }) => name).join(' and ')}`;
  const reference = runner === undefined ? undefined : replicas.get(runner)?.definition;
  if (reference === undefined) return null;
  for (const { engine, name } of live) {
    const shown = engine?.serviceStatus(service);
    for (const [machine, { definition }] of replicas) {
      const words = shown?.replicas.find(({ routerId }) => routerId === formatRouterId(machine.id))?.notCounted ?? '';
      const differs = differingKeys(definition, reference).length > 0;
      if (differs === words.startsWith('its definition differs')) continue;
      const what = differs ? 'does not show that' : 'shows that';
      return `${name} ${what} the definition of ${service} on ${machine.name} differs from that of its owner: ${words}`;
    }
  }
  return null;
}

function problemOfSingle(
  service: string,
  replicas: Replicas,
  live: readonly Machine[],
  monitor: Monitor,
): string | null {
  const runner = live.find(({ calls }) => calls.running.has(service));
  const reference = runner === undefined ? undefined : replicas.get(runner)?.definition;
  if (reference !== undefined) {
    const on = new Map([...replicas].filter(([, { definition }]) => differingKeys(definition, reference).length === 0));
    return problemOfGroup(new Map([[service, { definition: reference, on }]]), live, monitor);
  }
  const able = [...replicas].filter(
    ([machine, { runState, standby, joining }]) =>
      monitor.announced.get(machine)?.standby === false && runState !== 'failed' && !standby && !joining,
  );
  if (able.length === 0) return null;
  return `${service} runs nowhere, though ${able.map(([{ name }]) => name).join(', ')} could run it, whatever the others have`;
}
