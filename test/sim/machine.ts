import {
  type CommandName,
  type Effect,
  Engine,
  type Event,
  type PersistedNode,
  type PersistedService,
  type RouterId,
  type ServiceDefinition,
  type TransportEvent,
} from '../../src/cluster/index.js';
import { Aliases, LEASE_MS } from './aliases.js';
import type { Planned } from './clock.js';
import type { Router } from './ospf/router.js';
import type { PlannedNode } from './plan.js';
import { PrimitiveCalls } from './primitive-calls.js';
import { Random } from './random.js';
import { type GenerationRecord, SimulatedTransport } from './transport.js';
import { Violation, type World } from './world.js';

interface Disk {
  node: PersistedNode;
  readonly services: Map<string, PersistedService>;
  readonly generations: GenerationRecord;
}

/** A machine with its ospfd, its state directory, its daemon (or none), and what really runs on it. */
export class Machine {
  readonly index: number;
  readonly name: string;
  readonly router: Router;
  readonly calls: PrimitiveCalls;
  readonly aliases: Aliases;
  /** What the operator has written into the files. */
  readonly definitions: Map<string, ServiceDefinition>;
  powered = false;
  engine: Engine | null = null;
  /** Counts the lives of the daemon. */
  life = 0;
  /** In simulated time; null: it runs. */
  frozenSinceMs: number | null = null;
  thawedMs = Number.NEGATIVE_INFINITY;
  daemonSinceMs = Number.NEGATIVE_INFINITY;
  /** Node IDs that the daemon was told are reachable, and since when. */
  readonly reachableSinceMs = new Map<RouterId, number>();
  /** Services whose announcements ospfd refuses. */
  readonly refused = new Set<string>();
  clockSeconds: number;
  stateLosses = 0;
  /** The state directory was lost since the daemon last started. */
  knowsNothing = false;
  readonly random: Random;
  readonly #planned: PlannedNode;
  readonly #world: World;
  #disk: Disk = emptyDisk();
  #transport: SimulatedTransport | null = null;
  #backlog: { readonly life: number; readonly happen: () => void }[] = [];
  readonly #timers = new Map<string, Planned>();
  /** The daemon dies when it has carried out so many effects. */
  #diesAfter = 0;

  constructor(index: number, planned: PlannedNode, router: Router, world: World) {
    this.index = index;
    this.name = planned.name;
    this.router = router;
    this.#planned = planned;
    this.#world = world;
    this.random = new Random(world.plan.seed, 100 + index);
    this.calls = new PrimitiveCalls(this, world, this.random);
    this.aliases = new Aliases(this, world, this.random);
    this.definitions = new Map(world.plan.definitions[index]);
    this.clockSeconds = planned.clockSeconds;
    router.up = false;
  }

  get id(): RouterId {
    return this.router.id;
  }

  // Power, daemon, freezing.

  boot(): void {
    if (this.powered) return;
    this.powered = true;
    this.say('boots');
    const { clock, network } = this.#world;
    clock.after(this.random.between(1, 300), () => {
      if (this.powered) network.setUp(this.router, true);
    });
    clock.after(this.random.between(1, 500), () => {
      if (this.powered && this.engine === null) this.startDaemon();
    });
  }

  crash(losesState: boolean): void {
    if (!this.powered) return;
    this.say(`loses power${losesState ? ' and its state directory' : ''}`);
    // ospfd goes first: it has no time to flush anything.
    this.#world.network.setUp(this.router, false);
    this.#endDaemon();
    this.powered = false;
    this.calls.powerLost();
    this.aliases.removeAll();
    if (losesState) this.loseState();
  }

  loseState(): void {
    this.#disk = emptyDisk();
    this.stateLosses++;
    this.knowsNothing = true;
  }

