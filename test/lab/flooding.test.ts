import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TransportEvent } from '../../src/cluster/index.js';
import { daemonAnnouncement, serviceAnnouncement } from '../../src/flooding/testing/announcements.js';
import { parseRouterId, type Sequence, type ServiceAnnouncement } from '../../src/model/index.js';
import { Flooder } from './flooding/flooder.js';
import { createLab, type Host, type Lab, until } from './index.js';

const WEB = { kind: 'service', service: 'WEB' } as const;
/** What takes longer was lost and retransmitted, or held back by ospfd: both take 5 s. */
/** OSPF lets 5 s pass between two originations of one LSA, and before it sends a lost one again. */
const SLOW_MS = 4000;

describe('the OSPF transport between three real FRR nodes, two of them two hops apart', () => {
  let lab: Lab;
  let [a, b, c]: Host[] = [];
  let [onA, onB, onC]: Flooder[] = [];
  let epoch = 1;

  beforeAll(async () => {
    // RFC 2328's MinLSArrival, as on a machine that nobody tuned: generations must not need less.
    lab = await createLab({ name: 'fl', timing: { lsaMinArrivalMs: 1000 } });
    const near = lab.subnet('near', '10.1.1.0/24');
    const far = lab.subnet('far', '10.1.2.0/24');
    await lab.router('r', { subnets: [near, far], routerId: '10.0.1.1' });
    a = await lab.node('a', { subnets: [near], routerId: '10.0.0.1' });
    b = await lab.node('b', { subnets: [near], routerId: '10.0.0.2' });
    c = await lab.node('c', { subnets: [far], routerId: '10.0.0.3' });
    await lab.converged();
    [onA, onB, onC] = await Promise.all([a!, b!, c!].map((host) => Flooder.start(host)));
  });

  afterAll(() => lab?.destroy());

  it('tells at once whom SPF reaches, and how many neighbours are Full', async () => {
    const reached = onA!.events.flatMap(({ event }) => (event.type === 'reachability' ? event.added : []));
    expect(reached.sort()).toEqual(['10.0.0.2', '10.0.0.3', '10.0.1.1'].map((id) => parseRouterId(id)).sort());
    expect(onA!.events.map(({ event }) => event)).toContainEqual({ type: 'neighbours', full: 2 });
  });

  it('brings announcements to everyone, and back as the echo', async () => {
    const at = onA!.announce(web(1));
    onA!.announce(daemonAnnouncement(2));
    const arrivals = await Promise.all([onA!, onB!, onC!].map((node) => node.heard(isWeb(1))));
    await onC!.heard((event) => event.type === 'announcement' && event.announcement.kind === 'daemon');
    const [echo, near, far] = arrivals.map((arrival) => ms(arrival.at - at));
    console.log(`first announcement: echo ${echo}, same subnet ${near}, two hops ${far} ms`);
    for (const each of arrivals) expect(ms(each.at - at)).toBeLessThan(SLOW_MS);
  });

  it('brings twelve changes 100 ms apart, each at once', async () => {
    const delays: number[] = [];
    const echoes: number[] = [];
    for (let counter = 10; counter < 22; counter++) {
      const at = onA!.announce(web(counter));
      await sleep(100);
      const [echo, ...arrivals] = await Promise.all([onA!, onB!, onC!].map((node) => node.heard(isWeb(counter))));
      delays.push(...arrivals.map((arrival) => ms(arrival.at - at)));
      echoes.push(ms(echo!.at - at));
    }
    console.log(`their echoes came after ${echoes.sort((x, y) => x - y).join(' ')} ms`);
    delays.sort((x, y) => x - y);
    console.log(`changes 100 ms apart arrived after ${delays.join(' ')} ms`);
    expect(delays[delays.length / 2]).toBeLessThan(SLOW_MS);
  });

  it('brings a refresh, in its own time, under the same link state ID', async () => {
    const before = await onC!.heard(isWeb(21));
    const at = onA!.announce(web(30), 'refresh');
    const after = await onC!.heard(isWeb(30));
    console.log(`a refresh in place arrived after ${ms(after.at - at)} ms`);
    expect(lsaId(after.event)).toBe(lsaId(before.event));
  });

  it('deletes the old generations, and leaves the newest', async () => {
    await until(() => withdrawn(onC!).length >= 12, { timeoutMs: 120_000, what: '12 generations are deleted' });
    expect(withdrawn(onC!)).not.toContain(30);
    await until(async () => (await databaseOf(c!, '10.0.0.1')).length === 2, { what: 'c holds two LSAs of a' });
  });

  it('brings a withdrawal', async () => {
    const at = onA!.withdraw(WEB);
    const arrival = await onC!.heard((event) => event.type === 'withdrawal' && event.sequence.counter === 30);
    console.log(`a withdrawal arrived after ${ms(arrival.at - at)} ms`);
  });

  it('withdraws everything when the daemon is killed', async () => {
    onA!.announce(web(40));
    await onC!.heard(isWeb(40));
    const at = process.hrtime.bigint();
    await onA!.process.kill();
    const gone = await onC!.heard((event) => event.type === 'withdrawal' && event.sequence.counter === 40);
    console.log(`a killed daemon's announcement was withdrawn after ${ms(gone.at - at)} ms`);
    onA = await Flooder.start(a!);
    onA.announce(web(41));
    await onC!.heard(isWeb(41));
  });

  it('floods everything anew when ospfd was killed and is back', async () => {
    const from = onC!.events.length;
    await a!.frr.kill('ospfd');
    await onA!.heard(({ type }) => type === 'disconnected');
    await onC!.heard(
      (event) => event.type === 'reachability' && event.removed.includes(parseRouterId('10.0.0.1')!),
      from,
    );
    onA!.announce(web(50));
    await a!.frr.start('ospfd');
    const arrival = await onC!.heard(isWeb(50), from, 60_000);
    const full = onA!.events.findLast(({ event }) => event.type === 'neighbours' && event.full > 0)!;
    console.log(
      `after ospfd came back: on the other node ${ms(arrival.at - full.at)} ms after the last neighbour event`,
    );
    // What a had out before was left in the network by the dead ospfd.
    await until(() => current(onC!, '10.0.0.1').join() === `${epoch}/50`, {
      timeoutMs: 120_000,
      what: 'the LSAs that the dead ospfd left are gone',
    });
  });

  it.each([
    ['on other link state IDs', false],
    ['even on the very link state ID of an old LSA', true],
  ])('a node that lost its state directory is heard, %s, and its old LSAs go', async (_, collide) => {
    await onA!.stop();
    onA = await Flooder.start(a!, { forgetful: true });
    onA.announce(web(60));
    const old = generationOf((await onC!.heard(isWeb(60))).event);
    // In place: its LS sequence number is now above that with which the next life begins.
    onA.announce(web(61), 'refresh');
    await onC!.heard(isWeb(61));
    onA.announce(web(62));
    await onC!.heard(isWeb(62));
    await Promise.all([a!.frr.kill('ospfd'), onA.process.kill()]);
    epoch++;
    const from = onC!.events.length;
    onA = await Flooder.spawn(a!, { forgetful: true, ...(collide ? { firstGeneration: old } : {}) });
    // In the outbox before there is a session: it goes out before ospfd has met its old LSAs.
    onA.announce(web(64));
    await a!.frr.start('ospfd');
    const full = await onA.heard((event) => event.type === 'neighbours' && event.full > 0);
    const arrival = await onC!.heard(isWeb(64), from, 60_000);
    // Where ospfd told of the old LSA some milliseconds before, the new one has gone out beside it.
    const met = generationOf((await onA.heard(isWeb(64))).event) === old ? 'on' : 'beside';
    const after = `${ms(arrival.at - full.at)} ms after the first Full`;
    console.log(`after the loss of the state directory: heard ${met} the old link state ID, ${after}`);
    await until(() => current(onC!, '10.0.0.1').join() === `${epoch}/64`, { timeoutMs: 120_000, what: 'old LSAs go' });
    await until(async () => (await databaseOf(c!, '10.0.0.1')).length === 1, { timeoutMs: 90_000 });
    expect(current(onC!, '10.0.0.1')).toEqual([`${epoch}/64`]);
  });

  it('withdraws everything when it is stopped', async () => {
    await onA!.stop();
    await until(() => current(onC!, '10.0.0.1').length === 0);
    expect(onA!.process.running).toBe(false);
  });

  it('has not crashed any ospfd', () => {
    for (const host of [a!, b!, c!]) expect(host.frr.crashed).toEqual([]);
  });

  function web(counter: number): ServiceAnnouncement {
    return { ...serviceAnnouncement(counter), sequence: { epoch, counter } };
  }

  function isWeb(counter: number): (event: TransportEvent) => boolean {
    const wanted = epoch;
    return (event) =>
      event.type === 'announcement' &&
      event.announcement.kind === 'service' &&
      event.announcement.sequence.epoch === wanted &&
      event.announcement.sequence.counter === counter;
  }
});

