import type { Engine, Event } from '../../src/cluster/index.js';
import type { RouterId, ServiceDefinition } from '../../src/model/index.js';
import { type CommandName, orderNamed } from '../../src/tables/index.js';
import { Aliases } from './aliases.js';
import { Daemon } from './daemon.js';
import { type Disk, emptyDisk } from './disk.js';
import type { Router } from './ospf/router.js';
import type { PlannedNode } from './plan.js';
import { PrimitiveCalls } from './primitive-calls.js';
import { Random } from './random.js';
import { Watches } from './watches.js';
import type { World } from './world.js';

/** A machine with its ospfd, its state directory, its daemon (or none), and what really runs on it. */
export class Machine {
  readonly index: number;
  readonly name: string;
  readonly router: Router;
  readonly calls: PrimitiveCalls;
  readonly aliases: Aliases;
  readonly watches: Watches;
  /** What the operator has written into the files. */
  readonly definitions: Map<string, ServiceDefinition>;
  powered = false;
  /** Counts the lives of the daemon. */
  life = 0;
  thawedMs = Number.NEGATIVE_INFINITY;
  daemonSinceMs = Number.NEGATIVE_INFINITY;
  /** Services whose announcements ospfd refuses. */
  readonly refused = new Set<string>();
  /** Its daemon counts more than it has out. */
  miscounts = false;
  clockSeconds: number;
  stateLosses = 0;
  /** The state directory was lost since the daemon last started. */
  knowsNothing = false;
  readonly random: Random;
  readonly #planned: PlannedNode;
  readonly #world: World;
  #disk: Disk = emptyDisk();
  #daemon: Daemon | null = null;

  constructor(index: number, planned: PlannedNode, router: Router, world: World) {
    this.index = index;
    this.name = planned.name;
    this.router = router;
    this.#planned = planned;
    this.#world = world;
    this.random = new Random(world.plan.seed, 100 + index);
    this.calls = new PrimitiveCalls(this, world, this.random);
    this.aliases = new Aliases(this, world, this.random);
    this.watches = new Watches(this, world);
    this.definitions = new Map(world.plan.definitions[index]);
    this.clockSeconds = planned.clockSeconds;
    router.up = false;
  }

  get id(): RouterId {
    return this.router.id;
  }

  /** Null without a daemon. */
  get engine(): Engine | null {
    return this.#daemon?.engine ?? null;
  }

  /** In simulated time; null: its daemon runs, or is dead. */
  get frozenSinceMs(): number | null {
    return this.#daemon?.frozenSinceMs ?? null;
  }

  /** Since when it reaches that node, as its daemon was told; undefined: it does not. */
  reachableSinceMs(id: RouterId): number | undefined {
    return this.#daemon?.reachableSinceMs.get(id);
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
    this.endDaemon();
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
    if (!this.powered || this.#daemon !== null) return;
    const { clock, monitor } = this.#world;
    this.say('daemon starts');
    this.life++;
    this.daemonSinceMs = clock.nowMs;
    this.calls.killLeftovers();
    this.aliases.removeAll();
    const daemon = new Daemon(this, this.#planned, this.#disk, this.#world);
    this.#daemon = daemon;
    monitor.daemonStarts(this);
    this.knowsNothing = false;
    daemon.begin();
  }

  /** With SIGKILL: its primitives and services run on, its aliases until their leases end. */
  killDaemon(afterEffects = 0): void {
    if (this.#daemon === null) return;
    if (afterEffects > 0) {
      this.#daemon.diesAfter = afterEffects;
      return;
    }
    this.say('daemon is killed');
    const { life } = this;
    this.aliases.leaseRunsOut(() => this.life === life + 1 && this.#daemon === null);
    this.endDaemon();
  }

  /** It does not die after so many effects any more. */
  livesOn(): void {
    if (this.#daemon !== null) this.#daemon.diesAfter = 0;
  }

  endDaemon(): void {
    this.watches.daemonEnds();
    const daemon = this.#daemon;
    if (daemon === null) return;
    this.#world.monitor.daemonEnds(this);
    this.#daemon = null;
    this.life++;
    daemon.end();
  }

  freeze(): void {
    if (this.#daemon === null || this.frozenSinceMs !== null) return;
    this.say('daemon is frozen');
    this.#daemon.freeze();
  }

  thaw(): void {
    if (this.#daemon === null || this.frozenSinceMs === null) return;
    this.say('daemon runs again');
    this.thawedMs = this.#world.clock.nowMs;
    this.#daemon.thaw();
  }

  setOspfd(up: boolean): void {
    if (!this.powered || this.router.up === up) return;
    this.say(up ? 'ospfd starts' : 'ospfd dies');
    this.#world.network.setUp(this.router, up);
  }

  // What the daemon's process does.

  /** Runs something in the daemon's process: later if it is frozen, not at all if that life is over. */
  inProcess(life: number, happen: () => void): void {
    if (life === this.life) this.#daemon?.inProcess(happen);
  }

  /** Returns the request's name; null without a daemon. */
  command(
    command: CommandName,
    service: string,
    target: RouterId | null,
    pin: boolean,
    holder?: RouterId,
  ): string | null {
    if (this.#daemon === null) return null;
    const request = this.#world.monitor.newRequest(this);
    const event = {
      type: 'command',
      request,
      operator: 'operator',
      role: 'operator',
      order: orderNamed(command, service),
      target,
      pin,
    } as const;
    this.inProcess(this.life, () => this.handle(holder === undefined ? event : { ...event, holder }));
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
    this.#daemon?.handle(event);
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

  /** The daemon writes into a definition's file, and reads it again. */
  setEnabled(service: string, enabled: boolean): void {
    const definition = this.definitions.get(service);
    if (definition !== undefined) this.definitions.set(service, { ...definition, enabled });
    this.#world.clock.after(this.random.between(1, 20), () => this.configure());
  }
}
