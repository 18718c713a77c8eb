import { ERROR_CODES, type ErrorCode } from '../../../src/tables/index.js';
import type { FakeNodeOptions } from './node-options.js';
import type { FakeReplica, World } from './world.js';

type Answer = readonly [status: number, body: { text: string } | { error: string; code: ErrorCode }];

/** Carries a command out on the world, after the time that a node would take to answer. */
export async function answerCommand(
  { world, routerId, role = 'admin' }: FakeNodeOptions,
  area: 'services' | 'node' | 'groups',
  name: string,
  command: string,
  { target }: { readonly target?: string },
): Promise<Answer> {
  await new Promise((resolve) => setTimeout(resolve, 15));
  if (role === 'viewer') return refused('not-allowed', `POST needs the role operator, and CN=viewer is viewer`);
  const node = world.nodeNamed(target ?? routerId);
  if (node === undefined) return refused('unknown-node', `no node ${target} is known in this cluster`);
  if (area === 'node') return answerNode(world, node.routerId, name);
  const about = area === 'groups' ? null : name;
  const members = [...world.services.values()].filter((each) => (about === null ? each.group : each.name) === name);
  const replicas = members.flatMap((each) => {
    const replica = world.replica(each.name, node.routerId);
    return replica === undefined ? [] : [{ name: each.name, replica }];
  });
  if (replicas.length === 0)
    return refused('refused', `no ${about === null ? 'group' : 'service'} ${name} on ${node.name}`);
  const text = `${area === 'groups' ? 'group-' : ''}${command} by CN=Ada Admin`;
  world.tell('command', node.routerId, text, { service: about, operator: 'CN=Ada Admin' });
  const isMove = command === 'move' || command === 'start';
  // A move takes all members along.
  const [first = refused('refused', 'nothing'), ...others] = replicas
    .slice(0, isMove ? 1 : undefined)
    .map((each) => answerService(world, each.name, each.replica, command, node.name));
  return others.reduce((all, one) => (all[0] === 200 ? one : all), first);
}

function answerService(world: World, name: string, replica: FakeReplica, command: string, node: string): Answer {
  const group = world.services.get(name)?.group ?? name;
  switch (command) {
    case 'move':
    case 'start':
      if (replica.failure !== null)
        return refused('refused', `${name} has failed on ${node} (${replica.failure.code}): clear it first`);
      if (replica.config !== 'active')
        return refused('refused', `${name} is ${replica.config} on ${node}: activate it first`);
      void world.move(group, replica.routerId);
      return done(`${node} takes ${name} over with claim ${replica.claim + 2}`);
    case 'stop': {
      replica.standby = true;
      const next = world.services.get(name)?.replicas.find((other) => other !== replica && other.failure === null);
      void world.move(group, next?.routerId ?? null);
      return done(`${name} is on standby on ${node} until start or move names this node`);
    }
    case 'activate':
      Object.assign(replica, { config: 'active', state: 'stopped', lsaId: world.nextLsa() });
      world.changed(name);
      if (world.services.get(name)?.owner === null) void world.move(group, replica.routerId);
      return done(`${name} is being activated on ${node}`);
    case 'deactivate':
      Object.assign(replica, { config: 'inactive', state: 'stopped', claim: 0, lsaId: null });
      world.changed(name);
      return done(`${name} is being deactivated on ${node}`);
    case 'clear':
      Object.assign(replica, { state: 'stopped', failure: null });
      world.changed(name);
      return done(`${name}: failure cleared on ${node}`);
    case 'status':
      return done(
        `${name} is ${replica.config}/${replica.state} on ${node}\nlisten 0 511 172.16.15.128:80 nginx (pid 4711)\n`,
      );
    case 'check':
      replica.checkStamp = Math.floor(Date.now() / 1000);
      world.changed(name);
      return done(`check of ${name} succeeded`);
    case 'enable':
    case 'disable':
      replica.config = command === 'enable' ? 'inactive' : 'disabled';
      world.changed(name);
      return done(`${name} is being ${command}d on ${node}`);
    default:
      return done(`${command} of ${name} on ${node} is done`);
  }
}

function answerNode(world: World, routerId: string, command: string): Answer {
  const node = world.nodeNamed(routerId);
  if (node === undefined) return refused('unknown-node', 'no such node');
  world.tell('node', routerId, `${command} by CN=Ada Admin`, { operator: 'CN=Ada Admin' });
  if (command === 'shutdown') world.ending.add(routerId);
  node.standby = command === 'standby' || command === 'shutdown';
  world.changed();
  if (!node.standby) return done(`${node.name} may own services again`);
  for (const { group, owner, replicas } of [...world.services.values()]) {
    const next = replicas.find((replica) => replica.routerId !== routerId && replica.config === 'active');
    if (owner === routerId) void world.move(group, next?.routerId ?? null);
  }
  return done(command === 'shutdown' ? `${node.name} stops its services and ends` : `${node.name} is on standby`);
}

function done(text: string): Answer {
  return [200, { text }];
}

export function refused(code: ErrorCode, error: string): Answer {
  return [ERROR_CODES[code].status, { error, code }];
}
