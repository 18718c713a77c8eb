import { type Commanded, onStandby } from '../../../src/cluster/commands/index.js';
import { impossible } from '../../../src/cluster/status/impossible.js';
import type { ClusterEvent, NodeStatus, ReplicaStatus, ServiceStatus } from '../../../web/src/api/types.js';
import type { WrittenDefinition } from '../../../web/src/model/definition-form.js';

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

export type FakeReplica = Writable<ReplicaStatus>;
export type FakeService = Writable<Omit<ServiceStatus, 'replicas'>> & { replicas: FakeReplica[] };

/**
 * A cluster that exists only here: what its nodes would say. Commands change it after a moment, as real ones would, so that
 * pages can be tried and tested without FRR. It knows no rules: whoever is told to run a service runs it.
 */
export class World {
  readonly nodes: Writable<NodeStatus>[] = [];
  readonly services = new Map<string, FakeService>();
  readonly definitions = new Map<string, WrittenDefinition>();
  readonly events: ClusterEvent[] = [];
  /** Router IDs of nodes that shut down. */
  readonly ending = new Set<string>();
  /** How long a step such as a start takes, in ms. */
  stepMs = 40;
  /** What steps wait for, too. */
  #held: Promise<void> = Promise.resolve();
  #listeners = new Set<(changed: ReadonlySet<string>, removed: readonly string[]) => void>();
  #eventListeners = new Set<(event: ClusterEvent) => void>();
  #lastLsa = 0;

