import type { Effect, Event } from '../../../src/cluster/index.js';
import type { Coverage } from '../coverage.js';
import type { Machine } from '../machine.js';
import type { World } from '../world.js';
import { Addresses } from './addresses.js';
import { ClaimEnds } from './claim-ends.js';
import { CommandsOnce } from './commands-once.js';
import { Confirmation } from './confirmation.js';
import { FailureTimeout } from './failure-timeout.js';
import { FencingTokens } from './fencing-tokens.js';
import { HoldersKept } from './holders-kept.js';
import { KeepsGoing } from './keeps-going.js';
import { Newcomers } from './newcomers.js';
import { OperatorWords } from './operator-words.js';
import { Overlap } from './overlap.js';
import { OwnRoute } from './own-route.js';
import { PeersTold } from './peers-told.js';
import { PreemptDelay } from './preempt-delay.js';
import type { Watched } from './promise.js';
import { RestartLimit } from './restart-limit.js';
import { RouteIsTheTruth } from './route-is-the-truth.js';
import { SaidAnew } from './said-anew.js';
import { SilentOwner } from './silent-owner.js';
import { TakeoverDelay } from './takeover-delay.js';
import { ThirdNode } from './third-node.js';
import { UsedTokens } from './used-tokens.js';
import { Witness } from './witness.js';

/** Most effects are reports and timers, which promise nothing. */
const WATCHED_EFFECTS: ReadonlySet<Effect['type']> = new Set(['announce', 'run', 'kill', 'alias-up', 'reply']);

type With<Hook extends keyof Watched> = Watched & Required<Pick<Watched, Hook>>;

/** All promises that are watched event by event (docs/simulator.md). */
export class Promises {
  readonly #witness: Witness;
  readonly #all: readonly Watched[];
  readonly #daemonStarts: readonly With<'daemonStarts'>[];
  readonly #daemonEnds: readonly With<'daemonEnds'>[];
  readonly #handled: readonly With<'handled'>[];
  readonly #acts: readonly With<'acts'>[];
  readonly #starts: readonly With<'starts'>[];
  readonly #settled: readonly With<'settled'>[];

  constructor(coverage: Coverage | null) {
    const witness = new Witness(coverage);
    this.#witness = witness;
    this.#all = [
      new Addresses(witness),
      new ClaimEnds(witness),
      new CommandsOnce(witness),
      new Confirmation(witness),
      new FailureTimeout(witness),
      new FencingTokens(witness),
      new HoldersKept(witness),
      new KeepsGoing(witness),
      new Newcomers(witness),
      new OperatorWords(witness),
      new Overlap(witness),
      new OwnRoute(witness),
      new PeersTold(witness),
      new PreemptDelay(witness),
      new RestartLimit(witness),
      new RouteIsTheTruth(witness),
      new SaidAnew(witness),
      new SilentOwner(witness),
      new TakeoverDelay(witness),
      new ThirdNode(witness),
      new UsedTokens(witness),
    ];
    const having = <Hook extends keyof Watched>(hook: Hook): With<Hook>[] =>
      this.#all.filter((each): each is With<Hook> => each[hook] !== undefined);
    this.#daemonStarts = having('daemonStarts');
    this.#daemonEnds = having('daemonEnds');
    this.#handled = having('handled');
    this.#acts = having('acts');
    this.#starts = having('starts');
    this.#settled = having('settled');
  }

  attach(world: World): void {
    this.#witness.world = world;
  }

  daemonStarts(machine: Machine): void {
    for (const each of this.#daemonStarts) each.daemonStarts(machine);
  }

  daemonEnds(machine: Machine): void {
    for (const each of this.#daemonEnds) each.daemonEnds(machine);
    this.#witness.daemonEnds(machine);
  }

  handled(machine: Machine, event: Event, effects: readonly Effect[]): void {
    this.#witness.heard(machine).take(event, this.#witness.nowMs);
    for (const each of this.#handled) each.handled(machine, event, effects);
  }

  acts(machine: Machine, effect: Effect): void {
    if (!WATCHED_EFFECTS.has(effect.type)) return;
    for (const each of this.#acts) each.acts(machine, effect);
    if (effect.type !== 'run' || effect.primitive !== 'start' || effect.context.recall > 0) return;
    for (const each of this.#starts) each.starts(machine, effect.service, effect.context.claim);
  }

  settled(machine: Machine): void {
    for (const each of this.#settled) each.settled(machine);
  }

  problemAtRest(live: readonly Machine[]): string | null {
    for (const each of this.#all) {
      const problem = each.problemAtRest?.(live) ?? null;
      if (problem !== null) return problem;
    }
    return null;
  }
}
