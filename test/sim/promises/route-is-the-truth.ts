import type { Event } from '../../../src/cluster/index.js';
import type { RouterId, SharedDefinition } from '../../../src/model/index.js';
import type { Machine } from '../machine.js';
import { Violation } from '../world.js';
import type { Heard, HeardReplica } from './heard.js';
import type { Watched } from './promise.js';
import type { Witness } from './witness.js';

/** A started service counts so long after its route was last seen; */
const LOST_MS = 1_000;
/** so long after `starting` if it never was. */
const NEVER_SEEN_MS = 15_000;
const SLACK_MS = 200;
/** So long what a node said before it spoke may be waited for: two retransmissions of OSPF. */
const SUSPICION_MS = 11_000;

interface Watch {
  readonly epoch: number;
  /** When it was first heard to be starting or started. */
  readonly busyMs: number;
  seen: boolean;
  missingMs: number | null;
  /** The time was over: it does not count until its route is seen, or it starts anew or has stopped. */
  lost: boolean;
  /** It was last heard to be stopping. */
  stopping: boolean;
}

/** Whose node says `started`, but announces no route to it, is the owner in nobody's eyes. */
export class RouteIsTheTruth implements Watched {
  readonly #witness: Witness;
  readonly #watches = new Map<Machine, Map<HeardReplica['origin'], Map<string, Watch>>>();

  constructor(witness: Witness) {
    this.#witness = witness;
  }

  daemonEnds(machine: Machine): void {
    this.#watches.delete(machine);
  }

  handled(machine: Machine, event: Event): void {
    const heard = this.#witness.heard(machine);
    if (event.type === 'connected' || event.type === 'disconnected') this.#watches.delete(machine);
    else if (event.type === 'routes' && event.origin !== machine.id) {
      for (const replica of heard.of(event.origin)) this.#look(machine, heard, replica);
    } else if (event.type === 'announcement' && event.announcement.kind === 'service') {
      const replica = heard.replica(event.announcement.definition.name, event.origin);
      if (replica !== undefined) this.#look(machine, heard, replica);
    } else if (event.type === 'withdrawal' && event.subject.kind === 'service') {
      const replica = heard.replica(event.subject.service, event.origin);
      if (replica !== undefined) this.#look(machine, heard, replica);
    }
  }

  settled(machine: Machine): void {
    const { nowMs } = this.#witness;
    const heard = this.#witness.heard(machine);
    const state = machine.engine?.state;
    if (state === undefined || heard.full === 0 || nowMs - machine.thawedMs < 2 * LOST_MS) return;
    for (const [origin, services] of this.#watches.get(machine) ?? []) {
      for (const [service, watch] of services) {
        const { missingMs } = watch;
        const replica = heard.replica(service, origin);
        if (missingMs === null || replica === undefined || replica.carriers.size === 0) continue;
        if (replica.announcement.runState !== 'started') continue;
        if (nowMs - dueMs(heard, origin, watch) < SLACK_MS) continue;
        this.#witness.tested('route: a started service without one');
        const { group, critical } = replica.announcement.definition;
        // Without a member that is not critical a node may own the group all the same.
        if (!critical || state.groups.get(group)?.owner !== origin || !state.replicas.has(service)) continue;
        if (!this.#isRequiredElsewhere(machine, heard, replica) && hasOtherMember(heard, replica)) continue;
        const text = `${machine.name} takes ${this.#witness.nameOf(origin)} for the owner of ${service}, which has announced no route to it for ${Math.round(nowMs - missingMs)} ms`;
        throw new Violation('route', text);
      }
    }
  }

  #look(machine: Machine, heard: Heard, replica: HeardReplica): void {
    const { announcement, origin } = replica;
    const { name, kind } = announcement.definition;
    const nodes = this.#watches.get(machine) ?? new Map<HeardReplica['origin'], Map<string, Watch>>();
    this.#watches.set(machine, nodes);
    const services = nodes.get(origin) ?? new Map<string, Watch>();
    nodes.set(origin, services);
    const { nowMs } = this.#witness;
    const known = services.get(name);
    if (known !== undefined && nowMs >= dueMs(heard, origin, known)) known.lost = true;
    if (replica.carriers.size === 0) {
      // What is withdrawn says nothing. The words between it and the next may be lost, so that `started` follows `started`:
      // the time begins anew with that.
      if (known !== undefined) known.missingMs = null;
      return;
    }
    const { runState, sequence } = announcement;
    const stays = runState === 'stopping' && known?.lost === true && !heard.hasRoute(replica);
    if (kind !== 'service' || (runState !== 'starting' && runState !== 'started' && !stays)) {
      services.delete(name);
      return;
    }
    const { epoch } = sequence;
    const begun = { epoch, busyMs: nowMs, seen: false, missingMs: null, lost: known?.lost ?? false, stopping: false };
    // Another life of its daemon begins anew, and so does what was stopping, also where the words between were lost.
    const goesOn = known?.epoch === epoch && (!known.stopping || stays);
    const watch: Watch = goesOn ? known : begun;
    watch.stopping = stays;
    services.set(name, watch);
    if (runState !== 'started') {
      watch.missingMs = null;
      watch.lost &&= runState === 'stopping';
    } else if (heard.hasRoute(replica)) {
      watch.seen = true;
      watch.missingMs = null;
      watch.lost = false;
    } else if (heard.nodes.get(origin)?.routes != null) {
      watch.missingMs ??= nowMs;
    }
  }