function lsaId(event: TransportEvent): string | undefined {
  return event.type === 'announcement' ? event.lsaId : undefined;
}

function generationOf(event: TransportEvent): number {
  return Number(lsaId(event)?.split('.')[1]);
}

function withdrawn(node: Flooder): number[] {
  return node.events.flatMap(({ event }) => (event.type === 'withdrawal' ? [event.sequence.counter] : []));
}

/** The services' announcements of this origin that stand, as epoch/counter. */
function current(node: Flooder, origin: string): string[] {
  const standing = new Map<string, string>();
  for (const { event } of node.events) {
    if (event.type === 'connected') standing.clear();
    if (event.type !== 'announcement' && event.type !== 'withdrawal') continue;
    if (event.origin !== parseRouterId(origin)) continue;
    if (event.type === 'withdrawal') standing.delete(event.lsaId);
    else if (event.announcement.kind === 'service') standing.set(event.lsaId, text(event.announcement.sequence));
  }
  return [...standing.values()];
}

function text({ epoch, counter }: Sequence): string {
  return `${epoch}/${counter}`;
}

/** The link state IDs of this router's AS-wide opaque LSAs in ospfd's own LSDB, without those with MaxAge. */
async function databaseOf(host: Host, advertisingRouter: string): Promise<string[]> {
  const text = await host.vtysh(`show ip ospf database opaque-as adv-router ${advertisingRouter}`);
  return [...text.matchAll(/LS age: (\d+)[\s\S]*?Link State ID: (\S+)/g)].flatMap(([, age, id]) =>
    Number(age) < 3600 && id !== undefined ? [id] : [],
  );
}

function ms(ns: bigint): number {
  return Math.round(Number(ns) / 1e4) / 100;
}
