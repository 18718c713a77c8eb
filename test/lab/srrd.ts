import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { CHECKOUT } from './checkout.js';
import { type RunResult, run } from './command.js';
import type { Host } from './host.js';
import { type ManagedProcess, startProcess } from './managed-process.js';
import { GiveUp, until } from './until.js';

export interface SrrdOptions {
  /** Laid over the lab's configuration, mapping by mapping. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** Definitions by service name (`name` is filled in). Absent: those of the previous start stay. */
  readonly services?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Remove what an earlier srrd of this host left in its state directory. Default false. */
  readonly forget?: boolean;
  /** A built checkout of srrd. Default: this one. */
  readonly checkout?: string;
  /** Laid over this process's environment. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** What `srrctl status --json` says; the product's promise to tools. */
export interface SrrdStatus {
  readonly node: { readonly routerId: string; readonly name: string; readonly phase: string };
  readonly ospf: { readonly connected: boolean; readonly ready: boolean };
  readonly process: { readonly version: string; readonly eventLoopDelayMs: number };
  readonly nodes: readonly { readonly routerId: string; readonly name: string; readonly reachable: boolean }[];
  readonly mixedVersions?: string;
  readonly services: readonly {
    readonly name: string;
    readonly kind: string;
    readonly group: string;
    readonly owner: string | null;
    readonly replicas: readonly SrrdReplica[];
  }[];
}

export interface SrrdReplica {
  readonly routerId: string;
  readonly config: string;
  readonly state: string;
  readonly preference: number;
  readonly claim: number;
  readonly joining: boolean;
  readonly failure: { readonly code: string; readonly reason: string } | null;
  readonly lsaId: string | null;
  readonly checkStamp: number;
}

/** A line of srrd's log. */
export interface SrrdLogLine {
  readonly level: number;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly service?: string;
  readonly msg: string;
}

/** One life of srrd on one host, and its folder, which later lives share. */
export interface Srrd extends ManagedProcess {
  readonly configFile: string;
  readonly stateDirectory: string;
  readonly socket: string;
  readonly logFile: string;
  ctl(...args: string[]): Promise<RunResult>;
  /** What `srrctl status --json` prints, without the cost of starting srrctl: tests ask often, on a busy machine. */
  status(): Promise<SrrdStatus>;
  /** What this and earlier lives have logged. */
  log(): SrrdLogLine[];
  /** Writes or replaces a definition; `signal('SIGHUP')` makes srrd read it. */
  define(name: string, definition: Readonly<Record<string, unknown>>): void;
}

export async function startSrrd(host: Host, options: SrrdOptions, previous?: Srrd): Promise<Srrd> {
  if (previous?.running) throw new Error(`srrd is already running on ${host.name}`);
  const directory = join(host.directory, 'srrd');
  const paths = {
    configFile: join(directory, 'srrd.yaml'),
    stateDirectory: join(directory, 'state'),
    socket: join(directory, 'srrd.sock'),
    logFile: join(directory, 'srrd.log'),
  };
  if (options.forget) rmSync(paths.stateDirectory, { recursive: true, force: true });
  mkdirSync(join(paths.stateDirectory, 'services'), { recursive: true, mode: 0o700 });
  if (previous === undefined || options.config !== undefined) {
    writeFileSync(paths.configFile, stringify(merge(labConfig(host, paths), options.config ?? {})), { mode: 0o600 });
  }
  const define = (name: string, definition: Readonly<Record<string, unknown>>): void => {
    const file = join(paths.stateDirectory, 'services', `${name}.yaml`);
    writeFileSync(file, stringify({ name, ...definition }), { mode: 0o600 });
  };
  for (const [name, definition] of Object.entries(options.services ?? {})) define(name, definition);

  const daemon = startProcess([join(options.checkout ?? CHECKOUT, 'bin', 'srrd'), '--config', paths.configFile], {
    namespace: host.namespace,
    logFile: paths.logFile,
    ...(options.environment === undefined ? {} : { environment: options.environment }),
  });
  const ctl = (...args: string[]): Promise<RunResult> =>
    run([join(CHECKOUT, 'bin', 'srrctl'), '--socket', paths.socket, ...args]);
  const status = (): Promise<SrrdStatus> => askStatus(paths.socket);
  // Not a copy: `running` and `pid` are getters.
  const log = (): SrrdLogLine[] => readLog(paths.logFile);
  const srrd: Srrd = Object.assign(Object.create(daemon) as ManagedProcess, { ...paths, ctl, status, log, define });
  await until(
    async () => {
      if (!daemon.running) {
        const { exitCode } = await daemon.ended;
        throw new GiveUp(`srrd on ${host.name} ended with status ${exitCode}: ${daemon.output()}`);
      }
      return status();
    },
    { what: `srrd on ${host.name} answers`, timeoutMs: 120_000 },
  );
  return srrd;
}

function askStatus(socketPath: string): Promise<SrrdStatus> {
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath, path: '/api/v1/status', agent: false, timeout: 10_000 }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('error', reject);
      response.on('end', () => {
        if (response.statusCode === 200) resolve(JSON.parse(text));
        else reject(new Error(`${socketPath} answered HTTP ${response.statusCode}: ${text}`));
      });
    });
    asked.on('timeout', () => asked.destroy(new Error(`${socketPath} did not answer in 10 s`)));
    asked.on('error', reject);
    asked.end();
  });
}

/** Without what is no log line: the message of a runtime that could not begin, or half a line of one that was killed. */
function readLog(file: string): SrrdLogLine[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line) => {
      try {
        return [JSON.parse(line)];
      } catch {
        return [];
      }
    });
}

function labConfig(host: Host, paths: { stateDirectory: string; socket: string }): Record<string, unknown> {
  return {
    node: { name: host.name },
    vty: { socketDir: host.frr.socketDirectory, configDir: join(host.directory, 'frr') },
    socket: paths.socket,
    stateDir: paths.stateDirectory,
    servicesDir: join(CHECKOUT, 'services'),
  };
}

function merge(base: Record<string, unknown>, over: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const result = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const old = result[key];
    result[key] = isMapping(old) && isMapping(value) ? merge(old, value) : value;
  }
  return result;
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
