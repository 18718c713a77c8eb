import { hostname } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { z } from 'zod';
import { isName, NAME_EXPECTED, parseRouterId, type RemoteCommandRules, type RouteWay } from '../model/index.js';
import { type AlertConfiguration, alertConfigurations, alertsSection } from './alerts.js';
import { ConfigurationError } from './errors.js';
import { duration, filePath, ipv4, name, oneOf, port, section, socketAddress, text } from './fields.js';
import { remoteCommandsSection } from './remote-commands.js';
import { DIRECTLY, type Sources } from './sources.js';
import { trustProblem } from './trust.js';
import { type SocketAddress, type WebConfiguration, webConfiguration, webSection } from './web.js';
import { CONFIGURATION_LIMITS } from './yaml-document.js';
import { checkYaml, readText } from './yaml-file.js';

/** How to reach the VTY of one FRR daemon. */
export type VtyEndpoint =
  | {
      readonly kind: 'tcp';
      readonly host: string;
      readonly port: number;
      readonly password: string;
      readonly enablePassword: string;
    }
  | { readonly kind: 'unix'; readonly path: string };

/** docs/configuration.md describes each key. All paths are absolute, all durations milliseconds. */
export interface Configuration {
  readonly cluster: string;
  readonly node: { readonly name: string };
  readonly ospf: { readonly host: string; readonly port: number };
  readonly vty: {
    readonly socketDir: string;
    /** Where FRR's own files are; only the doctor reads them. */
    readonly configDir: string;
    readonly zebra: VtyEndpoint;
    readonly ospfd: VtyEndpoint;
    /** From FRR 10; its socket does not exist on older ones. */
    readonly mgmtd: VtyEndpoint;
  };
  readonly web: WebConfiguration | null;
  readonly alerts: readonly AlertConfiguration[];
  /** A listener for metrics alone; null: there is none. */
  readonly metrics: { readonly listen: SocketAddress } | null;
  readonly socket: string;
  readonly stateDir: string;
  readonly servicesDir: string;
  readonly timing: {
    readonly joinHoldMs: number;
    readonly stampRefreshMs: number;
    /** A whole number of seconds, because the kernel counts leases in seconds. */
    readonly aliasLeaseMs: number;
    readonly recallDelayMs: number;
  };
  readonly onIsolation: 'stop' | 'keep';
  readonly remoteCommands: RemoteCommandRules;
  /** Whether this node proves what it says, and believes only what is proven (docs/trust.md). */
  readonly trust: 'off' | 'sign' | 'require';
  /** Where the keys for that are. */
  readonly trustDir: string;
  /** How addresses are announced; `auto`: by their number. */
  readonly announce: 'auto' | RouteWay;
}

/**
 * Reads the daemon's configuration and fills in all defaults; a file holding `{}`, or nothing, is right. Relative paths
 * are relative to the file's folder. Throws a ConfigurationError that lists every problem.
 */
export function loadConfiguration(path: string, sources: Sources = DIRECTLY): Configuration {
  const file = resolve(path);
  const source = sources.parse(file, readText(file, CONFIGURATION_LIMITS, sources.bytes), CONFIGURATION_LIMITS);
  const problem = trustProblem(file, undefined, undefined, sources.look);
  if (problem !== null) throw new ConfigurationError(file, [problem]);
  const read = checkYaml(file, source, schema);
  for (const { command } of read.alerts) {
    const changeable =
      command === undefined ? null : trustProblem(command[0] ?? '', undefined, undefined, sources.look);
    if (changeable !== null) throw new ConfigurationError(file, [`alerts: ${changeable}`]);
  }
  return withDefaults(file, read);
}

/** What a file that holds `{}` says. Throws a ConfigurationError if the host has no name that a node can have. */
export function defaultConfiguration(): Configuration {
  return withDefaults('/etc/srrd/srrd.yaml', schema.parse({}));
}

