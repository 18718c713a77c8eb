import type { Primitive, ServiceDefinition } from '../../src/model/index.js';
import type { CommandName } from '../../src/tables/index.js';
import type { Action, Behaviour, NodeRef, PlannedAction } from './plan.js';
import { TROUBLES } from './plan-troubles.js';
import type { Random } from './random.js';

/** What the schedule may act on. */
export interface Targets {
  readonly nodes: number;
  /** All routers, nodes first. */
  readonly routers: number;
  readonly links: number;
  readonly services: readonly string[];
  readonly definitions: readonly ReadonlyMap<string, ServiceDefinition>[];
}

/** More than any run needs. */
const MOST_ACTIONS = 300;

/** After so many actions everything that is down is started: where nothing runs nothing can happen. */
const REVIVED_AFTER = 20;

/** Faults and operations in the order of time. */
export function randomActions(random: Random, targets: Targets, beginMs: number): PlannedAction[] {
  const actions: PlannedAction[] = [];
  let atMs = beginMs;
  let revivedAfter = 0;
  while (actions.length < MOST_ACTIONS) {
    if (actions.length >= revivedAfter + REVIVED_AFTER) {
      actions.push(...revival(targets).map((action) => ({ atMs, action })));
      revivedAfter = actions.length;
    }
    atMs += random.weighted([
      [random.between(0, 100), 3],
      [random.between(100, 2_000), 5],
      [random.between(2_000, 8_000), 3],
    ]);
    for (const action of someActions(random, targets)) {
      actions.push({ atMs, action });
      atMs += random.between(50, 1_500);
    }
  }
  return actions;
}

function revival({ nodes }: Targets): Action[] {
  return Array.from({ length: nodes }, (_, node): Action[] => [
    { type: 'boot-node', node },
    { type: 'start-daemon', node, losesState: false },
  ]).flat();
}

type Maker = (random: Random, targets: Targets) => Action | readonly Action[];

const MAKERS: readonly (readonly [Maker, number])[] = [
  [(r, t) => ({ type: 'crash-node', node: aNode(r, t), losesState: r.chance(0.25) }), 5],
  [(r, t) => ({ type: 'boot-node', node: r.int(0, t.nodes - 1) }), 6],
  [(r, t) => ({ type: 'kill-daemon', node: aNode(r, t), afterEffects: r.chance(0.5) ? 0 : r.int(1, 12) }), 5],
  [(r, t) => ({ type: 'start-daemon', node: r.int(0, t.nodes - 1), losesState: r.chance(0.08) }), 6],
  [(r, t) => ({ type: 'freeze', node: aNode(r, t), durationMs: freezeMs(r) }), 5],
  [(r, t) => ({ type: 'kill-ospfd', node: aNode(r, t), durationMs: r.between(5, 8_000) }), 3],
  [(r, t) => ({ type: 'cut-link', link: r.int(0, t.links - 1), durationMs: cutMs(r) }), 5],
  [(r, t) => ({ type: 'partition', side: aSide(r, t), durationMs: cutMs(r) }), 5],
  [(r, t) => ({ type: 'isolate', node: aNode(r, t), durationMs: cutMs(r) }), 4],
  [() => ({ type: 'heal' }), 2],
  [behave, 7],
  [tryOut, 5],
  [refuse, 1],
  [(r, t) => ({ type: 'sicken', service: r.pick(t.services), healedBy: aCure(r), everywhere: r.chance(0.1) }), 3],
  [(r, t) => ({ type: 'remove-alias', service: r.pick(t.services), restored: r.chance(0.4) }), 2],
  [(r, t) => ({ type: 'hide-route', service: r.pick(t.services), durationMs: r.between(100, 20_000) }), 2],
  [(r, t) => ({ type: 'move-clock', node: r.int(0, t.nodes - 1), seconds: r.int(-100_000, 100_000) }), 1],
  [(r, t) => ({ type: 'refresh-lsas', node: r.int(0, t.nodes - 1) }), 1],
  [(r, t) => ({ type: 'impersonate', node: r.int(0, t.nodes - 1), times: r.int(1, 4) }), 0.4],
  [command, 20],
  [define, 4],
  [(r, t) => ({ type: 'undefine', node: r.int(0, t.nodes - 1), service: r.pick(t.services) }), 1],
  [(r, t) => ({ type: 'shutdown', node: aNode(r, t), durationMs: r.between(100, 10_000) }), 2],
  ...TROUBLES,
];