  listen(listener: (changed: ReadonlySet<string>, removed: readonly string[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  listenToEvents(listener: (event: ClusterEvent) => void): () => void {
    this.#eventListeners.add(listener);
    return () => this.#eventListeners.delete(listener);
  }

  /** Tells the listeners that these services, or the nodes, have changed. */
  changed(...names: string[]): void {
    for (const name of names) this.#elect(name);
    for (const listener of this.#listeners) listener(new Set(names), []);
  }

  tell(kind: ClusterEvent['kind'], node: string, text: string, more: Partial<ClusterEvent> = {}): void {
    const event: ClusterEvent = {
      seq: this.events.length + 1,
      at: new Date().toISOString(),
      node,
      kind,
      service: null,
      from: null,
      to: null,
      operator: null,
      text,
      ...more,
    };
    this.events.push(event);
    for (const listener of this.#eventListeners) listener(event);
  }

  addNode(name: string, routerId: string): void {
    this.nodes.push({ routerId, name, reachable: true, web: null, webDoubt: null, standby: false });
  }

  /** A service that all nodes have; the first one given runs it. */
  addService(definition: WrittenDefinition, on: readonly string[] = this.nodes.map(({ routerId }) => routerId)): void {
    const { name } = definition;
    const addresses = (definition.addresses as string[] | undefined) ?? [];
    this.definitions.set(name, definition);
    const service: FakeService = {
      name,
      kind: addresses.length > 0 ? 'service' : 'resource',
      group: (definition.group as string | undefined) ?? name,
      addresses,
      owner: null,
      elected: null,
      waitsForHolders: [],
      replicas: on.map((routerId) => this.#replica(routerId, definition)),
    };
    const [first] = service.replicas;
    if (first !== undefined) {
      first.state = 'started';
      first.claim = 1;
    }
    this.services.set(name, service);
    this.#elect(name);
  }

  removeService(name: string): void {
    this.services.delete(name);
    this.definitions.delete(name);
    for (const listener of this.#listeners) listener(new Set(), [name]);
  }

  replica(name: string, routerId: string): FakeReplica | undefined {
    return this.services.get(name)?.replicas.find((replica) => replica.routerId === routerId);
  }

  nodeNamed(name: string): Writable<NodeStatus> | undefined {
    return this.nodes.find((node) => node.name === name || node.routerId === name);
  }

  /** Lets the group's members stop where they are and start there, one step after the other. */
  async move(group: string, to: string | null): Promise<void> {
    const members = [...this.services.values()].filter((service) => service.group === group);
    await this.#step(members, (replica) => replica.state === 'started' && replica.routerId !== to, 'stopping');
    await this.#step(members, (replica) => replica.state === 'stopping', 'stopped');
    if (to === null) return;
    const claim = Math.max(0, ...members.flatMap(({ replicas }) => replicas.map((replica) => replica.claim))) + 1;
    const there = (replica: FakeReplica): boolean => replica.routerId === to && replica.config === 'active';
    await this.#step(members, (replica) => there(replica) && replica.state === 'stopped', 'starting', claim);
    await this.#step(members, (replica) => there(replica) && replica.state === 'starting', 'started', claim);
  }

  async #step(
    members: readonly FakeService[],
    which: (replica: FakeReplica) => boolean,
    state: string,
    claim = 0,
  ): Promise<void> {
    for (const service of members) {
      for (const replica of service.replicas.filter(which)) {
        const from = replica.state;
        Object.assign(replica, { state, claim, lsaId: this.nextLsa(), standby: claim > 0 ? false : replica.standby });
        const text = `${service.name} is ${replica.config}/${state}`;
        this.tell('state', replica.routerId, text, { service: service.name, from, to: state });
      }
    }
    this.changed(...members.map(({ name }) => name));
    await new Promise((resolve) => setTimeout(resolve, this.stepMs));
    await this.#held;
  }

  /** Ends no step from now on, until what it returns is called. */
  hold(): () => void {
    let release = (): void => {};
    this.#held = new Promise((resolve) => {
      release = resolve;
    });
    return release;
  }

  nextLsa(): string {
    this.#lastLsa += 1;
    return `222.${this.#lastLsa % 200}.${this.#lastLsa >> 8}.${this.#lastLsa & 255}`;
  }

  #replica(id: string, definition: WrittenDefinition): FakeReplica {
    return {
      routerId: id,
      config: definition.enabled === false ? 'disabled' : 'active',
      state: 'stopped',
      preference: (definition.preference as number | undefined) ?? 100,
      claim: 0,
      pinned: false,
      standby: false,
      joining: false,
      failure: null,
      lsaId: this.nextLsa(),
      checkStamp: Math.floor(Date.now() / 1000) - 3,
      reachable: true,
      waitsFor: null,
      notCounted: null,
      impossible: {},
    };
  }

  #elect(name: string): void {
    const service = this.services.get(name);
    if (service === undefined) return;
    const running = service.replicas.find(({ state, reachable }) => state === 'started' && reachable);
    const coming = service.replicas.find(({ state, reachable }) => state === 'starting' && reachable);
    service.owner = running?.routerId ?? null;
    service.elected = coming?.routerId ?? running?.routerId ?? null;
    for (const replica of service.replicas) replica.impossible = this.#impossible(service, replica);
  }

  /** By the core's own rule, as each node would say it of itself. */
  #impossible(service: FakeService, replica: FakeReplica): FakeReplica['impossible'] {
    const { config, state: run, failure, standby, pinned, routerId, notCounted } = replica;
    const node = this.nodeNamed(routerId);
    const it: Commanded = {
      ...{ name: service.name, node: node?.name ?? routerId, config, run, failure, standby, pinned },
      enabled: config !== 'disabled',
      activationWanted: config === 'active',
      deactivated: config === 'inactive' || config === 'disabled',
      stopFailed: false,
      inPlace: service.elected === routerId,
      nodeObstacle: node?.standby ? onStandby(node.name) : null,
      notRequested: null,
    };
    return impossible(it, notCounted, (command) =>
      command === 'confirm-stopped' && !service.waitsForHolders.includes(routerId) ? 'nothing waits for it' : null,
    );
  }
}

/** Three nodes with a shop (a group of three), a symmetric web server, and one of everything that can be wrong. */
export function shop({ troubles = true }: { readonly troubles?: boolean } = {}): World {
  const world = new World();
  world.addNode('alpha', '10.0.0.1');
  world.addNode('beta', '10.0.0.2');
  world.addNode('gamma', '10.0.0.3');
  const [alpha, beta, gamma] = ['10.0.0.1', '10.0.0.2', '10.0.0.3'] as const;
  world.addService({
    name: 'DISK',
    group: 'SHOP',
    critical: true,
    makefile: 'disk/Makefile',
    variables: { DEVICE: '/dev/vdb1' },
  });
  world.addService({
    name: 'DB',
    group: 'SHOP',
    dependsOn: ['DISK'],
    critical: true,
    addresses: ['172.16.15.20'],
    makefile: 'postgres/Makefile',
  });
  world.addService({
    name: 'WEB',
    group: 'SHOP',
    dependsOn: ['DB'],
    addresses: ['172.16.15.128'],
    makefile: 'nginx/Makefile',
    variables: { PORT: '80' },
    check: { interval: '5s', fall: 2 },
  });
  world.addService(
    { name: 'DNS', addresses: ['172.16.15.53', '172.16.15.54'], preference: 200, makefile: 'unbound/Makefile' },
    [beta, alpha, gamma],
  );
  world.addService({ name: 'MAIL', addresses: ['172.16.15.25'], makefile: 'postfix/Makefile' }, [gamma, beta]);
  world.addService({ name: 'NTP', addresses: ['172.16.15.123'], makefile: 'chrony/Makefile' }, [alpha, beta, gamma]);
  world.addService({ name: 'BACKUP', makefile: 'backup/Makefile', autoActivate: false }, [alpha, gamma]);
  for (const { replicas } of world.services.values()) replicas.sort((a, b) => (a.routerId < b.routerId ? -1 : 1));
  if (troubles) addTroubles(world);
  return world;
}

function addTroubles(world: World): void {
  const failed = world.replica('MAIL', '10.0.0.2');
  if (failed !== undefined) {
    failed.state = 'failed';
    failed.failure = {
      code: 'start-failed',
      reason: 'postfix: fatal: parameter inet_interfaces: no local interface found',
    };
    world.tell('failure', '10.0.0.2', `MAIL failed: start-failed – ${failed.failure.reason}`, { service: 'MAIL' });
  }
  const differs = world.replica('NTP', '10.0.0.3');
  if (differs !== undefined) differs.notCounted = "its definition differs from the others' in addresses";
  const standby = world.replica('DNS', '10.0.0.3');
  if (standby !== undefined) standby.standby = true;
  for (const id of ['10.0.0.1', '10.0.0.3']) {
    const replica = world.replica('BACKUP', id);
    if (replica !== undefined) Object.assign(replica, { config: 'inactive', state: 'stopped', claim: 0, lsaId: null });
  }
  world.changed('MAIL', 'NTP', 'DNS', 'BACKUP');
}

/** Many services on three nodes, for measuring. */
export function crowd(services: number): World {
  const world = new World();
  for (const [index, name] of ['alpha', 'beta', 'gamma'].entries()) world.addNode(name, `10.0.0.${index + 1}`);
  const ids = world.nodes.map(({ routerId }) => routerId);
  for (let index = 0; index < services; index++) {
    const name = `S${String(index).padStart(4, '0')}`;
    const addresses = [`172.20.${index >> 8}.${index & 255}`];
    const turn = index % ids.length;
    world.addService({ name, group: `G${Math.floor(index / 4)}`, addresses, makefile: 'echo/Makefile' }, [
      ...ids.slice(turn),
      ...ids.slice(0, turn),
    ]);
  }
  for (const { replicas } of world.services.values()) replicas.sort((a, b) => (a.routerId < b.routerId ? -1 : 1));
  return world;
}
