import { add } from './coverage.js';
import type { Machine } from './machine.js';
import type { Link } from './ospf/router.js';
import { type Action, isFault, type NodeRef, type PlannedAction } from './plan.js';
import type { World } from './world.js';

/** How long after a command or a change its consequences may still be under way: a command LSA, its retransmission. */
const COMMAND_REACH_MS = 30_000;
/** How long after a topology change nodes may still find out. */
const TOPOLOGY_REACH_MS = 15_000;

/** Lets faults and people act on the machines. */
export class Actions {
  readonly #world: World;
  readonly #machines: readonly Machine[];
  readonly #links: readonly Link[];

  constructor(world: World, machines: readonly Machine[], links: readonly Link[]) {
    this.#world = world;
    this.#machines = machines;
    this.#links = links;
  }

  /** Returns whether there was anything to act on. */
  act(planned: PlannedAction): boolean {
    if (this.#isInVain(planned.action)) return false;
    const { coverage } = this.#world.monitor;
    if (coverage !== null) add(isFault(planned) ? coverage.faultKinds : coverage.actions, planned.action.type);
    if (this.#world.tell !== null) this.#world.tell(`* ${describe(planned.action)}`);
    this.#act(planned.action);
    return true;
  }

  /** The owner of a service that runs nowhere is nobody, and what is dead does not die. */
  #isInVain(action: Action): boolean {
    const machine = 'node' in action ? this.#machine(action.node) : undefined;
    switch (action.type) {
      case 'crash-node':
        return machine?.powered !== true;
      case 'kill-daemon':
      case 'freeze':
      case 'impersonate':
        return machine === undefined || machine.engine === null;
      case 'kill-ospfd':
      case 'refresh-lsas':
        return machine?.router.up !== true;
      case 'remove-alias':
      case 'hide-route':
        return this.#world.monitor.exclusion.runners(action.service).length === 0;
      default:
        return 'node' in action && machine === undefined;
    }
  }

  #act(action: Action): void {
    const { clock } = this.#world;
    const { reasons } = this.#world.monitor;
    switch (action.type) {
      case 'crash-node':
        return this.#trouble(action.node, 0, (machine) => machine.crash(action.losesState));
      case 'boot-node':
        return this.#machine(action.node)?.boot();
      case 'kill-daemon':
        return this.#trouble(action.node, action.afterEffects > 0 ? 60_000 : 0, (machine) =>
          machine.killDaemon(action.afterEffects),
        );
      case 'start-daemon': {
        const machine = this.#machine(action.node);
        if (machine === undefined || machine.engine !== null) return;
        if (action.losesState) machine.loseState();
        return machine.startDaemon();
      }
      case 'freeze':
        return this.#trouble(action.node, action.durationMs + 5_000, (machine) => {
          machine.freeze();
          clock.after(action.durationMs, () => machine.thaw());
        });
      case 'kill-ospfd':
        return this.#trouble(action.node, action.durationMs + TOPOLOGY_REACH_MS, (machine) => {
          machine.setOspfd(false);
          clock.after(action.durationMs, () => machine.setOspfd(true));
        });
      case 'cut-link':
        return this.#cut([action.link], action.durationMs);
      case 'partition':
        return this.#cut(this.#linksBetween(action.side), action.durationMs);
      case 'isolate': {
        const machine = this.#machine(action.node);
        if (machine === undefined) return;
        return this.#cut(this.#linksBetween([machine.index]), action.durationMs);
      }
      case 'heal':
        return this.heal();
      case 'behave':
        return this.#trouble(action.node, action.durationMs + 10_000, (machine) => {
          machine.calls.behave(action.service, action.primitive, action.behaviour);
          clock.after(Math.min(action.durationMs, 1e9), () =>
            machine.calls.behave(action.service, action.primitive, null),
          );
        });
      case 'sicken': {
        const where = action.everywhere ? this.#machines : this.#world.monitor.exclusion.runners(action.service);
        for (const machine of where) {
          reasons.machineTroubled(machine, 60_000);
          machine.calls.sick.set(action.service, action.healedBy);
          machine.watches.serviceEnds(action.service);
        }
        return;
      }
      case 'impersonate':
        return this.#trouble(action.node, 120_000, (machine) => {
          for (let time = 0; time < action.times; time++) {
            clock.after(time * 2_000, () => this.#world.network.impersonate(machine.router, time));
          }
        });
      case 'refuse':
        return this.#trouble(action.node, action.durationMs + 10_000, (machine) => {
          machine.refused.add(action.service);
          clock.after(action.durationMs, () => machine.refused.delete(action.service));
        });
      case 'remove-alias':
        for (const machine of this.#world.monitor.exclusion.runners(action.service)) {
          reasons.machineTroubled(machine, 10_000);
          machine.aliases.removedBySomebody(action.service, action.restored);
        }
        return;
      case 'hide-route':
        for (const machine of this.#world.monitor.exclusion.runners(action.service)) {
          reasons.machineTroubled(machine, action.durationMs + TOPOLOGY_REACH_MS);
          machine.aliases.hideRoute(action.service, true);
          clock.after(action.durationMs, () => machine.aliases.hideRoute(action.service, false));
        }
        return;
      case 'miscount':
        return this.#trouble(action.node, action.durationMs + TOPOLOGY_REACH_MS, (machine) => {
          machine.miscounts = true;
          clock.after(action.durationMs, () => {
            machine.miscounts = false;
          });
        });
      case 'move-clock':
        return this.#trouble(action.node, 0, (machine) => {
          machine.clockSeconds += action.seconds;
        });
      case 'refresh-lsas': {
        const machine = this.#machine(action.node);
        if (machine?.router.up) this.#world.network.refresh(machine.router);
        return;
      }
      case 'command': {
        const at = this.#machine(action.at);
        const target = this.#machine(action.target);
        if (at === undefined || target === undefined) return;
        this.#dirty(action.service, target);
        const forGroup = action.command.startsWith('group-');
        const group = target.definitions.get(action.service)?.group ?? action.service;
        const members = [...target.definitions.values()].filter((definition) => definition.group === group);
        const cleared =
          action.command === 'clear'
            ? [action.service]
            : action.command === 'group-clear'
              ? members.map(({ name }) => name)
              : [];
        for (const service of cleared) this.#see(service);
        at.command(action.command, forGroup ? group : action.service, target === at ? null : target.id, action.pin);
        return;
      }
      case 'define': {
        const machine = this.#machines[action.node];
        if (machine === undefined) return;
        for (const each of this.#machines) reasons.machineTroubled(each, Number.POSITIVE_INFINITY);
        machine.definitions.set(action.definition.name, action.definition);
        return machine.configure();
      }
      case 'undefine': {
        const machine = this.#machines[action.node];
        if (machine === undefined) return;
        for (const each of this.#machines) reasons.machineTroubled(each, Number.POSITIVE_INFINITY);
        machine.definitions.delete(action.service);
        return machine.configure();
      }
      case 'shutdown':
        return this.#trouble(action.node, 60_000, (machine) => {
          machine.shutDown();
          clock.after(action.durationMs, () => machine.startDaemon());
        });
    }
  }

  heal(): void {
    for (const link of this.#links) this.#world.network.setLink(link, true);
    this.#world.monitor.reasons.topologyChanged(TOPOLOGY_REACH_MS);
  }

  #trouble(node: NodeRef, forMs: number, act: (machine: Machine) => void): void {
    const machine = this.#machine(node);
    if (machine === undefined) return;
    this.#world.monitor.reasons.machineTroubled(machine, forMs);
    act(machine);
  }

  /** Other nodes' returns and recoveries are no reason to move; what names a node or moves a group is. */
  #dirty(service: string, target: Machine): void {
    const { reasons } = this.#world.monitor;
    reasons.machineTroubled(target, COMMAND_REACH_MS);
    for (const machine of this.#machines) {
      const group = machine.definitions.get(service)?.group;
      if (group !== undefined) reasons.groupDirty(group, COMMAND_REACH_MS);
    }
  }

  /** Whoever clears has looked: what a failed stop or a dead daemon has left running is ended by hand. */
  #see(service: string): void {
    this.#world.monitor.exclusion.confirmed(service);
    for (const machine of this.#machines) {
      const run = machine.engine?.state.replicas.get(service)?.run;
      if (run === undefined || run === 'failed') machine.calls.stopByHand(service);
    }
  }

  #cut(links: readonly number[], durationMs: number): void {
    const { network, clock, monitor } = this.#world;
    monitor.reasons.topologyChanged(durationMs + TOPOLOGY_REACH_MS);
    for (const index of links) {
      const link = this.#links[index];
      if (link === undefined) continue;
      network.setLink(link, false);
      clock.after(durationMs, () => network.setLink(link, true));
    }
  }

  #linksBetween(side: readonly number[]): number[] {
    return this.#links.flatMap(({ ends: [a, b] }, index) =>
      side.includes(a.router.index) === side.includes(b.router.index) ? [] : [index],
    );
  }

  #machine(node: NodeRef): Machine | undefined {
    if (typeof node === 'number') return this.#machines[node];
    return this.#world.monitor.exclusion.runners(node.ownerOf)[0];
  }
}

function describe(action: Action): string {
  const { type, ...rest } = action;
  return `${type} ${JSON.stringify(rest, (key, value) => (key === 'definition' ? definitionText(value) : value))}`;
}

function definitionText(definition: Record<string, unknown>): unknown {
  const { name, preference, critical, dependsOn, preempt, addresses, enabled, makefile } = definition;
  return { name, preference, critical, dependsOn, preempt, addresses, enabled, makefile };
}
