import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ClientConfiguration } from '../config/index.js';
import { atSocket, type Credentials, type DaemonAddress, type WebServerOfDaemon } from './daemon-address.js';
import { UsageError } from './exit.js';

/** Which daemon is to be asked, and as whom: what the command line says. */
export interface DaemonOptions {
  readonly socket?: string;
  readonly node?: string;
  readonly url?: string;
  /** The client file; undefined: one of DEFAULT_FILES. */
  readonly client?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly ca?: string;
}

/** A node as another one tells of it. */
export interface ToldNode {
  readonly name: string;
  readonly routerId: string;
  /** `HOST:PORT`; null: it tells of none. */
  readonly web: string | null;
}

const DEFAULT_SOCKET = '/run/srrd/srrd.sock';

/** The first that is there counts. */
const DEFAULT_FILES = () => [
  join(process.env.XDG_CONFIG_HOME || join(process.env.HOME ?? '/nonexistent', '.config'), 'srrctl.yaml'),
  '/etc/srrd/srrctl.yaml',
];

/** Only what asks over the network reads files, and loads what they need. */
const modules = () => Promise.all([import('../config/index.js'), import('./credentials.js')]);

export function isRemote({ node, url }: DaemonOptions): boolean {
  return node !== undefined || url !== undefined;
}

/** Throws a UsageError if that cannot be said. */
export async function chosenDaemon(options: DaemonOptions): Promise<DaemonAddress> {
  const { socket, node, url } = options;
  const given = [socket, node, url].filter((each) => each !== undefined).length;
  if (given > 1) throw new UsageError('expected one of --socket, --node and --url, got several');
  if (url !== undefined) return atUrl(url, await credentialsFor(options, await clientFile(options)));
  if (node === undefined) return atSocket(socket ?? DEFAULT_SOCKET);
  const client = await clientFile(options);
  const address = addressOf(client, node);
  if (client !== null && address !== undefined) {
    const credentials = await credentialsFor(options, client);
    return { kind: 'web', ...address, node: { name: node, routerId: null }, isHostGiven: true, credentials };
  }
  const names = Object.keys(client?.nodes ?? {}).join(', ');
  const known = client === null ? noFile() : `${client.file} has ${names === '' ? 'no nodes' : names}`;
  throw new UsageError(`--node ${node}: expected a node of the client file: ${known}. Or say where it is: --url`);
}

/** Another node, of which one that we believe tells. The client file knows better where it is. */
export async function toldDaemon(options: DaemonOptions, node: ToldNode): Promise<WebServerOfDaemon> {
  const client = await clientFile(options);
  const [{ parseHostAddress }] = await modules();
  const known = addressOf(client, node.name) ?? addressOf(client, node.routerId);
  const address = known ?? parseHostAddress(node.web ?? '');
  if (address === undefined) {
    const where = client?.file ?? 'a client file';
    throw new UsageError(
      `${node.name} tells of no web server: give it web.listen and web.tls (docs/web.md), or write its address into ${where}`,
    );
  }
  const { name, routerId } = node;
  const credentials = await credentialsFor(options, client);
  return { kind: 'web', ...address, node: { name, routerId }, isHostGiven: known !== undefined, credentials };
}

/** A node may call itself by a word that every object has. */
function addressOf(client: ClientConfiguration | null, node: string): ClientConfiguration['nodes'][string] | undefined {
  return client !== null && Object.hasOwn(client.nodes, node) ? client.nodes[node] : undefined;
}

/** The names in the client file; none if there is none that can be read. */
export async function knownNodes(options: DaemonOptions): Promise<readonly string[]> {
  try {
    return Object.keys((await clientFile(options))?.nodes ?? {});
  } catch {
    return [];
  }
}

async function clientFile({ client }: DaemonOptions): Promise<ClientConfiguration | null> {
  const file = client ?? DEFAULT_FILES().find((each) => existsSync(each));
  if (file === undefined) return null;
  const [{ loadClientFile, ConfigurationError }] = await modules();
  try {
    return loadClientFile(file);
  } catch (error) {
    if (error instanceof ConfigurationError) throw new UsageError(error.message);
    throw error;
  }
}

async function credentialsFor(options: DaemonOptions, client: ClientConfiguration | null): Promise<Credentials> {
  const cert = options.cert ?? client?.cert ?? null;
  const key = options.key ?? client?.key ?? null;
  const ca = options.ca === undefined ? (client?.ca ?? []) : [options.ca];
  const missing = [
    ...(cert === null ? ['cert'] : []),
    ...(key === null ? ['key'] : []),
    ...(ca.length === 0 ? ['ca'] : []),
  ];
  if (cert !== null && key !== null && missing.length === 0) {
    const [, { readCredentials }] = await modules();
    return readCredentials({ cert, key, ca }, Date.now());
  }
  const where = client === null ? noFile() : `${client.file} says nothing of it`;
  throw new UsageError(
    `to ask a node over the network, expected ${missing.join(', ')}: ${where}. Give --${missing.join(', --')}`,
  );
}

function noFile(): string {
  return `there is neither ${DEFAULT_FILES().join(' nor ')}`;
}

async function atUrl(url: string, credentials: Credentials): Promise<DaemonAddress> {
  const [{ parseHostAddress }] = await modules();
  const [, text = ''] = /^https:\/\/([^/?#@]+)\/?$/.exec(url) ?? [];
  const address = parseHostAddress(text.includes(':') ? text : `${text}:443`);
  if (address !== undefined) return { kind: 'web', ...address, node: null, isHostGiven: true, credentials };
  throw new UsageError(`--url: expected https://HOST:PORT such as https://10.0.0.2:8443, got ${url}`);
}