/** One, or a few that belong together. */
function someActions(random: Random, targets: Targets): readonly Action[] {
  const made = random.weighted(MAKERS)(random, targets);
  return Array.isArray(made) ? made : [made as Action];
}

function aNode(random: Random, { nodes, services }: Targets): NodeRef {
  return random.chance(0.5) ? random.int(0, nodes - 1) : { ownerOf: random.pick(services) };
}

function aSide(random: Random, { routers }: Targets): number[] {
  const side = Array.from({ length: routers }, (_, index) => index).filter(() => random.chance(0.5));
  return side.length === 0 ? [random.int(0, routers - 1)] : side;
}

/** Shorter and longer than the lease, than a silent node's time, and than everybody's patience. */
function freezeMs(random: Random): number {
  return random.weighted([
    [random.between(50, 2_000), 3],
    [random.between(2_000, 5_000), 4],
    [random.between(5_000, 25_000), 3],
  ]);
}

function cutMs(random: Random): number {
  return random.weighted([
    [random.between(10, 500), 3],
    [random.between(500, 6_000), 4],
    [random.between(6_000, 20_000), 3],
  ]);
}

function aCure(random: Random): 'restart' | 'start' | 'repair' {
  return random.pick(['restart', 'start', 'repair']);
}

const PRIMITIVES: readonly (readonly [Primitive | 'alias', number])[] = [
  ['start', 8],
  ['stop', 6],
  ['check', 3],
  ['activate', 2],
  ['deactivate', 2],
  ['restart', 2],
  ['alias', 2],
  ['join', 1],
  ['leave', 1],
  ['failed', 1],
  ['reload', 1],
  ['status', 1],
];

/** What an operator asks for so that the primitive is called. */
const CAUSES: Record<string, readonly CommandName[]> = {
  activate: ['deactivate', 'activate'],
  deactivate: ['deactivate', 'activate'],
  restart: ['restart'],
  reload: ['reload'],
  status: ['status'],
  check: ['check'],
  start: ['move'],
  stop: ['stop'],
  alias: ['move'],
  join: ['deactivate', 'activate'],
  leave: ['deactivate', 'activate'],
  failed: ['move'],
};

/** A primitive that does not do as it should, and somebody who has it called. */
function tryOut(random: Random, targets: Targets): readonly Action[] {
  const misbehaviour = behave(random, targets, random.pick(Object.keys(CAUSES)) as Primitive | 'alias');
  const { primitive, service } = misbehaviour;
  // What comes to a node, it must not have yet.
  const comes = primitive === 'start' || primitive === 'alias' || primitive === 'failed';
  const node = comes ? random.int(0, targets.nodes - 1) : misbehaviour.node;
  const everyNode = Array.from({ length: targets.nodes }, (_, index) => index);
  // What others call when this one comes or goes fails there.
  const misbehaving = primitive === 'join' || primitive === 'leave' ? everyNode : [node];
  const commands = (CAUSES[primitive] ?? []).map(
    (name): Action => ({
      type: 'command',
      command: name,
      service,
      at: node,
      target: node,
      pin: name === 'move',
    }),
  );
  return [...misbehaving.map((each): Action => ({ ...misbehaviour, node: each })), ...commands];
}

/** ospfd does not take what is announced of a service that is being activated. */
function refuse(random: Random, { nodes, services }: Targets): readonly Action[] {
  const node = random.int(0, nodes - 1);
  const service = random.pick(services);
  const command = (name: CommandName): Action => ({
    type: 'command',
    command: name,
    service,
    at: node,
    target: node,
    pin: false,
  });
  const durationMs = random.between(500, 20_000);
  return [command('deactivate'), { type: 'refuse', node, service, durationMs }, command('activate')];
}

