import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserContextOptions } from 'playwright-core';
import { CHECKOUT } from '../lab/checkout.js';
import { run } from '../lab/command.js';
import { type Cluster, createCluster, type Host, startEverywhere } from '../lab/index.js';
import { openRelay, type Relay } from './relay.js';

/** A lab whose nodes have web servers that a browser on this machine reaches, with certificates of its own authority. */
export interface WebCluster {
  readonly cluster: Cluster;
  /** The beginning of a node's pages. */
  urlOf(node: Host): string;
  /** Options of a browser that shows the certificate of this role. */
  holding(role: 'viewer' | 'operator' | 'admin'): BrowserContextOptions;
  destroy(): Promise<void>;
}

const ROLES = ['viewer', 'operator', 'admin'] as const;
const PORT = 8443;

type Services = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

export async function createWebCluster(services: Services): Promise<WebCluster> {
  const cluster = await createCluster();
  const relays = new Map<Host, Relay>();
  const destroy = async (): Promise<void> => {
    await Promise.all([...relays.values()].map((relay) => relay.close()));
    await cluster.lab.destroy();
  };
  try {
    const pki = await makeCertificates(join(cluster.client.directory, 'pki'), cluster.nodes);
    for (const node of cluster.nodes) relays.set(node, await openRelay());
    await startEverywhere(cluster.nodes, (node) => ({
      config: { web: webOf(pki, node, relays) },
      services,
    }));
    await Promise.all([...relays].map(([node, relay]) => relay.lead(cluster.client, node, PORT)));
    const urlOf = (node: Host): string => `https://${relays.get(node)?.address}`;
    return {
      cluster,
      urlOf,
      destroy,
      holding: (role) => ({
        ignoreHTTPSErrors: true,
        clientCertificates: cluster.nodes.map((node) => ({
          origin: urlOf(node),
          certPath: join(pki, 'client', `${role}.crt`),
          keyPath: join(pki, 'client', `${role}.key`),
        })),
      }),
    };
  } catch (error) {
    await destroy();
    throw error;
  }
}

async function makeCertificates(folder: string, nodes: readonly Host[]): Promise<string> {
  const srrctl = (...args: string[]) => run([join(CHECKOUT, 'bin', 'srrctl'), 'pki', ...args, '--dir', folder]);
  await srrctl('init', '--name', 'lab');
  for (const node of nodes) await srrctl('server', node.name, '127.0.0.1');
  for (const role of ROLES) await srrctl('client', role, '--role', role);
  if (!readdirSync(folder).includes('ca.crt')) throw new Error(`srrctl pki made no ca.crt in ${folder}`);
  return folder;
}

/** The nodes cannot reach the relays, so their certificates are not seen: the configuration says where they are. */
function webOf(pki: string, node: Host, relays: ReadonlyMap<Host, Relay>): Record<string, unknown> {
  const file = (...path: string[]): string => join(pki, ...path);
  return {
    listen: `0.0.0.0:${PORT}`,
    advertise: relays.get(node)?.address ?? '',
    nodes: Object.fromEntries([...relays].map(([{ routerId }, { address }]) => [routerId, address])),
    tls: {
      cert: file('server', `${node.name}.crt`),
      key: file('server', `${node.name}.key`),
      ca: [file('ca.crt')],
      crl: [file('crl.pem')],
    },
    access: ROLES.map((role) => ({ subject: `OU=${role},O=lab`, role })),
  };
}
