import { join } from 'node:path';
import type { Logger } from 'pino';
import {
  type Configuration,
  ConfigurationError,
  definitionPath,
  definitionsFolder,
  loadDefinitionsInTurns,
  type ParsedFiles,
  readableSecrets,
  StateStore,
  setEnabled,
} from '../config/index.js';
import { EventLog } from '../events/index.js';
import { ForeignFiles, lockStateDir, type StateLock } from '../files/index.js';
import { buildServer, LOCAL, listenOnSocket, prepareWeb, runInThread, type WebServer } from '../http/index.js';
import { Meters } from '../metrics/index.js';
import { type NotifySocket, notifySocket, Supervision } from '../systemd/index.js';
import { createAlerts } from './alerts.js';
import { apiPorts, PAGES } from './api-ports.js';
import { Certificates } from './certificates.js';
import { DefinitionReader } from './definition-reader.js';
import { DefinitionTexts } from './definition-texts.js';
import { assemble, type Modules } from './modules.js';
import { withoutRoom } from './no-room.js';
import { openTrust } from './node-trust.js';
import { beOnlyOne, type OnlyOne } from './only-one.js';
import { ConfigurationFile } from './reload.js';
import { Shutdown, type ShutdownResult } from './shutdown.js';
import { shutdownLimitMs } from './shutdown-limit.js';
import type { SignalTarget } from './signals.js';
import { statusLine } from './status-line.js';

/** What remains to be done when everything is stopped: closing connections and files. */
const CLOSE_WITHIN_MS = 10_000;

/** Node can wait for its own children only. */
const WITHOUT_INIT =
  'srrd is process 1, and what services leave behind will stay as zombies: run it below an init (docker run --init, tini -- srrd …)';

export interface StartOptions {
  readonly configuration: Configuration;
  readonly configFile: string;
  readonly softwareVersion: string;
  readonly log: Logger;
}

export interface RunningDaemon extends SignalTarget {
  /** When nothing of the daemon is left but this process. */
  readonly ended: Promise<ShutdownResult>;
}

