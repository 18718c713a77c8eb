import {
  type CommandName,
  type Effect,
  Engine,
  type Event,
  type Happening,
  NOTHING_PERSISTED,
  type PersistedNode,
  type PersistedService,
  type Primitive,
  type RouterId,
  type ServiceDefinition,
  type Settings,
} from '../../../src/cluster/index.js';
import { type Behaviour, environment, FREE } from './behaviour.js';
import type { SimulatedClock } from './clock.js';
import type { Network } from './network.js';

/** A machine with its state directory, its daemon (or none), and what really runs on it. */
export class Machine {
  readonly running = new Set<string>();
  /** The run numbers of the watches that run, by service. */
  private readonly watches = new Map<string, number>();
  /** The addresses of the services whose alias is up. */
  readonly aliases = new Map<string, readonly string[]>();
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
    node: { epoch: 0, standby: false },
    services: new Map(),
  };
  private readonly timers = new Map<string, () => void>();
  private readonly calls = new Map<number, () => void>();
  private life = 0;

  constructor(
    readonly name: string,
    readonly id: RouterId,
    private readonly settings: Settings,
    private readonly clock: SimulatedClock,
    private readonly network: Network,
    private readonly tell: (line: string) => void,
  ) {}

  startDaemon(): void {
    this.life += 1;
    this.engine = new Engine(this.settings);
    this.removeAliases();
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
    for (const cancel of [...this.timers.values(), ...this.calls.values()]) cancel();
    this.timers.clear();
    this.calls.clear();
    this.watches.clear();
    this.network.disconnect(this.name);
    const { life } = this;
    this.clock.after(3_000, () => life === this.life && this.removeAliases());
  }

  /** Power is lost. */
  crash(): void {
    this.network.setUp(this.name, false);
    this.killDaemon();
    this.running.clear();
    this.aliases.clear();
  }

  boot(): void {
    this.network.setUp(this.name, true);
    this.startDaemon();
  }

  freeze(): void {
    this.frozenSinceMs = this.clock.nowMs;
    const { life } = this;
    this.clock.after(3_000, () => life === this.life && this.frozenSinceMs !== null && this.removeAliases());
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

  command(command: CommandName, service: string, target: RouterId | null, pin: boolean): void {
    const request = `${command} ${service}`.trim();
    this.handle({ type: 'command', request, operator: 'operator', command, service, target, pin });
  }

  handle(event: Event): void {
    if (this.engine === null) return;
    if (this.frozenSinceMs !== null) {
      this.inbox.push(event);
      return;
    }
    for (const effect of this.engine.handle(event, this.clock.nowMs)) this.carryOut(effect);
  }

  private later(delayMs: number, happen: () => void): () => void {
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
        return this.putUp(effect.service, effect.withheld);
      case 'route-up':
      case 'route-down':
        return this.announceRoute(effect.service, effect.type === 'route-up');
      case 'alias-down':
        this.removeAlias(effect.service);
        this.say(`${effect.service} address down`);
        this.later(1, () => this.handle({ type: 'alias-down', service: effect.service }));
        return;
      case 'run':
        return this.call(effect);
      case 'kill': {
        this.calls.get(effect.run)?.();
        this.calls.delete(effect.run);
        this.say(`${effect.service} primitive killed`);
        const outcome = { result: 'killed' } as const;
        const primitive = this.engine?.state.replicas.get(effect.service)?.job?.primitive ?? 'start';
        this.later(1, () => this.ended(effect.service, primitive, effect.run, outcome));
        return;
      }
      case 'watch':
        return this.watch(effect.service, effect.run);
      case 'unwatch':
        this.watches.delete(effect.service);
        return this.say(`${effect.service} watch is ended`);
      case 'set-timer':
        this.timers.get(effect.timer)?.();
        this.timers.set(
          effect.timer,
          this.later(effect.delayMs, () => this.handle({ type: 'timer', timer: effect.timer })),
        );
        return;
      case 'cancel-timer':
        this.timers.get(effect.timer)?.();
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

  private watch(service: string, run: number): void {
    this.say(`${service} is watched`);
    this.watches.set(service, run);
    const { result, durationMs, reason } = this.behaviours.get(`${service} watch`) ?? FREE;
    if (result === 'fails') this.later(durationMs, () => this.endWatch(service, run, reason));
  }

  private endWatch(service: string, run: number, reason: string): void {
    if (this.watches.get(service) !== run) return;
    this.watches.delete(service);
    this.handle({ type: 'watch-ended', service, run, reason });
  }

  /** What runs there ends, by itself or by hand. Only its watch sees it. */
  endProcess(service: string): void {
    this.running.delete(service);
    const run = this.watches.get(service);
    if (run !== undefined) this.endWatch(service, run, 'its process has ended');
  }

  private announce({ announcement, urgency }: Effect & { type: 'announce' }): void {
    if (announcement.kind !== 'service') return this.network.announce(this.name, announcement);
    const service = announcement.definition.name;
    if (urgency === 'refresh') this.say(`${service} check stamp announced`);
    const reason = this.refused.get(service);
    if (reason === undefined) return this.network.announce(this.name, announcement);
    this.later(1, () => this.handle({ type: 'refused', subject: { kind: 'service', service }, reason }));
  }

  private putUp(service: string, withheld: boolean): void {
    const { result, reason } = this.behaviours.get(`${service} alias`) ?? FREE;
    if (result === 'fails') {
      this.later(1, () => this.handle({ type: 'alias-failed', service, reason }));
      return;
    }
    const addresses = this.engine?.state.replicas.get(service)?.definition.addresses ?? [];
    this.aliases.set(service, addresses);
    if (!withheld) for (const address of addresses) this.network.addAddress(this.name, address);
    this.say(`${service} address up${withheld ? ', its route withheld' : ''}`);
    this.later(1, () => this.handle({ type: 'alias-up', service }));
  }

  /** The address stays up. */
  private announceRoute(service: string, announced: boolean): void {
    for (const address of this.aliases.get(service) ?? []) {
      if (announced) this.network.addAddress(this.name, address);
      else this.network.removeAddress(this.name, address);
    }
    this.say(`${service} route ${announced ? 'announced' : 'withdrawn'}`);
  }

  /** An alias that was up is gone, and cannot be put up again. */
  loseAlias(service: string, reason: string): void {
    this.removeAlias(service);
    this.handle({ type: 'alias-lost', service, reason });
  }

  private removeAliases(): void {
    for (const service of [...this.aliases.keys()]) this.removeAlias(service);
  }

  private removeAlias(service: string): void {
    for (const address of this.aliases.get(service) ?? []) this.network.removeAddress(this.name, address);
    this.aliases.delete(service);
  }

  private call({ service, primitive, run, timeoutMs, context }: Effect & { type: 'run' }): void {
    const { result, durationMs, reason, once } = this.behaviours.get(`${service} ${primitive}`) ?? FREE;
    if (once) this.behaviours.delete(`${service} ${primitive}`);
    const again = context.recall === 0 ? '' : ` (recall ${context.recall})`;
    const about = context.peer === null ? '' : ` for ${context.peer}`;
    const told = this.tellsEnvironment ? environment(context) : '';
    this.say(`${service} runs ${primitive}${about}${this.otherMakefile(service)}${again}${told}`);
    const took = result === 'hangs' ? timeoutMs : Math.min(durationMs, timeoutMs);
    const cancel = this.later(took, () => {
      this.calls.delete(run);
      if (result === 'hangs' || durationMs > timeoutMs) {
        const text = `${primitive} did not end within ${timeoutMs / 1000} s`;
        this.ended(service, primitive, run, { result: 'timed-out', reason: text, output: '' });
      } else if (result === 'fails') {
        this.ended(service, primitive, run, { result: 'failed', reason, output: reason });
      } else if (result === 'recalls') {
        this.ended(service, primitive, run, { result: 'recall', output: '' });
      } else {
        if (primitive === 'start' || primitive === 'restart') this.running.add(service);
        if (primitive === 'stop') this.running.delete(service);
        this.ended(service, primitive, run, { result: 'succeeded', output: reason });
      }
    });
    if (primitive === 'start' && result !== 'fails') this.running.add(service);
    this.calls.set(run, cancel);
  }

  /** Said only where the definition has a Makefile of another name than the service's. */
  private otherMakefile(service: string): string {
    const folder = this.engine?.state.replicas.get(service)?.definition.makefile.split('/').at(-2);
    return folder === undefined || folder === service ? '' : ` of ${folder}`;
  }

  private ended(
    service: string,
    primitive: Primitive,
    run: number,
    outcome: (Event & { type: 'primitive-ended' })['outcome'],
  ): void {
    this.handle({ type: 'primitive-ended', service, primitive, run, outcome, unixSeconds: 1_000_000 });
  }

  private say(text: string): void {
    this.tell(`${this.name} ${text}`);
  }

  /** The state directory is lost: a new disk. */
  loseStateDirectory(): void {
    this.disk = { node: { epoch: 0, standby: false }, services: new Map() };
  }

  persisted(service: string): PersistedService {
    return this.disk.services.get(service) ?? NOTHING_PERSISTED;
  }
}
