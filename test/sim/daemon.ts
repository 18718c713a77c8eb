import { type Effect, Engine, type Event, type Timer, type TransportEvent, timerKey } from '../../src/cluster/index.js';
import { UNSETTLED } from '../../src/cluster/settle-group.js';
import type { Announcement, RouterId } from '../../src/model/index.js';
import { LEASE_MS } from './aliases.js';
import type { Planned } from './clock.js';
import type { Disk } from './disk.js';
import type { Machine } from './machine.js';
import type { PlannedNode } from './plan.js';
import { SimulatedTransport } from './transport.js';
import { Violation, type World } from './world.js';

/** One life of a machine's daemon: the core, and what carries out its effects. */
export class Daemon {
  readonly engine: Engine;
  /** Nodes that it was told are reachable, and since when. */
  readonly reachableSinceMs = new Map<RouterId, number>();
  /** In simulated time; null: it runs. */
  frozenSinceMs: number | null = null;
  /** It dies when it has carried out so many effects; 0: it does not. */
  diesAfter = 0;
  readonly #machine: Machine;
  readonly #world: World;
  readonly #disk: Disk;
  readonly #transport: SimulatedTransport;
  readonly #timers = new Map<string, Planned>();
  #backlog: (() => void)[] = [];
  #renewedMs = 0;
  #ended = false;
  /** A word that waits in the daemon's queue, so that the core hears which one follows. */
  #queued: Event | null = null;