  startDaemon(): void {
    if (!this.powered || this.engine !== null) return;
    const { clock, monitor } = this.#world;
    this.say('daemon starts');
    this.life++;
    this.daemonSinceMs = clock.nowMs;
    this.calls.killLeftovers();
    this.aliases.removeAll();
    const { onIsolation, remoteCommands, joinHoldMs } = this.#planned;
    this.engine = new Engine({
      nodeName: this.name,
      softwareVersion: '0',
      joinHoldMs,
      stampRefreshMs: 30_000,
      recallDelayMs: 1_000,
      onIsolation,
      remoteCommands,
      managementAddresses: [],
      managementPort: 0,
    });
    const { life } = this;
    this.#transport = new SimulatedTransport({
      clock,
      random: this.random,
      network: this.#world.network,
      router: this.router,
      generations: this.#disk.generations,
      inProcess: (happen) => this.inProcess(life, happen),
      emit: (event) => this.#transported(event),
      refuses: (subject) => subject.kind === 'service' && this.refused.has(subject.service),
    });
    monitor.daemonStarts(this);
    this.knowsNothing = false;
    this.handle({
      type: 'begin',
      definitions: [...this.definitions.values()],
      persistedNode: this.#disk.node,
      persistedServices: new Map(this.#disk.services),
      unixSeconds: this.unixSeconds(),
    });
    this.#transport?.connect(this.random.between(3, 30));
  }

  /** With SIGKILL: its primitives and services run on, its aliases until their leases end. */
  killDaemon(afterEffects = 0): void {
    if (this.engine === null) return;
    if (afterEffects > 0) {
      this.#diesAfter = afterEffects;
      return;
    }
    this.say('daemon is killed');
    const { life } = this;
    this.aliases.leaseRunsOut(() => this.life === life + 1 && this.engine === null);
    this.#endDaemon();
  }

  /** It does not die after so many effects any more. */
  livesOn(): void {
    this.#diesAfter = 0;
  }

  freeze(): void {
    if (this.engine === null || this.frozenSinceMs !== null) return;
    this.say('daemon is frozen');
    const since = this.#world.clock.nowMs;
    this.frozenSinceMs = since;
    this.#renewedMs = this.aliases.lastRenewalMs();
    this.aliases.leaseRunsOut(() => this.frozenSinceMs === since);
  }

  thaw(): void {
    if (this.frozenSinceMs === null) return;
    this.say('daemon runs again');
    this.frozenSinceMs = null;
    this.thawedMs = this.#world.clock.nowMs;
    // The lease clock is checked before every event; the first event after a freeze finds it.
    const lateMs = this.#world.clock.nowMs - this.#renewedMs - LEASE_MS;
    if (lateMs > 0) this.handle({ type: 'lease-overrun', lateMs });
    const waiting = this.#backlog;
    this.#backlog = [];
    for (const { life, happen } of waiting) this.inProcess(life, happen);
  }

  #renewedMs = 0;

  setOspfd(up: boolean): void {
    if (!this.powered || this.router.up === up) return;
    this.say(up ? 'ospfd starts' : 'ospfd dies');
    this.#world.network.setUp(this.router, up);
  }

  // What the daemon's process does.

  /** Runs something in the daemon's process: later if it is frozen, not at all if that life is over. */
  inProcess(life: number, happen: () => void): void {
    if (life !== this.life || this.engine === null) return;
    if (this.frozenSinceMs !== null) this.#backlog.push({ life, happen });
    else happen();
  }

  /** Gives the request's name; null without a daemon. */
  command(command: CommandName, service: string, target: RouterId | null, pin: boolean): string | null {
    if (this.engine === null) return null;
    const request = this.#world.monitor.newRequest(this);
    const event = { type: 'command', request, operator: 'operator', command, service, target, pin } as const;
    this.inProcess(this.life, () => this.handle(event));
    return request;
  }

  configure(): void {
    const { life } = this;
    this.inProcess(life, () => this.handle({ type: 'configure', definitions: [...this.definitions.values()] }));
  }

  shutDown(): void {
    this.inProcess(this.life, () => this.handle({ type: 'shutdown' }));
  }

  handle(event: Event): void {
    const { engine } = this;
    if (engine === null) return;
    const { clock, monitor } = this.#world;
    const effects = this.#decide(engine, event);
    monitor.handled(this, event, effects);
    const { life } = this;
    for (const effect of effects) {
      this.#carryOut(effect);
      if (this.#diesAfter > 0 && --this.#diesAfter === 0) this.killDaemon();
      if (this.life !== life) return;
    }
    monitor.settled(this, clock.nowMs);
  }

  /** What an address request puts up: of the definition that the core uses. */
  addressesInForce(service: string): readonly string[] | undefined {
    return this.engine?.state.replicas.get(service)?.definition.addresses;
  }

  unixSeconds(): number {
    return 1_700_000_000 + this.clockSeconds + Math.floor(this.#world.clock.nowMs / 1000);
  }

  say(text: string): void {
    this.#world.tell?.(`${this.name} ${text}`);
  }

  #decide(engine: Engine, event: Event): Effect[] {
    try {
      return engine.handle(event, this.#world.clock.nowMs);
    } catch (error) {
      if (error instanceof Violation) throw error;
      throw new Violation('exception', `${this.name}: ${error instanceof Error ? error.stack : error}`);
    }
  }

  #carryOut(effect: Effect): void {
    switch (effect.type) {
      case 'announce':
        this.#transport?.announce(effect.announcement, effect.urgency);
        return;
      case 'withdraw':
        this.#transport?.withdraw(effect.subject);
        return;
      case 'alias-up':
        return this.aliases.up(effect.service, effect.withheld);
      case 'route-up':
        return this.aliases.announce(effect.service, true);
      case 'route-down':
        return this.aliases.announce(effect.service, false);
      case 'alias-down':
        return this.aliases.down(effect.service);
      case 'run':
        this.say(`${effect.service} runs ${effect.primitive}`);
        return this.calls.run(effect);
      case 'kill':
        this.say(`${effect.service} primitive is killed`);
        return this.calls.kill(effect.service, effect.run);
      case 'set-timer':
        return this.#setTimer(effect.timer, effect.delayMs);
      case 'cancel-timer':
        this.#world.clock.cancel(this.#timers.get(effect.timer));
        this.#timers.delete(effect.timer);
        return;
      case 'persist-node':
        this.#disk.node = effect.record;
        return;
      case 'persist-service':
        this.#disk.services.set(effect.service, effect.record);
        return;
      case 'set-enabled':
        return this.#setEnabled(effect.service, effect.enabled);
      case 'happened':
        return;
      case 'reply':
        this.say(`${effect.request}: ${effect.ok ? 'done' : 'refused'}: ${effect.text}`);
        return this.#world.monitor.replied(this, effect.request, effect.ok, effect.text);
      case 'report':
        return this.say(effect.service === null ? effect.text : `${effect.service} ${effect.text}`);
      case 'finished':
        this.say('daemon ends');
        return this.#endDaemon();
      default:
        return unknownEffect(effect);
    }
  }

  #setTimer(timer: string, delayMs: number): void {
    const { clock } = this.#world;
    clock.cancel(this.#timers.get(timer));
    const { life } = this;
    const planned = clock.after(Math.max(0, delayMs), () =>
      this.inProcess(life, () => {
        if (this.#timers.get(timer) !== planned) return;
        this.#timers.delete(timer);
        this.handle({ type: 'timer', timer });
      }),
    );
    this.#timers.set(timer, planned);
  }

  #setEnabled(service: string, enabled: boolean): void {
    const definition = this.definitions.get(service);
    if (definition !== undefined) this.definitions.set(service, { ...definition, enabled });
    this.#world.clock.after(this.random.between(1, 20), () => this.configure());
  }

  #transported(event: TransportEvent): void {
    const { nowMs } = this.#world.clock;
    switch (event.type) {
      case 'connected':
      case 'disconnected':
        this.reachableSinceMs.clear();
        break;
      case 'reachability':
        for (const id of event.removed) this.reachableSinceMs.delete(id);
        for (const id of event.added) this.reachableSinceMs.set(id, nowMs);
        break;
      default:
    }
    this.handle(event);
  }

  #endDaemon(): void {
    if (this.engine === null) return;
    this.#world.monitor.daemonEnds(this);
    this.engine = null;
    this.life++;
    this.#diesAfter = 0;
    this.#backlog = [];
    this.frozenSinceMs = null;
    for (const planned of this.#timers.values()) this.#world.clock.cancel(planned);
    this.#timers.clear();
    this.reachableSinceMs.clear();
    if (this.#transport?.disconnect()) this.#world.network.flushOpaque(this.router);
    this.#transport = null;
  }
}

function emptyDisk(): Disk {
  return {
    node: { epoch: 0, standby: false },
    services: new Map(),
    generations: { numbers: new Map(), last: new Map() },
  };
}

function unknownEffect(effect: never): never {
  throw new Error(`the simulator does not know this effect: ${JSON.stringify(effect)}`);
}
