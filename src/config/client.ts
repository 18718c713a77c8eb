import { statSync } from 'node:fs';
import { isIPv4 } from 'node:net';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { isName } from '../model/index.js';
import { ConfigurationError } from './errors.js';
import { filePath, section } from './fields.js';
import { fileProblem } from './problems.js';
import type { SocketAddress } from './web.js';
import { CONFIGURATION_LIMITS } from './yaml-document.js';
import { checkYaml, parseYaml, readText } from './yaml-file.js';

/** What srrctl must know to ask nodes over the network (docs/srrctl.md). Paths are absolute. */
export interface ClientConfiguration {
  readonly file: string;
  /** By a node's name. */
  readonly nodes: Readonly<Record<string, SocketAddress>>;
  /** PEM; null: not in this file. */
  readonly cert: string | null;
  readonly key: string | null;
  /** Of the authorities that nodes must be certified by. */
  readonly ca: readonly string[];
}

/** Reads a client file. Relative paths are relative to its folder. Throws a ConfigurationError that lists every problem. */
export function loadClientFile(path: string): ClientConfiguration {
  const file = resolve(path);
  const read = checkYaml(file, parseYaml(file, readText(file, CONFIGURATION_LIMITS), CONFIGURATION_LIMITS), schema);
  if ((statSync(file).mode & 0o002) !== 0) {
    const why = 'anybody may change it, and with it whom srrctl believes to be a node';
    throw new ConfigurationError(file, [fileProblem(`${why}: chmod o-w ${file}`)]);
  }
  const absolute = (relative: string) => resolve(dirname(file), relative);
  return {
    file,
    nodes: read.nodes,
    cert: read.cert === undefined ? null : absolute(read.cert),
    key: read.key === undefined ? null : absolute(read.key),
    ca: [read.ca].flat().map(absolute),
  };
}

/** `HOST:PORT`, an IPv4 address or a DNS name; undefined: it is none. */
export function parseHostAddress(text: string): SocketAddress | undefined {
  const [, host = '', digits = ''] = /^([^:/\s]+):([1-9]\d{0,4})$/.exec(text) ?? [];
  const port = Number(digits);
  const isHost = isIPv4(host) || (DNS_NAME.test(host) && !/^[\d.]+$/.test(host) && host.length <= 253);
  return isHost && port <= 65_535 ? { host, port } : undefined;
}

const DNS_NAME = /^(?!-)[A-Za-z0-9-]{1,63}(?<!-)(\.(?!-)[A-Za-z0-9-]{1,63}(?<!-))*$/;

const ADDRESS_EXPECTED = 'expected HOST:PORT such as 10.0.0.2:8443 or beta.example.org:8443';

const address = z.string({ error: ADDRESS_EXPECTED }).transform((value, context) => {
  const parsed = parseHostAddress(value);
  if (parsed !== undefined) return parsed;
  context.addIssue({ code: 'custom', message: ADDRESS_EXPECTED, input: value });
  return z.NEVER;
});

const NODES_EXPECTED = 'expected nodes and their addresses, such as { beta: "10.0.0.2:8443" }';

const schema = section({
  cert: filePath.optional(),
  key: filePath.optional(),
  ca: z.union([filePath, z.array(filePath)], { error: 'expected the path of a file, or a list of paths' }).default([]),
  nodes: z
    .record(z.string().refine(isName, { error: NODES_EXPECTED }), address, { error: NODES_EXPECTED })
    .nullable()
    .transform((nodes) => nodes ?? {})
    .default({}),
});
