import type { ServiceDefinition } from '../../src/model/index.js';
import type { Actions } from './actions.js';
import type { Machine } from './machine.js';
import type { World } from './world.js';

/** The operator lets the cluster help itself for so long. */
const PATIENCE_MS = 30_000;

/** The calm after the faults: everything is repaired, and an operator looks after what needs a person. */
export class Repairs {
  /** When somebody last had to do something, and how many events the daemons had handled by then. */
  lastMs = 0;
  lastSteps = 0;
  #begunMs = 0;
  readonly #world: World;
  readonly #machines: readonly Machine[];
  readonly #actions: Actions;

  constructor(world: World, machines: readonly Machine[], actions: Actions) {
    this.#world = world;
    this.#machines = machines;
    this.#actions = actions;
  }

  begin(): void {
    const { plan, tell } = this.#world;
    this.#begunMs = this.#world.clock.nowMs;
    tell?.('* everything is repaired');
    this.note();
    this.#actions.heal();
    if (plan.calm.agreesOnDefinitions) this.#agreeOnDefinitions();
    else this.#enableAll();
    for (const machine of this.#machines) {
      if (plan.calm.staysDown.includes(machine.index)) {
        machine.crash(false);
        continue;
      }
      machine.boot();
      machine.setOspfd(true);
      machine.livesOn();
      machine.refused.clear();
      machine.calls.repairAll();
      machine.aliases.showRoutes();
      machine.thaw();
      machine.startDaemon();
      machine.configure();
    }
  }

  /** From now on it counts how long rest takes. */
  note(): void {
    this.lastMs = this.#world.clock.nowMs;
    this.lastSteps = this.#world.monitor.steps;
  }

  /** One look at every node. */
  lookAfter(): void {
    for (const machine of this.#machines) {
      if (machine.engine === null) {
        if (machine.powered) this.#did(machine, 'starts the daemon', () => machine.startDaemon());
        continue;
      }
      if (machine.frozenSinceMs !== null) machine.thaw();
      if (machine.engine.state.standby && this.#world.plan.calm.resetsOperatorState) {
        this.#did(machine, 'ends its standby', () => machine.command('node-unstandby', '', null, false));
      }
      for (const name of machine.engine.state.replicas.keys()) this.#lookAfterReplica(machine, name);
      for (const name of machine.calls.running) {
        if (machine.engine?.state.replicas.has(name) === false) {
          this.#did(machine, `ends ${name} by hand`, () => machine.calls.stopByHand(name));
        }
      }
    }
  }

  #lookAfterReplica(machine: Machine, name: string): void {
    const replica = machine.engine?.state.replicas.get(name);
    if (replica === undefined || replica.job !== null) return;
    const command = (word: 'clear' | 'activate' | 'deactivate'): void =>
      this.#did(machine, `${word} ${name}`, () => machine.command(word, name, null, false));
    this.#confirmStopped(machine, name);
    const runsUnknown = machine.calls.running.has(name) && (replica.run === 'stopped' || replica.run === 'failed');
    if (runsUnknown) this.#did(machine, `ends ${name} by hand`, () => machine.calls.stopByHand(name));
    if (replica.run === 'failed' || replica.config === 'failed') command('clear');
    else if (replica.removed) return;
    else if (replica.nextDefinition !== null && replica.activationWanted) command('deactivate');
    else if (replica.config === 'inactive' && !replica.activationWanted && this.#shouldBeActive(machine, name)) {
      command('activate');
    }
  }

  /** A holder that vanished and does not use the resource any more: only a person can know. */
  #confirmStopped(machine: Machine, name: string): void {
    if (this.#world.clock.nowMs - this.#begunMs < PATIENCE_MS) return;
    const isResource = machine.definitions.get(name)?.kind === 'resource';
    for (const [id, { unreachableSinceMs, resource }] of machine.engine?.state.holders.get(name) ?? []) {
      if (!isResource && !resource) continue;
      const holder = this.#machines.find((each) => each.id === id);
      if (holder === undefined || unreachableSinceMs !== null || holder.calls.running.has(name)) continue;
      if (holder.engine?.state.replicas.has(name) !== false) continue;
      this.#did(machine, `confirms that ${name} does not run on ${holder.name}`, () =>
        machine.command('confirm-stopped', name, null, false, id),
      );
    }
  }

  /** Deactivated for a new definition's sake, or because the operator wants everything active in the end. */
  #shouldBeActive(machine: Machine, name: string): boolean {
    return this.#world.plan.calm.resetsOperatorState || this.#redefined.has(`${machine.index} ${name}`);
  }

  readonly #redefined = new Set<string>();

  #did(machine: Machine, what: string, act: () => void): void {
    this.note();
    this.#world.tell?.(`* operator on ${machine.name}: ${what}`);
    for (const each of this.#machines) this.#world.monitor.reasons.machineTroubled(each, 30_000);
    act();
  }

  #enableAll(): void {
    for (const machine of this.#machines) {
      for (const [name, definition] of machine.definitions) {
        machine.definitions.set(name, { ...definition, enabled: true });
        this.#redefined.add(`${machine.index} ${name}`);
      }
    }
  }

  /** What must be the same on all nodes is made so: as on the first node that has the service. */
  #agreeOnDefinitions(): void {
    const reference = new Map<string, ServiceDefinition>();
    const taken = new Set<string>();
    for (const machine of this.#machines) {
      for (const [name, definition] of machine.definitions) {
        const shared = reference.get(name) ?? withOwnAddresses(definition, taken);
        reference.set(name, shared);
        const { preference, check, failureTimeoutMs, timeoutsMs } = definition;
        machine.definitions.set(name, { ...shared, enabled: true, preference, check, failureTimeoutMs, timeoutsMs });
        this.#redefined.add(`${machine.index} ${name}`);
      }
    }
    const cyclic = [...reference.values()].some(({ dependsOn }) => dependsOn.some((name) => !reference.has(name)));
    if (cyclic) this.#dropUnknownDependencies(reference);
  }

  #dropUnknownDependencies(reference: ReadonlyMap<string, ServiceDefinition>): void {
    for (const machine of this.#machines) {
      for (const [name, definition] of machine.definitions) {
        const dependsOn = definition.dependsOn.filter((needed) => reference.has(needed));
        machine.definitions.set(name, { ...definition, dependsOn });
      }
    }
  }
}

/** No address in two services. */
function withOwnAddresses(definition: ServiceDefinition, taken: Set<string>): ServiceDefinition {
  const addresses = definition.addresses.map((address) =>
    taken.has(address) ? `198.51.100.${taken.size + 1}` : address,
  );
  for (const address of addresses) taken.add(address);
  return { ...definition, addresses };
}
