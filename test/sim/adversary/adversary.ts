import { encodeBody } from '../../../src/lsa/index.js';
import type { Announcement, RouterId } from '../../../src/model/index.js';
import type { ListedKey } from '../../../src/trust/key-list.js';
import { Proofs } from '../../../src/trust/proofs.js';
import { mutate } from '../../fuzz/mutate.js';
import { add } from '../coverage.js';
import type { Disk } from '../disk.js';
import type { Machine } from '../machine.js';
import type { Router } from '../ospf/router.js';
import type { Plan, PlannedAdversary } from '../plan.js';
import type { ProvenWords } from '../proven-words.js';
import { Random } from '../random.js';
import type { Adversary, World } from '../world.js';
import { forged, reseal } from './forged.js';
import { lsaTypeOf, Proving } from './proving.js';
import { type Heard, Recording } from './recording.js';
import { simulatedKey } from './simulated-key.js';

const CLUSTER = 'default';
/** Others may take so long to notice what was deleted, and its owner to say it again: one, two and four seconds, and a lost flood. */
const DELETION_REACH_MS = 40_000;

type Act = (adversary: Keyless) => void;

/** A router without a key, among nodes that require proofs. It hears everything, and says whatever it can think of. */
export class Keyless implements Adversary {
  readonly random: Random;
  readonly recording: Recording;
  readonly #plan: Plan;
  readonly #planned: PlannedAdversary;
  readonly #keys: ReadonlyMap<RouterId, ReturnType<typeof simulatedKey>>;
  readonly #proofs = new Proofs(CLUSTER);
  readonly #stranger = simulatedKey('nobody has listed this one, and it');
  #world: World | null = null;
  #machines: readonly Machine[] = [];
  #isCalm = false;

  constructor(plan: Plan, planned: PlannedAdversary) {
    this.#plan = plan;
    this.#planned = planned;
    this.random = new Random(plan.seed, 10);
    this.recording = new Recording(this.random);
    this.#keys = new Map(plan.nodes.map(({ id, name }) => [id, simulatedKey(`${plan.seed} ${name}`)]));
  }

  provenWordsOf(machine: Machine, disk: Disk): ProvenWords {
    const own = this.#keyOf(machine.id);
    const listed = [...this.#keys].map(([routerId, { publicKey: key }]): ListedKey => ({ routerId, key, note: '' }));
    const { clock, network } = this.#ofWorld();
    const { life } = machine;
    return new Proving({
      self: machine.id,
      keys: { own, listed },
      mode: this.#planned.isBelieved ? 'sign' : 'require',
      disk,
      random: machine.random,
      nowMs: () => clock.nowMs,
      unixSeconds: () => machine.unixSeconds(),
      later: (delayMs, happen) => clock.after(delayMs, () => machine.inProcess(life, happen)),
      idOf: (index) => network.routers[index]?.id ?? machine.id,
      signedBy: (index, announcement, series) => {
        const origin = network.routers[index]?.id ?? machine.id;
        const plain = encodeBody(announcement, CLUSTER, { forProof: true, conversation: { asks: [], answers: [] } });
        const place = { origin, lsaType: lsaTypeOf(announcement), series };
        return this.#proofs.make(plain, place, this.#keyOf(origin), machine.unixSeconds());
      },
    });
  }

  begin(world: World, machines: readonly Machine[]): void {
    this.#world = world;
    this.#machines = machines;
    this.#goOn();
  }

  calm(): void {
    this.#isCalm = true;
  }

  /** Its own, which nobody has listed. */
  get ownIndex(): number {
    return this.#plan.nodes.length + this.#plan.transitRouters.length - 1;
  }

  anyNode(): number {
    return this.random.int(0, this.#plan.nodes.length - 1);
  }

  idOf(index: number): RouterId | undefined {
    return this.#router(index)?.id;
  }

  /** With no proof, or with one of a key that nobody has listed. */
  signedByStranger(announcement: Announcement, origin: RouterId, series: number): Uint8Array {
    const plain = encodeBody(announcement, CLUSTER, { forProof: true, conversation: { asks: [], answers: [] } });
    if (this.random.chance(0.3)) return plain;
    return this.#proofs.make(
      plain,
      { origin, lsaType: lsaTypeOf(announcement), series },
      this.#stranger,
      1_700_000_000,
    );
  }

  /** Floods it where nothing of this router is. */
  say(
    what: string,
    origin: number,
    series: number,
    body: Omit<Heard, 'origin' | 'series'> & { lsaType?: number },
  ): void {
    const router = this.#router(this.ownIndex);
    const generation = this.random.int(0, 255);
    const lsId = generation * 65_536 + series;
    if (router === undefined || this.recording.isThere(router, origin, lsId)) return;
    this.#inject(what, router, origin, lsId, { kind: 'opaque', ...body });
  }

  /** null: deletes it. */
  overwrite(
    what: string,
    { origin, lsId }: { readonly origin: number; readonly lsId: number },
    bytes: Uint8Array | null,
  ): void {
    const router = this.#router(this.ownIndex);
    const heard = this.recording.last;
    if (router === undefined || heard === undefined) return;
    const { reasons } = this.#ofWorld().monitor;
    for (const machine of this.#machines) reasons.machineTroubled(machine, DELETION_REACH_MS);
    const { announcement } = heard;
    this.#inject(what, router, origin, lsId, bytes === null ? null : { kind: 'opaque', announcement, bytes });
  }

  #inject(
    what: string,
    router: Router,
    origin: number,
    lsId: number,
    body: Parameters<World['network']['inject']>[3],
  ): void {
    const { network, monitor, tell } = this.#ofWorld();
    if (monitor.coverage !== null) add(monitor.coverage.faultKinds, `adversary: ${what}`);
    if (tell !== null) {
      const place = `222.${lsId >>> 16}.${(lsId >>> 8) & 255}.${lsId & 255}`;
      tell(`! ${what} in the name of ${network.routers[origin]?.name}, ${place}`);
    }
    network.inject(router, origin, lsId, body);
  }

  #goOn(): void {
    const { clock } = this.#ofWorld();
    clock.after(this.random.between(...this.#planned.pauseMs), () => {
      this.#act();
      this.#goOn();
    });
  }

