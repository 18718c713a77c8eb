import {
  type CommandEvent,
  type Effect,
  Engine,
  type Event,
  type Settings,
  timerKey,
} from '../../../src/cluster/index.js';
import type {
  Happening,
  PersistedNode,
  PersistedService,
  RouterId,
  ServiceDefinition,
} from '../../../src/model/index.js';
import { type CommandName, orderNamed } from '../../../src/tables/index.js';
import { Aliases } from './aliases.js';
import type { Behaviour } from './behaviour.js';
import type { SimulatedClock } from './clock.js';
import type { Network } from './network.js';
import { Processes } from './processes.js';

/** A machine with its state directory, its daemon (or none), and what really runs on it. */
export class Machine {
  readonly processes: Processes;
  readonly aliases: Aliases;
  readonly definitions = new Map<string, ServiceDefinition>();
  readonly behaviours = new Map<string, Behaviour>();
  /** Services whose announcements ospfd refuses, with its reason. */
  readonly refused = new Map<string, string>();
  engine: Engine | null = null;
  /** What its list of events has got since it was last read. */
  happenings: Happening[] = [];
  /** Also says what primitives find in their environment. */
  tellsEnvironment = false;
  /** How far its wall clock is ahead. */
  clockErrorSeconds = 0;
  private frozenSinceMs: number | null = null;
  private inbox: Event[] = [];
  private disk: { node: PersistedNode; services: Map<string, PersistedService> } = {
    node: { epoch: 0, standby: false, issuers: [] },
    services: new Map(),
  };
  private readonly timers = new Map<string, () => void>();
  private life = 0;

  constructor(
    readonly name: string,
    readonly id: RouterId,
    private readonly settings: Settings,
    private readonly clock: SimulatedClock,
    private readonly network: Network,
    private readonly tell: (line: string) => void,
  ) {
    this.processes = new Processes(this);
    this.aliases = new Aliases(this, network);
  }

  startDaemon(): void {
    this.life += 1;
    this.engine = new Engine(this.settings);
    this.aliases.removeAll();
    this.handle({
      type: 'begin',
      definitions: [...this.definitions.values()],
      persistedNode: this.disk.node,
      persistedServices: this.disk.services,
      unixSeconds: 1_000_000 + Math.floor(this.clock.nowMs / 1000) + this.clockErrorSeconds,
    });
    this.connect();
  }

  /** ospfd is back: the daemon finds it again, and floods what it wants announced. */
  reconnect(): void {
    this.connect();
  }

  private connect(): void {
    const { life } = this;
    this.network.connect(this.name, (event) => life === this.life && this.handle(event));
  }

  /** The daemon dies: its primitives die with it, its aliases when their lease ends, its services run on. */
  killDaemon(): void {
    this.life += 1;
    this.engine = null;
    this.inbox = [];
    this.frozenSinceMs = null;
    for (const cancel of this.timers.values()) cancel();
    this.timers.clear();
    this.processes.daemonDies();
    this.network.disconnect(this.name);
    const { life } = this;
    this.clock.after(3_000, () => life === this.life && this.aliases.removeAll());
  }

  /** Power is lost. */
  crash(): void {
    this.network.setUp(this.name, false);
    this.killDaemon();
    this.processes.powerLost();
    this.aliases.powerLost();
  }

  boot(): void {
    this.network.setUp(this.name, true);
    this.startDaemon();
  }

  freeze(): void {
    this.frozenSinceMs = this.clock.nowMs;
    const { life } = this;
    this.clock.after(3_000, () => life === this.life && this.frozenSinceMs !== null && this.aliases.removeAll());
  }

  thaw(): void {
    if (this.frozenSinceMs === null) return;
    const lateMs = this.clock.nowMs - this.frozenSinceMs - 3_000;
    this.frozenSinceMs = null;
    const waiting = this.inbox;
    this.inbox = [];
    if (lateMs > 0) this.handle({ type: 'lease-overrun', lateMs });
    for (const event of waiting) this.handle(event);
  }

  command(
    command: CommandName,
    service: string,
    target: RouterId | null,
    more: Partial<Pick<CommandEvent, 'pin' | 'role' | 'holder'>> = {},
  ): void {
    const request = `${command} ${service}`.trim();
    const who = { operator: 'operator', role: 'operator' } as const;
    this.handle({ type: 'command', request, ...who, order: orderNamed(command, service), target, pin: false, ...more });
  }

  handle(event: Event): void {
    if (this.engine === null) return;
    if (this.frozenSinceMs !== null) {
      this.inbox.push(event);
      return;
    }
    for (const effect of this.engine.handle(event, this.clock.nowMs)) this.carryOut(effect);
  }

  /** Not if that life of the daemon is over by then. */
  later(delayMs: number, happen: () => void): () => void {
    const { life } = this;
    return this.clock.after(delayMs, () => {
      if (life === this.life) happen();
    });
  }

  private carryOut(effect: Effect): void {
    switch (effect.type) {
      case 'announce':
        return this.announce(effect);
      case 'withdraw':
        return this.network.withdraw(this.name, effect.subject);
      case 'alias-up':
        return this.aliases.up(effect.service, effect.withheld);
      case 'route-up':
      case 'route-down':
        return this.aliases.announce(effect.service, effect.type === 'route-up');
      case 'alias-down':
        return this.aliases.down(effect.service);
      case 'run':
        return this.processes.call(effect);
      case 'kill':
        return this.processes.kill(effect.service, effect.run);
      case 'watch':
        return this.processes.watch(effect.service, effect.run);
      case 'unwatch':
        return this.processes.unwatch(effect.service);
      case 'set-timer':
        this.timers.get(timerKey(effect.timer))?.();
        this.timers.set(
          timerKey(effect.timer),
          this.later(effect.delayMs, () => this.handle({ type: 'timer', timer: effect.timer })),
        );
        return;
      case 'cancel-timer':
        this.timers.get(timerKey(effect.timer))?.();
        return;
      case 'persist-node':
        this.disk = { ...this.disk, node: effect.record };
        return;
      case 'persist-service':
        this.disk.services.set(effect.service, effect.record);
        return;
      case 'set-enabled': {
        const definition = this.definitions.get(effect.service);
        if (definition) this.definitions.set(effect.service, { ...definition, enabled: effect.enabled });
        this.later(1, () => this.handle({ type: 'configure', definitions: [...this.definitions.values()] }));
        return;
      }
      case 'happened':
        this.happenings.push(effect.happening);
        return;
      case 'reply':
        return this.say(`${effect.request}: ${effect.ok ? 'done' : 'refused'}: ${effect.text}`);
      case 'report':
        return this.say(effect.service === null ? effect.text : `${effect.service} ${effect.text}`);
      case 'finished':
        this.say('daemon ends');
        this.killDaemon();
        return;
    }
  }

  private announce({ announcement, urgency }: Effect & { type: 'announce' }): void {
    if (announcement.kind !== 'service') return this.network.announce(this.name, announcement);
    const service = announcement.definition.name;
    if (urgency === 'refresh') this.say(`${service} check stamp announced`);
    const reason = this.refused.get(service);
    if (reason === undefined) return this.network.announce(this.name, announcement);
    this.later(1, () => this.handle({ type: 'refused', subject: { kind: 'service', service }, reason }));
  }

  say(text: string): void {
    this.tell(`${this.name} ${text}`);
  }

  /** The state directory is lost: a new disk. */
  loseStateDirectory(): void {
    this.disk = { node: { epoch: 0, standby: false, issuers: [] }, services: new Map() };
  }
}
