import {
  type Acceptance,
  accepted,
  accepts,
  type Ballot,
  beingFilled,
  decideStart,
  filled,
  newestView,
  promised,
  type Reports,
  type Started,
  type StartRequest,
  stopped,
  type View,
  withMember,
  without,
} from '../index.js';
import {
  bitsOf,
  call,
  isNewer,
  type ModelNode,
  mayPart,
  nothingIsGone,
  type Program,
  send,
  tell,
  violate,
  type World,
  words,
} from './world.js';

/** `start`, writes, and `stop`, as the engine does them; between two steps anything may happen. */
export function* own(world: World, self: ModelNode, claim: number, force: boolean): Program {
  const first = yield* ask(world, self);
  const round =
    1 + Math.max(0, ...[...first.values()].filter((r) => r.promise.claim === claim).map((r) => r.promise.round));
  const ballot: Ballot = { claim, round, node: self.name };
  if (decideStart(requestOf(world, self, ballot, first, force), world.rules).kind === 'wait') return;
  const reports = yield* seize(world, self, ballot, first);
  if (!reports.has(self.name)) return;
  const decision = decideStart(requestOf(world, self, ballot, reports, force), world.rules);
  if (decision.kind === 'wait') return;
  if (force) world.isForced = true;
  tell(world, `${self.name} starts from ${decision.base}${force ? ' by force' : ''}: ${words(decision.view)}`);
  yield* new Owner(world, self, decision, force ? undefined : newestView(reports)).run();
}

function requestOf(world: World, self: ModelNode, ballot: Ballot, reports: Reports, force: boolean): StartRequest {
  const { minimumLegs, nodes } = world;
  const voters = nodes.map(({ name }) => name);
  const freshLineage = `L${world.lineages++}`;
  const { lostOwnerOf, name } = self;
  return { self: name, ballot, reports, voters, minimumLegs, size: 1, lostOwnerOf, force, freshLineage };
}

function* ask(world: World, self: ModelNode): Generator<void, Reports, void> {
  const reports = new Map();
  for (const node of world.nodes) {
    const record = call(world, self, node, () => node.record);
    if (record !== undefined) reports.set(node.name, record);
    yield;
  }
  return reports;
}

function* seize(world: World, self: ModelNode, ballot: Ballot, from: Reports): Generator<void, Reports, void> {
  const reports = new Map();
  for (const node of world.nodes) {
    if (!from.has(node.name)) continue;
    const record = call(world, self, node, () => {
      if (!world.rules.acceptsBallot(node.record, ballot)) return undefined;
      node.record = promised(node.record, ballot);
      return node.record;
    });
    if (record !== undefined) reports.set(node.name, record);
    yield;
  }
  return reports;
}

class Owner {
  readonly #world: World;
  readonly #self: ModelNode;
  readonly #base: ModelNode;
  readonly #ballot: Ballot;
  #agree: readonly string[];
  #fill: string[];
  #inForce: View | undefined;
  #before: View | undefined;
  /** The last that was asked for. */
  #asked: View;
  /** Those asked for since the one in force, and perhaps written down by some. */
  #pending: View[] = [];
  /** Legs that are being filled or are full, and get every write beside the members. */
  readonly #followers = new Set<string>();

  constructor(world: World, self: ModelNode, { view, base, fill, agree }: Started, before: View | undefined) {
    this.#world = world;
    this.#self = self;
    this.#base = this.#node(base, world);
    this.#ballot = view.ballot;
    this.#fill = [...fill];
    this.#agree = agree;
    this.#asked = view;
    this.#before = before;
  }

