import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CHECKOUT } from './checkout.js';
import { type Cluster, createCluster, ownerAtRest, startEverywhere } from './cluster.js';
import { run } from './command.js';
import { openDoorway, type Ports } from './doorway.js';
import type { Host } from './host.js';
import { createPki, type Holder, type Pki } from './pki.js';
import type { ProbeOptions, Reply } from './probe.js';
import { makeKeys, trustFolder } from './trust-keys.js';

/**
 * `make demo`: a web server on three nodes of two subnets, seen by a client on a third. Cuts the owner off and shows what
 * the client saw. With ONCE=1 it ends there: status 0 if the service came back. Otherwise it stays up until Ctrl-C.
 */
const SERVICE = 'WEB';
const ADDRESS = '172.16.15.128';
/** Each request over a connection of its own. The pattern is how services/nginx names the node on its page. */
const PROBE: ProbeOptions = { kind: 'http', sender: 'served by <b>([^<]+)</b>', timeoutMs: 2_000 };
const REQUESTS_PER_SECOND = 200;
const NOTICEABLE_MS = 250;
/** The longest that a timer can wait: 24 days. */
const FOR_EVER_MS = 2 ** 31 - 1;

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
  let browsing: Browsing | undefined;
  const cluster = await createCluster({
    name: 'demo',
    meanwhile: async (made) => {
      browsing = await prepareBrowsing(made);
    },
  });
  announceEnd();
  console.log(PICTURE);
  if (browsing === undefined) throw new Error('no certificates were made');
  await startWebServer(cluster, browsing);
  const { nodes, client, lab } = cluster;
  const probe = await client.probe(ADDRESS, { ...PROBE, hz: REQUESTS_PER_SECOND });
  const { sender: first } = await probe.until((reply) => reply.sender !== null, { timeoutMs: 60_000 });
  say(`${first} owns the web server: the client gets http://${ADDRESS}/ from it (${seconds(begin)} after the start)`);
  // Who has just come up is no candidate for the first 2 s.
  const owner = await ownerAtRest(nodes, SERVICE);
  say('all three nodes can own it now');

  say(`cutting ${owner.name} off: its cable is in, but no packet passes any more`);
  const cutAt = await owner.cut();
  const next = await probe.until((reply) => reply.sender !== owner.name, { since: cutAt });
  say(`${next.sender} is the new owner`);
  say(`the client got no page for ${silenceBefore(next, probe.replies()).toFixed(0)} ms`);
  await probe.stop();
  await checkBrowsing(browsing, next.sender);
  if (process.env.ONCE === '1') {
    await lab.destroy();
    return;
  }
  await owner.restore();
  await lab.converged();
  const after = await ownerAtRest(nodes, SERVICE);
  say(`${owner.name} is connected again${after === owner ? '' : ', and takes nothing back'}`);
  console.log(invitation(cluster, after));
  console.log(describeBrowsing(cluster, browsing));
  await watch(cluster);
}

async function startWebServer({ nodes }: Cluster, { web }: Browsing): Promise<void> {
  say('starting srrd on every node, with one service: nginx at a /32 that OSPF routes');
  const definition = { addresses: [ADDRESS], makefile: 'nginx/Makefile', check: { interval: '5s' } };
  // Each of them has a key, and believes nothing that the node in whose name it comes has not signed.
  await makeKeys(nodes);
  await startEverywhere(nodes, (node) => ({
    services: { [SERVICE]: definition },
    config: { web: web.get(node), trust: 'require', trustDir: trustFolder(node) },
  }));
}

/** What lets a browser on this machine look at every node. */
interface Browsing {
  readonly pki: Pki;
  readonly ports: Ports;
  readonly admin: Holder;
  /** The section `web` of each node's configuration. */
  readonly web: ReadonlyMap<Host, object>;
}

async function prepareBrowsing({ lab, nodes }: Cluster): Promise<Browsing> {
  const ports = await openDoorway(lab, nodes);
  const pki = await createPki(join(lab.directory, 'pki'));
  const web = new Map<Host, object>();
  for (const [node, port] of ports) {
    const { tls, access } = await pki.server(node.name, ['127.0.0.1', 'localhost', node.link().address]);
    const place = `127.0.0.1:${port}`;
    // One node has the list of revocations from its file, as the node with the authority would; it tells the others.
    const crl = web.size === 0 ? [join(pki.directory, 'crl.pem')] : [];
    web.set(node, { listen: place, advertise: place, tls: { ...tls, crl }, access });
  }
  return { pki, ports, web, admin: await pki.client('admin', 'admin') };
}

