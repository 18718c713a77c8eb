import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  agreedOwner,
  createLab,
  ECHO_MAKEFILE,
  type Host,
  type Lab,
  ownerAtRest,
  startEverywhere,
  until,
  WITHOUT_BFD_MS,
} from './index.js';

const SERVICE = 'ECHO';
const ADDRESS = '172.16.15.1';

describe('an owner and a client with three routers between them', () => {
  let lab: Lab;
  let t1: Host;
  let t2: Host;
  let access: Host;
  let home: Host;
  let owner: Host;
  let nodes: readonly Host[];
  let client: Host;

  beforeAll(async () => {
    lab = await createLab({ name: 'transit' });
    // Routers are DR where nodes are, or the loss of a node would tear its subnet apart.
    const outside = lab.subnet('outside', '10.1.1.0/24');
    const inside = lab.subnet('inside', '10.1.2.0/24');
    const wire = (name: string, number: number) => lab.subnet(name, `10.1.${number}.0/24`, { pointToPoint: true });
    const [out1, out2, in1, in2] = [wire('out1', 11), wire('out2', 12), wire('in1', 21), wire('in2', 22)];
    access = await lab.router('access', { subnets: [outside, out1, out2] });
    home = await lab.router('home', { subnets: [inside, in1, in2] });
    t1 = await lab.router('t1', { subnets: [out1, in1] });
    t2 = await lab.router('t2', { subnets: [out2, in2] });
    const other = await lab.node('other', { subnets: [outside], routerId: '10.0.1.1', priority: 0 });
    owner = await lab.node('owner', { subnets: [inside], routerId: '10.0.1.2', priority: 0 });
    nodes = [other, owner];
    client = await lab.client('client', { subnet: outside, via: access });
    // Both ways lead through t1 as long as it lives.
    await cheapen(access, out1.name);
    await cheapen(home, in1.name);
    await lab.converged();
    for (const node of nodes) node.answerAt(ADDRESS);
    await startEverywhere(nodes, (node) => {
      const definition = { addresses: [ADDRESS], makefile: ECHO_MAKEFILE, preference: node === owner ? 200 : 100 };
      return { services: { [SERVICE]: definition } };
    });
    await agreedOwner(nodes, SERVICE, nodes, owner);
  });

  afterAll(() => lab?.destroy());

  it('notice the death of a transit router for a moment, and the service stays where it is', async () => {
    expect((await ownerAtRest(nodes, SERVICE)).name).toBe('owner');
    await until(async () => (await gateway(access, ADDRESS)) === t1.links[0]?.address, { what: 't1 is on the way' });
    expect(await gateway(home, client.link().address)).toBe(t1.links[1]?.address);

    const probe = await client.probe(ADDRESS);
    await probe.until(({ sender }) => sender === 'owner');
    const diedAt = await t1.cut();
    await until(async () => (await gateway(access, ADDRESS)) === t2.links[0]?.address, { what: 't2 is on the way' });
    const since = process.hrtime.bigint();
    await probe.until(({ sender, sentAt }) => sender === 'owner' && sentAt > since);
    await lab.converged();
    expect((await ownerAtRest(nodes, SERVICE)).name).toBe('owner');
    const replies = await probe.stop();

    const outages = probe.outages().filter(({ from }) => from >= diedAt);
    console.log(`transit router died: ${outages.map(({ durationMs }) => durationMs.toFixed(0)).join(' + ')} ms`);
    // It was on the way, so something was lost. And nobody else ever answered.
    expect(outages.length).toBeGreaterThan(0);
    for (const { durationMs } of outages) expect(durationMs).toBeLessThan(WITHOUT_BFD_MS);
    expect(new Set(replies.flatMap(({ sender }) => sender ?? []))).toEqual(new Set(['owner']));
  });
});

async function cheapen(router: Host, subnet: string): Promise<void> {
  const link = router.links.find((each) => each.subnet.name === subnet);
  await router.vtysh(['configure terminal', `interface ${link?.interface}`, 'ip ospf cost 1']);
}

/** Where the kernel sends packets for this address next. */
async function gateway(host: Host, address: string): Promise<string | undefined> {
  const { stdout } = await host.exec(['ip', '-json', 'route', 'get', address]);
  const [route]: { gateway?: string }[] = JSON.parse(stdout);
  return route?.gateway;
}