  *run(): Program {
    while (this.#asked.members.length < this.#asked.minimumLegs) {
      const [node] = this.#fill;
      if (node === undefined) return;
      if (!(yield* this.#filled(node))) continue;
      this.#asked = { ...this.#asked, members: [...this.#asked.members, node].sort() };
    }
    if (!(yield* this.#established(this.#asked))) return;
    this.#begins();
    while (this.#mayStillOwn()) {
      const luck = this.#world.random();
      if (luck < 0.55) yield* this.#write();
      else if (luck < 0.75) yield* this.#join();
      else if (luck < 0.8) return yield* this.#stop();
      else yield;
    }
  }

  #begins(): void {
    const { acknowledged, excused } = this.#world;
    // Somebody else has begun to start since.
    if (this.#world.nodes.some(({ record }) => isNewer(record.promise, this.#ballot))) return;
    // Or its disk has been replaced: it answers to nobody.
    if (!this.#takesData(this.#base)) return;
    this.#self.lostOwnerOf = undefined;
    const lacks = acknowledged & ~excused & ~this.#base.data;
    if (this.#base.isMixed) violate(this.#world, `${this.#base.name} is half filled, and a source`);
    else if (lacks !== 0 && !mayPart(this.#world)) {
      violate(this.#world, `started without acknowledged write ${bitsOf(lacks)}`);
    }
    // Whoever reads finds them from now on, whether they were acknowledged or not.
    this.#world.acknowledged |= this.#base.data;
  }

  *#write(): Program {
    const bit = 1 << this.#world.nextWrite;
    if (this.#world.nextWrite >= 30) return;
    this.#world.nextWrite += 1;
    const confirmed = new Set<string>();
    for (let attempt = 0; attempt < 4 && this.#mayStillOwn(); attempt += 1) {
      for (const name of new Set([
        ...this.#view().members,
        ...this.#pending.flatMap(({ members }) => members),
        ...this.#followers,
      ])) {
        if (confirmed.has(name)) continue;
        if (this.#stored(name, bit)) confirmed.add(name);
        else this.#followers.delete(name);
        yield;
      }
      if (this.#world.rules.mayAcknowledge(this.#view(), this.#pending, confirmed)) {
        this.#world.acknowledged |= bit;
        // Every disk that had it has been replaced since it answered, or was being filled from one that was.
        const isThere = (node: ModelNode) => !node.isMixed && (node.data & bit) !== 0;
        if (![...confirmed].some((name) => isThere(this.#node(name)))) this.#world.excused |= bit;
        tell(
          this.#world,
          `${this.#self.name} acknowledges ${this.#world.nextWrite - 1}, on ${[...confirmed].join(' ')}`,
        );
        return;
      }
      const lost = new Set(this.#view().members.filter((name) => !confirmed.has(name)));
      const next = without(this.#view(), lost, this.#asked.generation);
      if (next.members.length >= next.minimumLegs) yield* this.#established(next);
      else yield;
    }
    // It is never acknowledged: whoever waited for it is gone.
    for (const name of this.#view().members) if (!confirmed.has(name)) return yield* this.#forever();
  }

  /** Blocked: no write is acknowledged any more by this program. */
  *#forever(): Program {
    while (this.#mayStillOwn()) yield;
  }

  *#join(): Program {
    const candidates = this.#world.nodes.filter(({ name }) => !this.#view().members.includes(name));
    const node = candidates[Math.floor(this.#world.random() * candidates.length)];
    if (node === undefined || !(yield* this.#filled(node.name))) return;
    if (this.#followers.has(node.name))
      yield* this.#established(withMember(this.#view(), node.name, this.#asked.generation));
  }

  /** Copies the base into a leg; it gets all writes from the beginning on. */
  *#filled(name: string): Generator<void, boolean, void> {
    this.#fill = this.#fill.filter((each) => each !== name);
    const node = this.#node(name);
    const view = this.#inForce ?? this.#asked;
    const from = this.#node(this.#world.rules.readsFrom(view, this.#self.name, this.#base.name));
    // What it held may be gone with its disk, and then the leg that is to be filled may be the last one.
    if (call(this.#world, this.#self, from, () => this.#takesData(from)) !== true) return false;
    const { disks } = from;
    const marked = send(this.#world, this.#self, node, () => {
      if (!this.#takesData(node) || !this.#world.rules.mayOverwrite(node.record, view)) return false;
      // A call on its way, whose source has been lost since: two failures at once.
      if (from.disks !== disks) this.#world.excused |= this.#world.acknowledged & node.data;
      node.record = beingFilled(node.record, this.#world.rules);
      node.isMixed = true;
      return true;
    });
    if (marked !== true) return false;
    nothingIsGone(this.#world, `${name} is filled from ${this.#base.name}`);
    this.#followers.add(name);
    yield;
    const copied = send(this.#world, this.#self, node, () => {
      if (!this.#takesData(node)) return false;
      const source = call(this.#world, this.#self, from, () => (this.#takesData(from) ? from.data : undefined));
      if (source === undefined) return false;
      node.data = source;
      node.isMixed = false;
      node.record = filled(node.record, this.#ballot);
      return true;
    });
    if (copied !== true) this.#followers.delete(name);
    yield;
    return copied === true && this.#followers.has(name);
  }

  *#stop(): Program {
    const next = stopped(this.#view(), this.#asked.generation);
    yield* this.#established(next);
  }

  /** Asks everybody to write a view down, this node last: what it has is then in force, or nearly. */
  *#established(view: View): Generator<void, boolean, void> {
    this.#asked = view;
    this.#pending.push(view);
    const members = new Set<string>();
    const voters = new Set<string>();
    const others = this.#world.nodes.filter((node) => node !== this.#self);
    // What was created is nowhere else: nobody may wait for what does not exist yet.
    const order = view.previous === undefined ? [this.#self, ...others] : [...others, this.#self];
    const blank = new Map<ModelNode, number>();
    for (const node of order) {
      // Its own record, the last one, is what puts the view in force, or it is not written.
      const withSelf = { members: new Set([...members, node.name]), voters: new Set([...voters, node.name]) };
      if (node === this.#self && view.previous !== undefined && !this.#isEnough(view, withSelf)) return false;
      const { disks } = node;
      const answer = call(this.#world, this.#self, node, () => this.#writtenDown(node, view, disks, false));
      if (answer === 'blank') blank.set(node, disks);
      if (answer === 'voter' || answer === 'member') members.add(node.name);
      if (answer === 'voter') voters.add(node.name);
      yield;
    }
    if (!this.#isEnough(view, { members, voters })) return false;
    tell(this.#world, `${this.#self.name}: in force: ${words(view)}`);
    this.#inForce = view;
    this.#pending = [];
    this.#before = undefined;
    this.#agree = [];
    for (const name of view.members) this.#followers.delete(name);
    for (const [node, disks] of blank) {
      call(this.#world, this.#self, node, () => this.#writtenDown(node, view, disks, true));
      yield;
    }
    return true;
  }

  #writtenDown(
    node: ModelNode,
    view: View,
    disks: number,
    isInForce: boolean,
  ): 'voter' | 'member' | 'blank' | 'refused' {
    const knew = node.record.view !== undefined || view.previous === undefined;
    // A node with another disk than the one that was asked is another node.
    if (node.disks !== disks) return 'refused';
    if (!accepts(node.record, node.name, view, isInForce, this.#world.rules)) {
      return node.record.view === undefined ? 'blank' : 'refused';
    }
    node.record = accepted(node.record, node.name, view);
    if (node !== this.#self) node.serves = view.members.includes(node.name) ? view.ballot : undefined;
    return knew ? 'voter' : 'member';
  }

  #isEnough(view: View, accepted: Acceptance): boolean {
    return (
      this.#agree.every((node) => accepted.members.has(node)) &&
      this.#world.rules.isInForce(view, accepted, this.#before)
    );
  }

  #stored(name: string, bit: number): boolean {
    const node = this.#node(name);
    const answer = send(this.#world, this.#self, node, () => {
      if (!this.#takesData(node)) return false;
      node.data |= bit;
      return true;
    });
    return answer === true;
  }

  #takesData(node: ModelNode): boolean {
    return this.#world.rules.acceptsData(node.record, this.#ballot);
  }

  #mayStillOwn(): boolean {
    return this.#world.rules.acceptsData(this.#self.record, this.#ballot);
  }

  #view(): View {
    return this.#inForce ?? this.#asked;
  }

  #node(name: string, world = this.#world): ModelNode {
    const node = world.nodes.find((each) => each.name === name);
    if (node === undefined) throw new Error(`expected a node of the model, got ${name}`);
    return node;
  }
}
