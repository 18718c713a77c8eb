import type { Effect, Event } from '../cluster/index.js';
import type { FloodingScope } from '../flooding/index.js';
import type { Happening, ServiceDefinition } from '../model/index.js';
import type { Aliases, Announcer, KeptRecords, Log, Primitives, RunEffect, SetEnabled, WatchEffect } from './ports.js';
import type { Timers } from './timers.js';

export interface EffectModules {
  /** The definition that the core uses at present; not always the newest that was read. */
  readonly definition: (service: string) => ServiceDefinition | undefined;
  readonly announcer: Announcer;
  readonly aliases: Aliases;
  readonly primitives: Primitives;
  readonly records: KeptRecords;
  readonly timers: Timers;
  readonly setEnabled: SetEnabled;
  readonly reply: (request: string, ok: boolean, text: string) => void;
  /** Must be cheap: it is called in the midst of a failover. */
  readonly happened: (happening: Happening) => void;
  readonly log: Log;
  readonly finished: () => void;
  readonly emit: (event: Event) => void;
}

/** Carries out what the core wants, in order. Results come back as events, never from within `carryOut`. */
export class EffectRunner {
  readonly #modules: EffectModules;
  constructor(modules: EffectModules) {
    this.#modules = modules;
  }

  carryOut(effects: readonly Effect[]): void {
    for (const effect of effects) this.#carryOut(effect);
  }

  #carryOut(effect: Effect): void {
    const { announcer, aliases, primitives, records, timers, setEnabled, reply, happened, log, finished } =
      this.#modules;
    switch (effect.type) {
      case 'announce':
        announcer.announce(effect.announcement, effect.urgency, this.#floodingScope(effect));
        if (beginsToStart(effect)) aliases.prepare();
        break;
      case 'withdraw':
        announcer.withdraw(effect.subject);
        break;
      case 'alias-up':
        this.#aliasUp(effect.service, effect.withheld);
        break;
      case 'route-up':
        aliases.announce(effect.service);
        break;
      case 'route-down':
        aliases.withhold(effect.service);
        break;
      case 'route-way':
        aliases.announceAs(effect.way, effect.addresses);
        break;
      case 'alias-down':
        aliases.down(effect.service);
        break;
      case 'run':
        this.#run(effect);
        break;
      case 'kill':
        primitives.kill(effect.service, effect.run);
        break;
      case 'watch':
        this.#watch(effect);
        break;
      case 'unwatch':
        primitives.unwatch(effect.service, effect.run);
        break;
      case 'set-timer':
        timers.set(effect.timer, effect.delayMs);
        break;
      case 'cancel-timer':
        timers.cancel(effect.timer);
        break;
      case 'persist-node':
        records.saveNode(effect.record);
        break;
      case 'persist-service':
        records.saveService(effect.service, effect.record, { durable: this.#isResource(effect.service) });
        break;
      case 'set-enabled':
        setEnabled(effect.service, effect.enabled);
        break;
      case 'reply':
        reply(effect.request, effect.ok, effect.text);
        break;
      case 'happened':
        happened(effect.happening);
        break;
      case 'report':
        log[effect.level](effect.service === null ? {} : { service: effect.service }, effect.text);
        break;
      case 'finished':
        finished();
        break;
      default:
        unknownEffect(effect);
    }
  }

  /** Of two nodes that use a resource after a power failure one would destroy it; a service is only started anew. */
  #isResource(service: string): boolean {
    return this.#modules.definition(service)?.kind !== 'service';
  }

  #floodingScope(effect: Extract<Effect, { type: 'announce' }>): FloodingScope {
    const { announcement } = effect;
    if (announcement.kind !== 'service') return { link: null };
    return { link: this.#modules.definition(announcement.definition.name)?.link ?? null };
  }

  #aliasUp(service: string, withheld: boolean): void {
    const definition = this.#modules.definition(service);
    const missing = this.#modules.records.missing(service);
    const { aliases, emit } = this.#modules;
    if (definition === undefined) emit({ type: 'alias-failed', service, reason: notConfigured(service) });
    else if (missing !== null) emit({ type: 'alias-failed', service, reason: notRecorded(missing) });
    else aliases.up(definition, withheld);
  }

  #run(effect: RunEffect): void {
    const definition = this.#modules.definition(effect.service);
    const missing = effect.primitive === 'start' ? this.#modules.records.missing(effect.service) : null;
    const { primitives, emit } = this.#modules;
    if (definition === undefined) emit(endedAtOnce(effect, notConfigured(effect.service)));
    else if (missing !== null) emit(endedAtOnce(effect, notRecorded(missing)));
    else primitives.run(definition, effect);
  }

  #watch(effect: WatchEffect): void {
    const { service, run } = effect;
    const definition = this.#modules.definition(service);
    if (definition !== undefined) this.#modules.primitives.watch(definition, effect);
    else this.#modules.emit({ type: 'watch-ended', service, run, reason: notConfigured(service) });
  }
}

/** The alias follows as soon as the echo is heard and the gate is open. */
function beginsToStart({ announcement, urgency }: Extract<Effect, { type: 'announce' }>): boolean {
  if (announcement.kind !== 'service' || urgency !== 'change') return false;
  return announcement.runState === 'starting' && announcement.definition.addresses.length > 0;
}

function endedAtOnce(effect: RunEffect, reason: string): Event {
  return {
    type: 'primitive-ended',
    service: effect.service,
    primitive: effect.primitive,
    run: effect.run,
    outcome: { result: 'failed', reason, output: '' },
    unixSeconds: Math.floor(Date.now() / 1000),
  };
}

function notConfigured(service: string): string {
  return `${service} is not configured on this node`;
}

/** A later life must know what this one started. */
function notRecorded(why: string): string {
  return `not started, since srrd could not remember it: the state directory cannot be written (${why})`;
}

function unknownEffect(effect: never): never {
  throw new Error(`the core asked for an effect that the daemon does not know: ${JSON.stringify(effect)}`);
}