  #act(): void {
    const router = this.#router(this.ownIndex);
    if (router === undefined) return;
    this.recording.listen(router);
    const acts = this.#planned.deletes && !this.#isCalm ? [...WORDS, ...DELETIONS] : WORDS;
    this.random.weighted(acts)(this);
  }

  #router(index: number): Router | undefined {
    return this.#world?.network.routers[index];
  }

  #ofWorld(): World {
    if (this.#world === null) throw new Error('the adversary has not begun');
    return this.#world;
  }

  #keyOf(id: RouterId): ReturnType<typeof simulatedKey> {
    return this.#keys.get(id) ?? this.#stranger;
  }
}

/** Nothing moves by these. */
const WORDS: readonly (readonly [Act, number])[] = [
  [forge, 4],
  [changeBytes, 4],
  [replay, 4],
  [replayBackwards, 2],
  [replayElsewhere, 3],
  [flood, 0.3],
];

/** What OSPF gives every router. */
const DELETIONS: readonly (readonly [Act, number])[] = [
  [deleteOne, 3],
  [overwriteOne, 3],
];

/** What it makes up, or has changed, in its own name or that of a node. */
function forge(adversary: Keyless): void {
  const { random, recording } = adversary;
  const heard = recording.any();
  if (heard === undefined) return;
  const origin = random.chance(0.3) ? adversary.ownIndex : adversary.anyNode();
  const id = adversary.idOf(origin);
  const target = adversary.idOf(adversary.anyNode());
  if (id === undefined || target === undefined) return;
  const announcement = forged(heard.announcement, random, target);
  const series = announcement.kind === heard.announcement.kind ? heard.series : 257;
  const bytes = adversary.signedByStranger(announcement, id, series);
  // The proof of what was changed, or none that fits.
  const isCopied = random.chance(0.3);
  adversary.say('forges', origin, series, { announcement, bytes: isCopied ? reseal(bytes, heard.bytes) : bytes });
}

function changeBytes(adversary: Keyless): void {
  const { random, recording } = adversary;
  const heard = recording.any();
  if (heard === undefined) return;
  const mutated = mutate(heard.bytes, random, recording.allBytes());
  const bytes = random.chance(0.9) ? reseal(mutated, null) : mutated;
  adversary.say('changes bytes', heard.origin, heard.series, { announcement: heard.announcement, bytes });
}

function replay(adversary: Keyless): void {
  const heard = adversary.recording.any();
  if (heard !== undefined) adversary.say('replays', heard.origin, heard.series, heard);
}

/** What a node has said, the last first. */
function replayBackwards(adversary: Keyless): void {
  const origin = adversary.anyNode();
  const all = adversary.recording.of(origin).slice(-adversary.random.int(2, 20));
  for (const heard of all.reverse()) adversary.say('replays backwards', origin, heard.series, heard);
}

/** The words of one node in the name of another, or under another number, or another type. */
function replayElsewhere(adversary: Keyless): void {
  const { random, recording } = adversary;
  const heard = recording.any();
  const other = recording.any();
  if (heard === undefined || other === undefined) return;
  const [origin, series, lsaType] = random.pick([
    [adversary.anyNode(), heard.series, undefined],
    [heard.origin, other.series, undefined],
    [heard.origin, heard.series, random.pick([9, 10, 11])],
  ]);
  adversary.say('replays elsewhere', origin ?? 0, series ?? 0, lsaType === undefined ? heard : { ...heard, lsaType });
}

/** As many as a burst may have, in its own name and in others'. */
function flood(adversary: Keyless): void {
  for (let left = adversary.random.int(5, 30); left > 0; left--)
    adversary.random.pick([forge, changeBytes, replay])(adversary);
}

function deleteOne(adversary: Keyless): void {
  const { recording } = adversary;
  const there = recording.anyThere(adversary.anyNode());
  if (there !== undefined) adversary.overwrite('deletes', there, null);
}

function overwriteOne(adversary: Keyless): void {
  const { random, recording } = adversary;
  const there = recording.anyThere(adversary.anyNode());
  const heard = recording.any();
  if (there === undefined || heard === undefined) return;
  const bytes = random.chance(0.5) ? heard.bytes : reseal(mutate(heard.bytes, random, recording.allBytes()), null);
  adversary.overwrite('overwrites', there, bytes);
}