  /**
   * What nobody else has either is no member while it does not count: its node may own the group for the others. Nor does it
   * say any more that the member is critical: those who have it must, and where they disagree only one of them counts. Who has lost
   * its route as well, a daemon that was frozen, say, does not count before it has stopped.
   */
  #isRequiredElsewhere(machine: Machine, heard: Heard, { origin, announcement }: HeardReplica): boolean {
    const { name, group } = announcement.definition;
    const own = machine.engine?.state.replicas.get(name);
    const definitions: SharedDefinition[] = own?.config === 'active' ? [own.definition] : [];
    for (const other of heard.replicas(name)) {
      if (other.origin === origin || other.carriers.size === 0 || !this.#answers(heard, other)) continue;
      const watch = this.#watches.get(machine)?.get(other.origin)?.get(name);
      if (watch !== undefined && (watch.lost || this.#witness.nowMs >= dueMs(heard, other.origin, watch))) continue;
      definitions.push(other.announcement.definition);
    }
    return definitions.length > 0 && definitions.every((each) => each.critical && each.group === group);
  }

  /**
   * Who is frozen, or was until a moment ago, or has not spoken since it can be reached, may not count; nor what it said before its daemon spoke, while something
   * newer of it may still be on its way.
   */
  #answers(heard: Heard, { origin, announcement, heardMs }: HeardReplica): boolean {
    const machines = [...(this.#witness.world?.monitor.announced.keys() ?? [])];
    const { nowMs } = this.#witness;
    const lives = machines.some(
      (each) => each.id === origin && each.frozenSinceMs === null && nowMs - each.thawedMs >= 2 * LOST_MS,
    );
    const { daemon = null, firstWord = null, reachableSinceMs = null } = heard.nodes.get(origin) ?? {};
    if (!lives || reachableSinceMs === null || daemon === null || firstWord === null) return false;
    const { epoch, counter } = announcement.sequence;
    const spoke = daemon.sequence;
    const isNewer = epoch > spoke.epoch || (epoch === spoke.epoch && counter > spoke.counter);
    return (isNewer && heardMs >= reachableSinceMs) || nowMs - firstWord.atMs >= SUSPICION_MS + SLACK_MS;
  }
}

/** When a service whose route is missing counts no more. */
function dueMs(heard: Heard, origin: RouterId, { busyMs, seen, missingMs }: Watch): number {
  const reachableMs = heard.nodes.get(origin)?.reachableSinceMs ?? null;
  if (missingMs === null || reachableMs === null) return Number.POSITIVE_INFINITY;
  const lostMs = Math.max(missingMs, reachableMs) + LOST_MS;
  return seen ? lostMs : Math.max(lostMs, busyMs + NEVER_SEEN_MS);
}

function hasOtherMember(heard: Heard, { origin, announcement }: HeardReplica): boolean {
  const { name, group } = announcement.definition;
  return [...heard.of(origin)].some(
    ({ carriers, announcement: { definition } }) =>
      carriers.size > 0 && definition.group === group && definition.name !== name,
  );
}