/** Exactly what the user is told to type. */
function curlLine({ pki, admin }: Browsing, port: number): string[] {
  const url = `https://127.0.0.1:${port}/api/v1/status`;
  return ['curl', '--cacert', pki.ca, '--cert', admin.cert, '--key', admin.key, url];
}

/** The nodes' own servers must say who serves now, and nobody may ask them without a certificate. */
async function checkBrowsing(browsing: Browsing, owner: string | null): Promise<void> {
  for (const [node, port] of browsing.ports) {
    if (node.name !== owner) continue;
    const { stdout } = await run(curlLine(browsing, port));
    const { services }: { services: { name: string; owner: string | null }[] } = JSON.parse(stdout);
    const found = services.find(({ name }) => name === SERVICE);
    if (found?.owner !== node.routerId)
      throw new Error(`${node.name} says over HTTPS that ${found?.owner} is the owner`);
    say(`${node.name} says so too, over HTTPS, to the holder of a certificate`);
  }
}

function describeBrowsing({ nodes }: Cluster, browsing: Browsing): string {
  const { pki, ports, admin } = browsing;
  const places = nodes.map((node) => `https://127.0.0.1:${ports.get(node)}/ (${node.name})`);
  const [port = 0] = ports.values();
  return `In a browser on this machine: import ${admin.pkcs12} as your certificate,
and, to be spared the warning, ${pki.ca} as an authority.

  the pages               ${places.join('  ')}
  your certificate        ${admin.pkcs12}
  its password            ${admin.password}
  without a browser       ${curlLine(browsing, port).join(' ')}
  take it away again      ${join(CHECKOUT, 'bin', 'srrctl')} pki revoke admin --dir ${pki.directory}
`;
}

/** Tells, as long as the process lives, who serves the client, and how long nobody did. */
async function watch({ client }: Cluster): Promise<void> {
  const probe = await client.probe(ADDRESS, { ...PROBE, hz: 20 });
  let last: Reply | undefined;
  const tell = (reply: Reply): void => {
    const silent = last === undefined ? 0 : received(reply) - received(last);
    if (last === undefined) say(`the client is served by ${reply.sender}`);
    else if (reply.sender !== last.sender || silent > NOTICEABLE_MS)
      say(`the client is served by ${reply.sender}, after ${silent.toFixed(0)} ms without a page`);
    last = reply;
  };
  await probe.until(
    (reply) => {
      tell(reply);
      return false;
    },
    { timeoutMs: FOR_EVER_MS },
  );
}

/**
 * How long no page had arrived when this one did, in ms. Counted between arrivals: a connection that was begun during the
 * outage may be answered a second later, when TCP tries again, long after others were.
 */
function silenceBefore(page: Reply, replies: readonly Reply[]): number {
  const earlier = replies.filter((reply) => reply.receivedAt !== null && received(reply) < received(page));
  return received(page) - Math.max(...earlier.map(received));
}

/** In ms. */
function received({ receivedAt }: Reply): number {
  return Number(receivedAt) / 1e6;
}

function invitation({ nodes, client }: Cluster, owner: Host): string {
  const srrctl = (node: Host) => `${join(CHECKOUT, 'bin', 'srrctl')} --socket ${node.srrd.socket}`;
  const other = nodes.find((node) => node !== owner) ?? owner;
  return `
It stays up until Ctrl-C, and tells here whom the client is served by. Try, in another terminal:

  fetch the page          ip netns exec ${client.namespace} curl -s http://${ADDRESS}/
  who owns what           ${srrctl(owner)} status
  move it to ${other.name}            ${srrctl(owner)} service move ${SERVICE} ${other.name}
  empty a node            ${srrctl(other)} node standby              (and "node unstandby")
  pull ${owner.name}'s cable          ip -n ${owner.namespace} link set eth0 down     (and "up")
  kill ${owner.name}'s srrd           kill -9 ${owner.srrd.pid}
  and start it again      ip netns exec ${owner.namespace} ${join(CHECKOUT, 'bin', 'srrd')} --config ${owner.srrd.configFile}
  ask FRR                 vtysh --vty_socket ${owner.frr.socketDirectory} -c 'show ip ospf neighbor'
  logs and files          ls ${owner.directory}/*
`;
}

/** The lab's own handlers of these signals clear everything away, and end the process. */
function announceEnd(): void {
  const tell = () => say('clearing everything away');
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.prependOnceListener(signal, tell);
}

function seconds(since: number): string {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}

function say(text: string): void {
  console.log(`demo: ${text}`);
}
