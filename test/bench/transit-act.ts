import { createLab, ECHO_MAKEFILE, type Host, type Lab, type Probe, startEverywhere, until } from '../lab/index.js';
import { answeredFor, outcome } from './cluster-act.js';
import type { Run } from './measurement.js';
import type { Act } from './stage.js';

const SERVICE = 'ECHO';
const ADDRESS = '172.16.15.1';

/** An owner and a client, with three routers between them, of which the middle one has a substitute. */
export interface TransitWorld {
  readonly lab: Lab;
  readonly transit: Host;
  readonly access: Host;
  readonly owner: Host;
  readonly client: Host;
  readonly nodes: readonly Host[];
}

export async function buildTransitWorld(): Promise<TransitWorld> {
  const lab = await createLab({ name: 'transit' });
  try {
    const outside = lab.subnet('outside', '10.1.1.0/24');
    const inside = lab.subnet('inside', '10.1.2.0/24');
    const wire = (name: string, number: number) => lab.subnet(name, `10.1.${number}.0/24`, { pointToPoint: true });
    const [out1, out2, in1, in2] = [wire('out1', 11), wire('out2', 12), wire('in1', 21), wire('in2', 22)];
    const access = await lab.router('access', { subnets: [outside, out1, out2] });
    const home = await lab.router('home', { subnets: [inside, in1, in2] });
    const transit = await lab.router('t1', { subnets: [out1, in1] });
    await lab.router('t2', { subnets: [out2, in2] });
    const other = await lab.node('other', { subnets: [outside], routerId: '10.0.1.1', priority: 0 });
    const owner = await lab.node('owner', { subnets: [inside], routerId: '10.0.1.2', priority: 0 });
    const client = await lab.client('client', { subnet: outside, via: access });
    // Both ways lead through t1 as long as it lives.
    await cheapen(access, out1.name);
    await cheapen(home, in1.name);
    await lab.converged();
    const nodes = [other, owner];
    for (const node of nodes) node.answerAt(ADDRESS);
    await startEverywhere(nodes, (node) => ({
      services: {
        [SERVICE]: { addresses: [ADDRESS], makefile: ECHO_MAKEFILE, preference: node === owner ? 200 : 100 },
      },
    }));
    return { lab, transit, access, owner, client, nodes };
  } catch (error) {
    await lab.destroy();
    throw error;
  }
}

/** The run's value is the outage when the router dies; what its return costs is told beside it. */
export function transitRouterDies(): Act<TransitWorld> {
  let probe: Probe | undefined;
  return {
    id: 'transit',
    title: 'transit router dies and returns',
    value: 'outage',
    runs: 3,
    secondsPerRun: 6,
    targets: [],
    prepare: async ({ client, owner }) => {
      probe = await client.probe(ADDRESS);
      await answeredFor(probe, owner, 2_000);
    },
    run: async (world) => {
      if (probe === undefined) throw new Error('not prepared');
      return dieAndReturn(world, probe);
    },
    finish: async () => {
      if (probe === undefined) return [];
      await probe.stop();
      return [probe.file];
    },
  };
}

async function dieAndReturn({ lab, transit, access, owner }: TransitWorld, probe: Probe): Promise<Run> {
  await until(async () => (await gateway(access)) === transit.links[0]?.address, { what: 't1 is on the way' });
  await answeredFor(probe, owner, 100);
  const diedAt = await transit.cut();
  await until(async () => (await gateway(access)) !== transit.links[0]?.address, { what: 't2 is on the way' });
  await answeredFor(probe, owner, 500);
  const died = await outcome(probe, diedAt, owner.name);
  const returnedAt = process.hrtime.bigint();
  await transit.restore();
  await lab.converged();
  await answeredFor(probe, owner, 500);
  const returned = await outcome(probe, returnedAt, owner.name);
  return {
    value: died.longestMs,
    phases: {},
    lost: died.lost + returned.lost,
    more: { outageOnReturnMs: returned.longestMs },
  };
}

async function cheapen(router: Host, subnet: string): Promise<void> {
  const link = router.links.find((each) => each.subnet.name === subnet);
  await router.vtysh(['configure terminal', `interface ${link?.interface}`, 'ip ospf cost 1']);
}

/** Where its kernel sends packets for the service next. */
async function gateway(host: Host): Promise<string | undefined> {
  const { stdout } = await host.exec(['ip', '-json', 'route', 'get', ADDRESS]);
  const [route]: { gateway?: string }[] = JSON.parse(stdout);
  return route?.gateway;
}
