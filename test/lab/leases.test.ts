import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Cluster,
  createCluster,
  ECHO_MAKEFILE,
  type Host,
  holders,
  outageMs,
  ownerAtRest,
  type Probe,
  startEverywhere,
  WITHOUT_BFD_MS,
} from './index.js';

const SERVICE = 'ECHO';
const ADDRESS = '172.16.15.1';
/** Frozen for much longer than the lease: what lasts as long was not ended by it. */
const FROZEN_MS = 10_000;
/** The kernel's lease, which it counts in whole seconds, and what a busy machine needs to end it, and to look. */
const TWO_OWNERS_MS = 3_000 + 4_000;
/** The same, and the second for which a lost route is waited for. */
const NO_OWNER_MS = 3_000 + 1_000 + 5_000;

describe('a service whose daemon is killed, frozen or starved', () => {
  let cluster: Cluster;
  let nodes: readonly Host[];
  let probe: Probe;

  beforeAll(async () => {
    cluster = await createCluster({ name: 'lease' });
    nodes = cluster.nodes;
    for (const node of nodes) node.answerAt(ADDRESS);
    const echo = { addresses: [ADDRESS], makefile: ECHO_MAKEFILE, check: { interval: '1s' } };
    await startEverywhere(nodes, { services: { [SERVICE]: echo } });
    await ownerAtRest(nodes, SERVICE);
    probe = await cluster.client.probe(ADDRESS, { hz: 200 });
  });

  afterAll(() => cluster?.lab.destroy());

  it('is on two nodes no longer than the lease when srrd is killed, and hardly ever on none', async () => {
    const owner = await served();
    const look = new Look(nodes);
    const killedAt = process.hrtime.bigint();
    await owner.srrd.kill('SIGKILL');
    const { sender } = await probe.until((reply) => reply.sender !== owner.name, { since: killedAt });
    await look.for(TWO_OWNERS_MS + 500);
    const outage = outageMs(probe.replies(), killedAt, sender!);
    console.log(`killed: ${look.text()}; unanswered for ${outage.toFixed(0)} ms`);
    expect(look.longestMs(2)).toBeLessThan(TWO_OWNERS_MS);
    expect(outage).toBeLessThan(WITHOUT_BFD_MS);
    await owner.startSrrd();
  });

  it('is given up first thing by an srrd that was frozen for 10 s', async () => {
    const owner = await served();
    const look = new Look(nodes);
    const frozenAt = process.hrtime.bigint();
    owner.srrd.freeze();
    const logged = owner.srrd.log().length;
    const moved = probe.until((reply) => reply.sender !== owner.name, { since: frozenAt });
    await look.for(FROZEN_MS).finally(() => owner.srrd.thaw());
    const first = await moved;
    await look.for(2_000);
    console.log(
      `frozen: ${look.text()}; unanswered for ${outageMs(probe.replies(), frozenAt, first.sender!).toFixed(0)} ms`,
    );
    expect(look.longestMs(2)).toBeLessThan(TWO_OWNERS_MS);
    expect(outageMs(probe.replies(), frozenAt, first.sender!)).toBeLessThan(NO_OWNER_MS);
    const since = owner.srrd.log().slice(logged);
    // What it heard while it stood still waits behind this.
    expect(since[0]?.msg).toMatch(/too late/);
    const [decision] = since.filter(({ service }) => service === SERVICE);
    expect(decision?.msg).toBe('active/started -> active/stopping: this node is isolated');
    const back = probe.replies().filter(({ sender, sentAt }) => sender === owner.name && sentAt > first.receivedAt!);
    expect(back).toEqual([]);
    await served();
  });

  it.each([
    { what: 'for 400 of every 500 ms, less than the lease', stoppedMs: 400, runsMs: 100, pulses: 20 },
    { what: 'for 3.5 of every 3.7 s, more than the lease', stoppedMs: 3_500, runsMs: 200, pulses: 3 },
  ])('has one owner again and again when srrd is stopped $what', async ({ stoppedMs, runsMs, pulses }) => {
    const owner = await served();
    const look = new Look(nodes);
    const begunAt = process.hrtime.bigint();
    for (let pulse = 0; pulse < pulses; pulse++) {
      owner.srrd.freeze();
      await look.for(stoppedMs).finally(() => owner.srrd.thaw());
      await look.for(runsMs);
    }
    const next = await served();
    const unanswered = longestOutageMs(probe, begunAt);
    console.log(
      `starved ${stoppedMs} ms of ${stoppedMs + runsMs} ms: ${look.text()}; ` +
        `unanswered for ${unanswered.toFixed(0)} ms; ${owner.name} ${next === owner ? 'kept' : 'lost'} it`,
    );
    expect(look.longestMs(2)).toBeLessThan(TWO_OWNERS_MS);
    expect(unanswered).toBeLessThan(NO_OWNER_MS);
    expect(await holders(nodes, ADDRESS)).toEqual([next.name]);
    if (stoppedMs > 3_000) expect(next.name).not.toBe(owner.name);
  });

  /** The owner, when nothing more is to be expected and the client is answered by it. */
  async function served(): Promise<Host> {
    const owner = await ownerAtRest(nodes, SERVICE);
    await probe.until(({ sender }) => sender === owner.name);
    return owner;
  }
});

/** How many nodes' kernels have the address, looked at again and again. */
class Look {
  readonly #seen: { readonly atMs: number; readonly count: number }[] = [];

  constructor(readonly nodes: readonly Host[]) {}

  async for(durationMs: number): Promise<void> {
    const endMs = performance.now() + durationMs;
    while (performance.now() < endMs) {
      const { length } = await holders(this.nodes, ADDRESS);
      this.#seen.push({ atMs: performance.now(), count: length });
      await sleep(Math.max(0, Math.min(100, endMs - performance.now())));
    }
  }

  /** The longest time in ms in which at least so many had it. */
  longestMs(count: number): number {
    let longest = 0;
    let since: number | null = null;
    for (const seen of this.#seen) {
      if (seen.count < count) since = null;
      else since ??= seen.atMs;
      if (since !== null) longest = Math.max(longest, seen.atMs - since);
    }
    return longest;
  }

  text(): string {
    return `on two nodes for ${this.longestMs(2).toFixed(0)} ms`;
  }
}

/** The longest run of unanswered questions since then, up to the next answer, in ms. */
function longestOutageMs(probe: Probe, since: bigint): number {
  return Math.max(0, ...probe.outages().flatMap(({ from, durationMs }) => (from >= since ? [durationMs] : [])));
}