/** Starts in the order that docs/architecture.md gives. Throws what keeps it from starting; nothing is left then. */
export async function startDaemon(options: StartOptions): Promise<RunningDaemon> {
  const { stateDir, ospf } = options.configuration;
  const state = lockStateDir(stateDir);
  let ospfd: OnlyOne | undefined;
  const lock: StateLock = {
    release: () => {
      ospfd?.release();
      state.release();
    },
  };
  try {
    // Before anything of an earlier life is removed: it could be the other one's.
    ospfd = await beOnlyOne(ospf.port, (text) => options.log.warn(text));
    return await startLocked(options, lock);
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function startLocked(options: StartOptions, lock: StateLock): Promise<RunningDaemon> {
  const { configuration, softwareVersion, log } = options;
  const { stateDir, servicesDir } = configuration;
  const systemd = notifySocket();
  log.info(
    { version: softwareVersion, pid: process.pid },
    `srrd ${softwareVersion} starts on ${configuration.node.name}`,
  );

  const readable = readableSecrets(options.configFile, configuration);
  if (readable !== null) log.warn(readable);
  if (process.pid === 1) log.warn(WITHOUT_INIT);

  const { web: webConfiguration, metrics } = configuration;
  const preparedWeb =
    webConfiguration === null && metrics === null
      ? null
      : prepareWeb({
          configFile: options.configFile,
          web: webConfiguration,
          metrics: metrics?.listen ?? null,
          pages: PAGES,
          log,
          run: runInThread(),
        });
  const store = new StateStore(stateDir, (text) => log.warn(text));
  const events = await EventLog.open({ folder: join(stateDir, 'events'), warn: (text) => log.warn(text) });
  const meters = new Meters();
  events.listen((event) => meters.happened(event));
  const alerts = createAlerts(configuration, () => modules.engine.state, log);
  if (alerts !== null) events.listen((event) => alerts.heard(event));
  const parsed: ParsedFiles = new Map();
  const files = new ForeignFiles();
  const trust = openTrust(configuration, log);
  const persistedServices = store.loadServices();
  const definitions: DefinitionReader = new DefinitionReader(
    {
      load: () => loadDefinitionsInTurns(stateDir, servicesDir, new Map(), parsed, files),
      apply: (inForce, operator) =>
        modules.loop.push({
          type: 'configure',
          definitions: inForce,
          ...(operator === undefined ? {} : { operator }),
        }),
      self: () => modules.engine.state.self,
      happened: (happening) => events.append(happening),
      notStopped: [...persistedServices].filter(([, { notStopped }]) => notStopped).map(([service]) => service),
      log,
    },
    definitionsFolder(stateDir),
  );
  let supervision: Supervision | undefined;
  const shutdown: Shutdown = new Shutdown({
    begin: () => {
      supervision?.ending(shutdownLimitMs(definitions.current) + CLOSE_WITHIN_MS);
      modules.loop.push({ type: 'shutdown' });
    },
    waitingFor: () => modules.notStopped(),
    limitMs: () => shutdownLimitMs(definitions.current),
    log,
  });
  let changed = () => {};
  const modules = assemble({
    ...options,
    store,
    files,
    trust: trust.trust,
    finished: () => shutdown.finished(),
    setEnabled: (service, enabled) => {
      void writeEnabled(stateDir, { service, enabled }, files, log).then(() => definitions.reread());
    },
    happened: (happening) => events.append(happening),
    meters,
    handled: () => {
      changed();
      supervision?.changed();
    },
  });
  const initial = await definitions.read();
  await clearLeftovers(
    modules,
    initial.flatMap(({ addresses }) => addresses),
    log,
  );

  const certificates = new Certificates({
    ...{ stateDir, files, engine: modules.engine, log },
    emit: (event) => modules.loop.push(event),
  });
  const file = new ConfigurationFile({
    ...{ configFile: options.configFile, started: configuration, trust, files, log },
    heard: () => othersHeard(modules.engine.statusHead()),
    trustChanged: () => modules.transport.trustChanged(),
    settings: (settings) => modules.loop.push({ type: 'settings', settings }),
    changed: () => changed(),
  });
  const backend = apiPorts(modules, {
    ...options,
    shutdown,
    events,
    meters,
    alerts,
    pki: certificates,
    parsed,
    files,
    definitions,
    trust: trust.trust,
    noRoom: () => store.noRoom(),
    configurationProblems: () => file.problems,
  });
  changed = backend.changed;
  const api = buildServer(backend.ports, { identify: () => LOCAL, kind: 'socket', tls: null, pages: null, log });
  api.server.on('request', () => modules.loopDelay.stirred());
  let web: WebServer | undefined;
  const close = async () => {
    modules.requests.close('srrd is ending');
    supervision?.close();
    certificates.close();
    backend.webServers.close();
    await web?.close();
    await api.close();
    await modules.close();
    trust.close();
    await alerts?.close();
    await events.close();
    lock.release();
  };
  try {
    web = await preparedWeb?.listen(backend.ports);
    // Last: who finds it there finds a daemon that has begun.
    await listenOnSocket(api, configuration.socket);
  } catch (error) {
    await close();
    throw error;
  }
  if (web?.tls) {
    certificates.begin(web.tls);
    backend.webServers.begin(web.tls);
  }

  if (systemd !== null) supervision = supervise(systemd, modules, shutdown);
  modules.aliases.start();
  modules.loop.push({
    type: 'begin',
    definitions: initial,
    persistedNode: store.loadNode(),
    persistedServices,
    unixSeconds: Math.floor(Date.now() / 1000),
  });
  modules.transport.start((event) =>
    modules.loop.push(withoutRoom(event, modules.engine.state.self, () => store.noRoom())),
  );

  return {
    shutDown: (signal) => shutdown.request(signal),
    reload: () => {
      log.info('SIGHUP: reading definitions and configuration again');
      void file.reread(web?.tls ?? null);
      void definitions.reread();
    },
    ended: shutdown.result.then((result) => (result === 'finished' ? closeInTime(close, log) : result)),
  };
}

function othersHeard({ node, nodes }: ReturnType<Modules['engine']['statusHead']>): string[] {
  return nodes.filter((each) => each.reachable && each.routerId !== node.routerId).map(({ routerId }) => routerId);
}

/** A node that is isolated announces nothing. */
function supervise(socket: NotifySocket, modules: Modules, shutdown: Shutdown): Supervision {
  const { engine } = modules;
  return new Supervision({
    socket,
    isReady: () => engine.state.phase !== 'isolated',
    status: () =>
      statusLine({
        head: engine.statusHead(),
        own: [...engine.state.replicas.values()].map(({ definition: { name }, config, run }) => ({
          name,
          config,
          run,
        })),
        ending: shutdown.begun ? modules.notStopped() : null,
      }),
  });
}

async function writeEnabled(
  stateDir: string,
  { service, enabled }: { readonly service: string; readonly enabled: boolean },
  files: ForeignFiles,
  log: Logger,
): Promise<void> {
  try {
    const file = definitionPath(stateDir, service);
    const hung = await new DefinitionTexts(stateDir, files).hung([file]);
    if (hung !== null) throw new ConfigurationError(file, [hung]);
    await setEnabled(stateDir, service, enabled);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    log.error({ service }, `${service} stays as it was: ${error.message}`);
  }
}

/** What an earlier life left must be gone before anything is announced. Neither call throws. */
async function clearLeftovers(modules: Modules, addresses: readonly string[], log: Logger): Promise<void> {
  for (const { service, primitive, processGroup, gone } of await modules.runner.killLeftovers()) {
    const text = `${primitive} of ${service} was still running from an earlier life: killed process group ${processGroup}`;
    if (gone) log.warn({ service }, text);
    else log.error({ service }, `${text}, but a process of it does not end`);
  }
  const { aliases, announced, configured, problems } = await modules.aliases.removeLeftovers(addresses);
  const removed = [...new Set([...aliases, ...announced, ...configured])];
  if (removed.length > 0) log.warn(`removed what an earlier life left of ${removed.join(', ')}`);
  for (const problem of problems) log.warn(`looking for aliases of an earlier life: ${problem}`);
}

async function closeInTime(close: () => Promise<void>, log: Logger): Promise<ShutdownResult> {
  const limit = new Promise<ShutdownResult>((resolve) => {
    setTimeout(() => resolve('took-too-long'), CLOSE_WITHIN_MS).unref();
  });
  const result = await Promise.race([close().then((): ShutdownResult => 'finished'), limit]);
  if (result === 'finished') log.info('srrd has ended: everything is stopped and withdrawn');
  else log.error(`everything is stopped, but closing took longer than ${CLOSE_WITHIN_MS / 1000} s`);
  return result;
}
