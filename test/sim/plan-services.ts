import type { ServiceDefinition } from '../../src/model/index.js';
import { definitionFrom } from '../scenarios/world/definitions.js';
import type { Random } from './random.js';

/** What the services of a run have in common; each node's definition differs in little. */
export interface ServiceTemplate {
  readonly definition: ServiceDefinition;
  /** By node index; undefined where it is not configured. */
  readonly preferences: readonly (number | undefined)[];
}

/** 1 to 12 services in random groups. */
export function randomServices(random: Random, nodes: number): ServiceTemplate[] {
  const count = random.weighted([
    [random.int(1, 3), 7],
    [random.int(3, 6), 2],
    [random.int(6, 12), 0.5],
  ]);
  const templates: ServiceTemplate[] = [];
  while (templates.length < count) {
    const size = random.chance(0.45) ? 1 : Math.min(random.int(2, 4), count - templates.length);
    templates.push(...randomGroup(random, nodes, templates.length, size));
  }
  return templates;
}

function randomGroup(random: Random, nodes: number, first: number, size: number): ServiceTemplate[] {
  const symmetric = random.chance(0.5);
  const preempt = random.chance(0.8);
  const preemptDelayMs = random.chance(0.8) ? 0 : random.int(1, 8) * 1_000;
  const members = new Set(Array.from({ length: nodes }, (_, node) => node).filter(() => random.chance(0.9)));
  if (members.size === 0) members.add(random.int(0, nodes - 1));
  const groupPreferences = Array.from({ length: nodes }, () => (symmetric ? 100 : random.pick([50, 100, 150, 200])));
  const names = Array.from({ length: size }, (_, index) => `S${first + index + 1}`);
  const group = size === 1 ? (names[0] as string) : `G${first + 1}`;
  return names.map((name, index) => {
    const dependsOn = names.slice(0, index).filter(() => random.chance(0.4));
    const critical = size === 1 || random.chance(0.5);
    return {
      definition: {
        ...randomDefinition(random, name, group, first + index),
        dependsOn,
        critical,
        preempt,
        preemptDelayMs,
      },
      preferences: configuredSomewhere(
        groupPreferences.map((preference, node) => {
          if (!members.has(node) || random.chance(0.04)) return undefined;
          return symmetric || random.chance(0.8) ? preference : random.pick([50, 100, 150, 200]);
        }),
      ),
    };
  });
}

function configuredSomewhere(preferences: (number | undefined)[]): (number | undefined)[] {
  return preferences.some((preference) => preference !== undefined) ? preferences : preferences.with(0, 100);
}

function randomDefinition(random: Random, name: string, group: string, index: number): ServiceDefinition {
  const kind = random.chance(0.4) ? 'resource' : 'service';
  const addresses = Array.from(
    { length: kind === 'resource' ? 0 : random.chance(0.85) ? 1 : 2 },
    (_, which) => `192.0.${2 + which}.${index + 1}`,
  );
  return {
    ...definitionFrom(name, [`kind=${kind}`, `group=${group}`, `timeout=${random.int(2, 6)}`]),
    addresses,
    scope: random.chance(0.8) ? 'as' : 'area',
    handover: kind === 'service' && group === name && random.chance(0.25) ? 'overlap' : 'exclusive',
    takeoverDelayMs: kind === 'resource' ? random.pick([0, 2_000, 5_000]) : random.chance(0.85) ? 0 : 2_000,
    autoActivate: random.chance(0.93),
    watched: index % 3 === 0,
    verify: index % 4 === 1,
    check: {
      intervalMs: random.chance(0.1) ? 0 : random.int(2, 15) * 1_000,
      timeoutMs: random.int(1, 3) * 1_000,
      fall: random.int(1, 3),
      maxRestarts: random.int(0, 2),
    },
    failureTimeoutMs: random.chance(0.6) ? null : random.int(5, 20) * 1_000,
  };
}
