import type { Machine } from './machine.js';
import { expectedOwners, expectedToTake, groupsAtRest, ownerOf } from './oracle.js';
import { Random } from './random.js';
import { Violation, type World } from './world.js';

/**
 * Questions to a cluster at rest whose answers the order gives beforehand: an operator moves a group, and a node that
 * nobody's way leads through loses power. The network is reliable then: who has not heard of a move may outbid it. `rest`
 * lets time pass until the cluster is at rest again.
 */
export class Exam {
  readonly #world: World;
  readonly #machines: readonly Machine[];
  readonly #random: Random;
  readonly #rest: () => void;

  constructor(world: World, machines: readonly Machine[], rest: () => void) {
    this.#world = world;
    this.#machines = machines;
    this.#random = new Random(world.plan.seed, 3);
    this.#rest = rest;
  }

  /** Throws a Violation. */
  take(): void {
    this.#world.network.becomeReliable();
    this.#move();
    this.#losePower();
  }

  /** `move`: done if and only if that makes the node the owner, and then it stays there. */
  #move(): void {
    const { monitor } = this.#world;
    const live = this.#live();
    const groups = groupsAtRest(live, monitor).filter(({ candidates }) => candidates.length > 1);
    if (groups.length === 0) return;
    const { service, candidates } = this.#random.pick(groups);
    const owner = ownerOf(service, live);
    const target = this.#random.pick(candidates.filter((machine) => machine !== owner));
    const pin = this.#random.chance(0.5);
    const expected = expectedToTake(service, target, pin, live, monitor);
    this.#world.tell?.(`* exam: move ${service} to ${target.name}${pin ? ', pinned' : ''}`);
    this.#markDirty();
    const request = target.command('move', service, null, pin);
    const answer = request === null ? undefined : monitor.answers.get(request);
    if (answer === undefined) throw new Violation('exam', `${target.name} does not answer to move ${service}`);
    const what = `move ${service} to ${target.name}${pin ? ', pinned,' : ''}`;
    if (answer.ok !== expected) {
      throw new Violation('exam', `${what} should be ${expected ? 'done' : 'refused'}, but: ${answer.text}`);
    }
    this.#rest();
    const now = ownerOf(service, this.#live());
    const wanted = expected ? target : owner;
    if (now !== wanted) throw new Violation('exam', `after ${what} it runs on ${now?.name}, not on ${wanted?.name}`);
  }

  /** What the node owned goes to the next in the order, and nothing else moves. */
  #losePower(): void {
    const { monitor } = this.#world;
    const live = this.#live();
    const leaves = live.filter(({ router }) => router.links.length === 1);
    if (leaves.length === 0 || live.length < 3) return;
    const gone = this.#random.pick(leaves);
    const left = live.filter((machine) => machine !== gone);
    const expected = expectedOwners(left, monitor);
    this.#world.tell?.(`* exam: ${gone.name} loses power`);
    this.#markDirty();
    gone.crash(false);
    this.#rest();
    for (const [service, owner] of expected) {
      const now = ownerOf(service, left);
      if (now === owner) continue;
      throw new Violation(
        'exam',
        `without ${gone.name} ${service} runs on ${now?.name}, but the order named ${owner?.name}`,
      );
    }
  }

  #live(): Machine[] {
    return this.#machines.filter(({ engine }) => engine !== null);
  }

  #markDirty(): void {
    for (const machine of this.#machines) this.#world.monitor.reasons.machineTroubled(machine, 60_000);
  }
}
