import type { ServiceDefinition } from '../../src/model/index.js';
import type { CommandName } from '../../src/tables/index.js';
import type { Action, NodeRef } from './plan.js';
import type { Targets } from './plan-actions.js';
import type { Random } from './random.js';

type Trouble = (random: Random, targets: Targets) => readonly Action[];

/** Actions that put a promise to the test only together; by chance they would seldom meet. */
export const TROUBLES: readonly (readonly [Trouble, number])[] = [
  [commandComesAgain, 1.5],
  [commandMeetsAnotherLife, 1.5],
  [wordIsGivenBeforeRestart, 2],
  [holderDiesAndOthersRestart, 1.5],
  [successorIsFrozen, 1.5],
  [failsEverywhere, 1.5],
  [strangerFlaps, 0.7],
  [routeIsHiddenForLong, 1],
  [addressIsTaken, 0.7],
  [talliesDoNotMatch, 1],
  [criticalMemberComes, 0.4],
];

/** A Command LSA is refreshed while it is valid: its target hears it once more. */
function commandComesAgain(random: Random, targets: Targets): readonly Action[] {
  const [at, target] = twoNodes(random, targets);
  const again: Action = { type: 'refresh-lsas', node: at };
  return [command(random.pick(WORDS), random.pick(targets.services), at, target), again, again];
}

/** The target's daemon dies, and finds the command in the LSDB when it is there again. */
function commandMeetsAnotherLife(random: Random, targets: Targets): readonly Action[] {
  const [at, target] = twoNodes(random, targets);
  return [command(random.pick(WORDS), random.pick(targets.services), at, target), ...restart(target)];
}

function wordIsGivenBeforeRestart(random: Random, targets: Targets): readonly Action[] {
  const node = random.int(0, targets.nodes - 1);
  const word = random.pick(['stop', 'deactivate', 'node-standby', 'group-stop', 'group-deactivate'] as const);
  return [command(word, random.pick(targets.services), node, node), ...restart(node)];
}

/** The daemon of an owner dies, its service runs on, and those that know of it begin anew. */
function holderDiesAndOthersRestart(random: Random, targets: Targets): readonly Action[] {
  const service = random.pick(targets.services);
  const others = allNodes(targets).filter(() => random.chance(0.6));
  const killed: Action = { type: 'kill-daemon', node: { ownerOf: service }, afterEffects: 0 };
  return [killed, ...others.flatMap(restart)];
}

/** Who should take over stands still. */
function successorIsFrozen(random: Random, targets: Targets): readonly Action[] {
  const service = random.pick(targets.services);
  const node = random.int(0, targets.nodes - 1);
  const owner = { ownerOf: service };
  const leaves: Action = random.chance(0.5)
    ? command('stop', service, owner, owner)
    : { type: 'crash-node', node: owner, losesState: false };
  return [{ type: 'freeze', node, durationMs: random.between(15_000, 45_000) }, leaves];
}

/** A service that cannot run anywhere. */
function failsEverywhere(random: Random, targets: Targets): readonly Action[] {
  const service = random.pick(targets.services);
  const behaviour = { result: 'fails', durationMs: random.between(1, 50), recalls: 0, leavesRunning: false } as const;
  const primitive = random.pick(['start', 'check'] as const);
  const durationMs = random.between(40_000, 200_000);
  return [
    ...allNodes(targets).map((node): Action => ({ type: 'behave', node, service, primitive, behaviour, durationMs })),
    { type: 'sicken', service, healedBy: 'repair', everywhere: true },
  ];
}

/** A daemon that dies whenever it has begun. */
function strangerFlaps(random: Random, targets: Targets): readonly Action[] {
  const node = random.int(0, targets.nodes - 1);
  return Array.from({ length: random.int(2, 5) }, () => restart(node)).flat();
}

function routeIsHiddenForLong(random: Random, { services }: Targets): readonly Action[] {
  return [{ type: 'hide-route', service: random.pick(services), durationMs: random.between(12_000, 40_000) }];
}

/** Somebody gives a service the address of another, on one node or on all. */
function addressIsTaken(random: Random, targets: Targets): readonly Action[] {
  const [from, to] = [random.pick(targets.services), random.pick(targets.services)];
  const address = definitionOf(targets, from)?.addresses[0];
  if (from === to || address === undefined) return [];
  const only = random.chance(0.3) ? random.int(0, targets.nodes - 1) : null;
  return targets.definitions.flatMap((definitions, node): Action[] => {
    const definition = definitions.get(to);
    if (definition?.kind !== 'service' || (only !== null && node !== only)) return [];
    return [
      { type: 'define', node, definition: { ...definition, addresses: [address] } },
      command('deactivate', to, node, node),
      command('activate', to, node, node),
    ];
  });
}

/** A node counts more than others can hear of, and comes back after it was out of reach. */
function talliesDoNotMatch(random: Random, targets: Targets): readonly Action[] {
  const node = random.int(0, targets.nodes - 1);
  return [
    { type: 'miscount', node, durationMs: random.between(20_000, 200_000) },
    { type: 'isolate', node, durationMs: random.between(1_000, 8_000) },
  ];
}

/** One node has a member that the others do not have yet, and their group requires it. */
function criticalMemberComes(random: Random, targets: Targets): readonly Action[] {
  const node = random.int(0, targets.nodes - 1);
  const member = targets.definitions[node]?.get(random.pick(targets.services));
  if (member === undefined) return [];
  const definition = { ...member, name: `${member.name}N`, critical: true, kind: 'service', addresses: [] } as const;
  return [{ type: 'define', node, definition }];
}

const WORDS: readonly CommandName[] = ['move', 'start', 'stop', 'clear', 'activate', 'deactivate', 'restart', 'reload'];

function command(name: CommandName, service: string, at: NodeRef, target: NodeRef): Action {
  return { type: 'command', command: name, service: name.startsWith('node-') ? '' : service, at, target, pin: false };
}

function restart(node: number): readonly Action[] {
  return [
    { type: 'kill-daemon', node, afterEffects: 0 },
    { type: 'start-daemon', node, losesState: false },
  ];
}

function allNodes({ nodes }: Targets): number[] {
  return Array.from({ length: nodes }, (_, node) => node);
}

function twoNodes(random: Random, { nodes }: Targets): [number, number] {
  const at = random.int(0, nodes - 1);
  return [at, (at + random.int(1, nodes - 1)) % nodes];
}

function definitionOf({ definitions }: Targets, service: string): ServiceDefinition | undefined {
  return definitions.find((each) => each.has(service))?.get(service);
}
