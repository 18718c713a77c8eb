import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CHECKOUT } from './checkout.js';
import { agreedOwner, type Cluster, createCluster, startEverywhere } from './cluster.js';
import type { Host } from './host.js';
import type { Outage } from './probe.js';

/**
 * `make demo`: a web server on three nodes of two subnets, seen by a client on a third. Cuts the owner off and shows what
 * the client saw. With ONCE=1 it ends there: status 0 if the service came back. Otherwise it stays up until Ctrl-C.
 */
const SERVICE = 'WEB';
const ADDRESS = '172.16.15.128';
/** How services/nginx names the node on its page. */
const SENDER = 'served by <b>([^<]+)</b>';
const REQUESTS_PER_SECOND = 200;

const PICTURE = `
     a        b                       c             nodes: FRRouting and srrd
     |        |                       |
   --+--------+--+-----+--          --+--+-----+--
     10.1.1.0/24 |     |     10.1.2.0/24 |     |
                 r1    |                 r1    |    two routers: FRRouting,
                 |     r2                |     r2   each with a leg in all three subnets
               --+-----+--- 10.1.3.0/24 ---+--
                                           |
                                         client     a plain host, its way out is r1
`;

await demo().catch((error: unknown) => {
  console.error(`demo: ${error instanceof Error ? error.message : String(error)}`);
  // The lab's handler of this process's end clears everything away.
  process.exit(1);
});

async function demo(): Promise<void> {
  const begin = performance.now();
  if (!existsSync(join(CHECKOUT, 'dist', 'cli')))
    throw new Error('srrd is not built: run "make demo", which builds it');
  say('making three nodes, two routers and a client, each with a network of its own');
  const cluster = await createCluster({ name: 'demo' });
  console.log(PICTURE);
  await startWebServer(cluster);
  const { nodes, client, lab } = cluster;
  const owner = nodeNamed(nodes, await agreedOwner(nodes, SERVICE, nodes, undefined, { timeoutMs: 60_000 }));
  const probe = await client.probe(ADDRESS, {
    kind: 'http',
    hz: REQUESTS_PER_SECOND,
    sender: SENDER,
    timeoutMs: 2_000,
  });
  await probe.until((reply) => reply.sender === owner.name);
  say(
    `${owner.name} owns the web server: the client gets http://${ADDRESS}/ from it (${seconds(begin)} after the start)`,
  );

  say(`cutting ${owner.name} off: its cable is in, but no packet passes any more`);
  const cutAt = await owner.cut();
  const next = await probe.until((reply) => reply.sender !== owner.name, { since: cutAt });
  await probe.stop();
  const outage = probe.outages().find((each) => each.to !== null && each.to >= cutAt);
  say(`${next.sender} is the new owner`);
  say(`the client was without the web server for ${outageText(outage)}`);
  if (process.env.ONCE === '1') {
    await lab.destroy();
    return;
  }
  await owner.restore();
  await lab.converged();
  await agreedOwner(nodes, SERVICE, nodes);
  say(`${owner.name} is connected again, and takes nothing back`);
  console.log(invitation(cluster));
  await watch(cluster);
}

async function startWebServer({ nodes }: Cluster): Promise<void> {
  say('starting srrd on every node, with one service: nginx at a /32 that OSPF routes');
  const definition = { addresses: [ADDRESS], makefile: 'nginx/Makefile', check: { interval: '5s' } };
  await startEverywhere(nodes, { services: { [SERVICE]: definition } });
}

/** Says every change of owner, as the client sees it. Never ends: Ctrl-C does. */
async function watch({ client }: Cluster): Promise<never> {
  let last: string | null = null;
  const probe = await client.probe(ADDRESS, { kind: 'http', hz: 20, sender: SENDER, timeoutMs: 2_000 });
  for (;;) {
    const reply = await probe.until((each) => each.sender !== last, { timeoutMs: 2 ** 31 - 1 });
    say(`the client is served by ${reply.sender}`);
    last = reply.sender;
  }
}

function outageText(outage: Outage | undefined): string {
  // Between two answers lies one interval at least: that much can never be told apart.
  if (outage === undefined) return `less than ${1000 / REQUESTS_PER_SECOND} ms`;
  return `${outage.durationMs.toFixed(0)} ms (${outage.lost} of its requests were lost)`;
}

function invitation({ lab, nodes, client }: Cluster): string {
  const srrctl = join(CHECKOUT, 'bin', 'srrctl');
  const lines = nodes.map(
    (node) => `  ${node.name} (${node.routerId}):  ${srrctl} --socket ${node.srrd.socket} status`,
  );
  const [first] = nodes;
  return `
It stays up until Ctrl-C. Try, in another terminal:
${lines.join('\n')}
  fetch the page:       ip netns exec ${client.namespace} curl http://${ADDRESS}/
  move it to b:         ${srrctl} --socket ${first?.srrd.socket} service move ${SERVICE} b
  pull a's cable:       ip -n ${first?.namespace} link set eth0 down    (and "up")
  logs and files:       ${lab.directory}
`;
}

function nodeNamed(nodes: readonly Host[], name: string): Host {
  const found = nodes.find((node) => node.name === name);
  if (found === undefined) throw new Error(`the owner "${name}" is none of the nodes`);
  return found;
}

function seconds(since: number): string {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}

function say(text: string): void {
  console.log(`demo: ${text}`);
}