function behave(
  random: Random,
  targets: Targets,
  primitive = random.weighted(PRIMITIVES),
): Extract<Action, { type: 'behave' }> {
  const behaviour: Behaviour = {
    result: random.weighted([
      ['fails', 4],
      ['hangs', 3],
      ['succeeds', 4],
    ]),
    durationMs: random.weighted([
      [random.between(1, 50), 3],
      [random.between(500, 6_500), 3],
    ]),
    recalls: random.weighted([
      [0, 6],
      [random.int(1, 6), 3],
      [random.int(7, 30), 0.5],
    ]),
    leavesRunning: random.chance(0.5),
  };
  const durationMs = random.chance(0.3) ? Number.POSITIVE_INFINITY : random.between(500, 20_000);
  return {
    type: 'behave',
    node: aNode(random, targets),
    service: random.pick(targets.services),
    primitive,
    behaviour,
    durationMs,
  };
}

const COMMANDS: readonly (readonly [CommandName, number])[] = [
  ['move', 8],
  ['start', 4],
  ['stop', 4],
  ['unpin', 3],
  ['clear', 5],
  ['activate', 4],
  ['deactivate', 3],
  ['node-standby', 2],
  ['node-unstandby', 3],
  ['restart', 2],
  ['reload', 1],
  ['check', 2],
  ['status', 1],
  ['enable', 2],
  ['disable', 1],
  ['group-move', 3],
  ['group-start', 2],
  ['group-stop', 2],
  ['group-unpin', 1],
  ['group-clear', 2],
  ['group-activate', 2],
  ['group-deactivate', 1],
];

function command(random: Random, targets: Targets): Action {
  const name = random.weighted(COMMANDS);
  const target = random.chance(0.3) ? aNode(random, targets) : random.int(0, targets.nodes - 1);
  return {
    type: 'command',
    command: name,
    service: name.startsWith('node-') ? '' : random.pick(targets.services),
    at: random.chance(0.5) ? target : random.int(0, targets.nodes - 1),
    target,
    pin: random.chance(0.25),
  };
}

function define(random: Random, targets: Targets): Action {
  const node = random.int(0, targets.nodes - 1);
  const definitions = targets.definitions[node];
  const service = random.pick(targets.services);
  const known = definitions?.get(service) ?? targets.definitions.find((each) => each.has(service))?.get(service);
  if (known === undefined) return { type: 'heal' };
  return { type: 'define', node, definition: changed(random, known) };
}

function changed(random: Random, definition: ServiceDefinition): ServiceDefinition {
  switch (random.int(0, 9)) {
    case 0:
    case 1:
      return { ...definition, preference: random.pick([50, 100, 150, 200]) };
    case 2:
      return { ...definition, check: { ...definition.check, intervalMs: random.int(1, 10) * 1_000 } };
    case 3:
      return { ...definition, preempt: !definition.preempt };
    case 4:
      return { ...definition, critical: definition.group === definition.name || !definition.critical };
    case 5:
      return { ...definition, dependsOn: [] };
    case 6:
      return definition.kind === 'resource' ? definition : { ...definition, addresses: ['192.0.2.200'] };
    case 7:
      return { ...definition, enabled: !definition.enabled };
    case 8:
      return { ...definition, makefile: `${definition.makefile}.new` };
    default:
      return changedInKind(random.int(0, 4), definition);
  }
}

function changedInKind(which: number, definition: ServiceDefinition): ServiceDefinition {
  const { kind, scope, handover, group, name } = definition;
  switch (which) {
    case 0:
    case 1:
      return { ...definition, preemptDelayMs: which * 2_000 };
    case 2:
      return { ...definition, kind: kind === 'resource' ? 'service' : 'resource', handover: 'exclusive' };
    case 3:
      return { ...definition, scope: scope === 'as' ? 'area' : 'as' };
    default:
      if (kind === 'resource' || group !== name) return definition;
      return { ...definition, handover: handover === 'overlap' ? 'exclusive' : 'overlap' };
  }
}