function withDefaults(file: string, read: z.output<typeof schema>): Configuration {
  const absolute = (relative: string) => resolve(dirname(file), relative);
  const socketDir = absolute(read.vty.socketDir);
  return {
    ...read,
    node: { name: read.node.name ?? ownHostName(file) },
    vty: {
      socketDir,
      configDir: absolute(read.vty.configDir),
      zebra: endpoint(read.vty.zebra, 2601, join(socketDir, 'zebra.vty')),
      ospfd: endpoint(read.vty.ospfd, 2604, join(socketDir, 'ospfd.vty')),
      mgmtd: endpoint(read.vty.mgmtd, 2623, join(socketDir, 'mgmtd.vty')),
    },
    metrics: read.metrics ?? null,
    alerts: alertConfigurations(read.alerts, absolute),
    web: read.web === undefined ? null : webConfiguration(read.web, absolute),
    socket: absolute(read.socket),
    stateDir: absolute(read.stateDir),
    servicesDir: absolute(read.servicesDir),
    trustDir: absolute(read.trustDir),
  };
}

const host = ipv4.default('127.0.0.1');
const password = text('text, in quotes if it looks like a number', (value) => value !== '');

/** Without a password FRR refuses logins over TCP, therefore host and port make no sense without one. */
const vtyEndpoint = section({
  host: ipv4.optional(),
  port: port.optional(),
  password: password.optional(),
  enablePassword: password.optional(),
})
  .refine((entry) => entry.password !== undefined || Object.values(entry).every((value) => value === undefined), {
    error: 'expected a password, because the UNIX socket is used without one and takes no other key',
  })
  .prefault({});

/** `ip` and the kernel take whole seconds; the lease is renewed each second. */
const aliasLease = duration('1s').refine((ms) => ms % 1000 === 0 && ms >= 2000, {
  error: 'expected whole seconds, 2s or more',
});

/** Nobody else on the network, unless told otherwise. */
const METRICS_LISTEN = { host: '127.0.0.1', port: 9763 };

const schema = section({
  cluster: name.default('default'),
  node: section({
    name: name.refine(isNoQuad, { error: 'expected a name that is not a router ID' }).optional(),
  }).prefault({}),
  ospf: section({ host, port: port.default(2607) }).prefault({}),
  vty: section({
    socketDir: filePath.default('/var/run/frr'),
    configDir: filePath.default('/etc/frr'),
    zebra: vtyEndpoint,
    ospfd: vtyEndpoint,
    mgmtd: vtyEndpoint,
  }).prefault({}),
  web: webSection.optional(),
  alerts: alertsSection.default([]),
  metrics: section({ listen: socketAddress.default(METRICS_LISTEN) }).optional(),
  // The kernel's limit for the path of a UNIX socket: sun_path has 108 bytes with its NUL (unix(7)).
  socket: text('a path of at most 107 bytes', (path) => path !== '' && Buffer.byteLength(path) <= 107).default(
    '/run/srrd/srrd.sock',
  ),
  stateDir: filePath.default('/var/lib/srrd'),
  servicesDir: filePath.default('/etc/srrd/services'),
  timing: section({
    joinHold: duration().default(2000),
    stampRefresh: duration('1s').default(30_000),
    aliasLease: aliasLease.default(3000),
    recallDelay: duration('10ms').default(1000),
  })
    .prefault({})
    .transform(({ joinHold, stampRefresh, aliasLease, recallDelay }) => ({
      joinHoldMs: joinHold,
      stampRefreshMs: stampRefresh,
      aliasLeaseMs: aliasLease,
      recallDelayMs: recallDelay,
    })),
  onIsolation: oneOf(['stop', 'keep']).default('stop'),
  remoteCommands: remoteCommandsSection,
  trust: oneOf(['off', 'sign', 'require']).default('off'),
  trustDir: filePath.default('/etc/srrd/trust'),
  announce: oneOf(['auto', 'stub', 'external']).default('auto'),
});

function endpoint(entry: z.output<typeof vtyEndpoint>, defaultPort: number, path: string): VtyEndpoint {
  if (entry.password === undefined) return { kind: 'unix', path };
  return {
    kind: 'tcp',
    host: entry.host ?? '127.0.0.1',
    port: entry.port ?? defaultPort,
    password: entry.password,
    enablePassword: entry.enablePassword ?? entry.password,
  };
}

function ownHostName(file: string): string {
  const own = hostname();
  if (isName(own) && isNoQuad(own)) return own;
  throw new ConfigurationError(file, [
    `node.name: expected a name, because the host name '${own}' is not ${NAME_EXPECTED}`,
  ]);
}

/** Commands take a node's name or its router ID: they must be told apart. */
function isNoQuad(text: string): boolean {
  return parseRouterId(text) === undefined;
}