  constructor(machine: Machine, { onIsolation, remoteCommands, joinHoldMs }: PlannedNode, disk: Disk, world: World) {
    this.#machine = machine;
    this.#world = world;
    this.#disk = disk;
    this.engine = new Engine({
      nodeName: machine.name,
      softwareVersion: '0',
      joinHoldMs,
      stampRefreshMs: 30_000,
      recallDelayMs: 1_000,
      onIsolation,
      remoteCommands,
      announce: 'auto',
      managementAddresses: [],
      managementPort: 0,
    });
    this.#transport = new SimulatedTransport({
      clock: world.clock,
      random: machine.random,
      network: world.network,
      router: machine.router,
      disk,
      inProcess: (happen) => this.inProcess(happen),
      emit: (event) => this.#transported(event),
      proven: world.adversary?.provenWordsOf(machine, disk) ?? null,
      refuses: (subject) => subject.kind === 'service' && machine.refused.has(subject.service),
    });
  }

  begin(): void {
    const machine = this.#machine;
    this.handle({
      type: 'begin',
      definitions: [...machine.definitions.values()],
      persistedNode: this.#disk.node,
      persistedServices: new Map(this.#disk.services),
      unixSeconds: machine.unixSeconds(),
    });
    if (!this.#ended) this.#transport.connect(machine.random.between(3, 30));
  }

  end(): void {
    const { clock, network } = this.#world;
    this.#ended = true;
    for (const planned of this.#timers.values()) clock.cancel(planned);
    if (this.#transport.disconnect()) network.flushOpaque(this.#machine.router);
  }

  freeze(): void {
    const { aliases } = this.#machine;
    const sinceMs = this.#world.clock.nowMs;
    this.frozenSinceMs = sinceMs;
    this.#renewedMs = aliases.lastRenewalMs();
    aliases.leaseRunsOut(() => this.frozenSinceMs === sinceMs && !this.#ended);
  }

  thaw(): void {
    this.frozenSinceMs = null;
    // The lease clock is checked before every event; the first event after a freeze finds it.
    const lateMs = this.#world.clock.nowMs - this.#renewedMs - LEASE_MS;
    if (lateMs > 0) this.#handleNow({ type: 'lease-overrun', lateMs });
    const waiting = this.#backlog;
    this.#backlog = [];
    for (const happen of waiting) this.inProcess(happen);
  }

  /** Runs something in the process: later if it is frozen, not at all if it is dead. */
  inProcess(happen: () => void): void {
    if (this.#ended) return;
    if (this.frozenSinceMs !== null) this.#backlog.push(happen);
    else happen();
  }

  /** Some words about services wait for a moment for the next event, as they do when many come at once. */
  handle(event: Event): void {
    this.#takeQueued(event);
    if (this.#ended) return;
    const { random } = this.#machine;
    const isWord = event.type === 'announcement' ? event.announcement.kind === 'service' : event.type === 'withdrawal';
    if (!isWord || !random.chance(0.3)) return this.#handleNow(event);
    this.#queued = event;
    this.#world.clock.after(random.between(0, 2), () => this.inProcess(() => this.#takeQueued()));
  }

  #takeQueued(next?: Event): void {
    const queued = this.#queued;
    this.#queued = null;
    if (queued !== null) this.#handleNow(queued, next);
  }

  #handleNow(event: Event, next?: Event): void {
    const { clock, monitor } = this.#world;
    const machine = this.#machine;
    const effects = this.#decide(event, next);
    monitor.handled(machine, event, effects);
    for (const effect of effects) {
      monitor.promises.acts(machine, effect);
      this.#carryOut(effect);
      if (this.diesAfter > 0 && --this.diesAfter === 0) machine.killDaemon();
      if (this.#ended) return;
    }
    if (this.engine.state.unsettled === null) monitor.settled(machine, clock.nowMs);
  }

  #decide(event: Event, next: Event | undefined): Effect[] {
    try {
      const effects = [...this.engine.steps(event, this.#world.clock.nowMs, next)].flat();
      const unsettled = effects.find((effect) => effect.type === 'report' && effect.text.endsWith(UNSETTLED));
      if (unsettled?.type === 'report') throw new Violation('settling', `${this.#machine.name}: ${unsettled.text}`);
      return effects;
    } catch (error) {
      if (error instanceof Violation) throw error;
      throw new Violation('exception', `${this.#machine.name}: ${error instanceof Error ? error.stack : error}`);
    }
  }

  #carryOut(effect: Effect): void {
    const machine = this.#machine;
    switch (effect.type) {
      case 'announce':
        return this.#transport.announce(miscounted(effect.announcement, machine.miscounts), effect.urgency);
      case 'withdraw':
        return this.#transport.withdraw(effect.subject);
      case 'alias-up':
        return machine.aliases.up(effect.service, effect.withheld);
      case 'route-up':
        return machine.aliases.announce(effect.service, true);
      case 'route-down':
        return machine.aliases.announce(effect.service, false);
      case 'alias-down':
        return machine.aliases.down(effect.service);
      case 'run':
        machine.say(`${effect.service} runs ${effect.primitive}`);
        return machine.calls.run(effect);
      case 'kill':
        machine.say(`${effect.service} primitive is killed`);
        return machine.calls.kill(effect.service, effect.run);
      case 'watch':
        return machine.watches.begin(effect.service, effect.run);
      case 'unwatch':
        return machine.watches.end(effect.service, effect.run);
      case 'set-timer':
        return this.#setTimer(effect.timer, effect.delayMs);
      case 'cancel-timer':
        this.#world.clock.cancel(this.#timers.get(timerKey(effect.timer)));
        this.#timers.delete(timerKey(effect.timer));
        return;
      case 'persist-node':
        this.#disk.node = effect.record;
        return;
      case 'persist-service':
        this.#disk.services.set(effect.service, effect.record);
        return;
      case 'set-enabled':
        return machine.setEnabled(effect.service, effect.enabled);
      case 'happened':
      case 'route-way':
        return;
      case 'reply':
        machine.say(`${effect.request}: ${effect.ok ? 'done' : 'refused'}: ${effect.text}`);
        return this.#world.monitor.replied(machine, effect.request, effect.ok, effect.text);
      case 'report':
        return machine.say(effect.service === null ? effect.text : `${effect.service} ${effect.text}`);
      case 'finished':
        machine.say('daemon ends');
        return machine.endDaemon();
      default:
        return unknownEffect(effect);
    }
  }

  #setTimer(timer: Timer, delayMs: number): void {
    const { clock } = this.#world;
    const key = timerKey(timer);
    clock.cancel(this.#timers.get(key));
    const planned = clock.after(Math.max(0, delayMs), () =>
      this.inProcess(() => {
        if (this.#timers.get(key) !== planned) return;
        this.#timers.delete(key);
        this.handle({ type: 'timer', timer });
      }),
    );
    this.#timers.set(key, planned);
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
}

function miscounted(announcement: Announcement, miscounts: boolean): Announcement {
  if (!miscounts || announcement.kind !== 'daemon' || announcement.digest === null) return announcement;
  const { services, counters } = announcement.digest;
  return { ...announcement, digest: { services: services + 1, counters } };
}

function unknownEffect(effect: never): never {
  throw new Error(`the simulator does not know this effect: ${JSON.stringify(effect)}`);
}
