import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Alerts } from '../alerts/index.js';
import { definitionsFolder, loadDefinitionsInTurns, type ParsedFiles, StateStore } from '../config/index.js';
import { DefinitionReader, writeEnabled } from '../definitions/index.js';
import { EventLog } from '../events/index.js';
import { ForeignFiles } from '../files/index.js';
import { Meters } from '../metrics/index.js';
import type { PersistedService } from '../model/index.js';
import { createAlerts } from './alerts.js';
import { assemble, type Modules } from './modules.js';
import { type NodeTrust, openTrust } from './node-trust.js';
import { ConfigurationFile } from './reload.js';
import { Shutdown } from './shutdown.js';
import { shutdownLimitMs } from './shutdown-limit.js';
import type { StartOptions } from './start-options.js';

/** What lies in the state directory, and what needs no other part. */
export interface Store {
  readonly state: StateStore;
  readonly events: EventLog;
  readonly meters: Meters;
  readonly files: ForeignFiles;
  readonly parsed: ParsedFiles;
  readonly trust: NodeTrust;
  readonly persistedServices: ReadonlyMap<string, PersistedService>;
}

/** All parts, wired to each other, and nothing started. */
export interface Wiring extends Store {
  readonly modules: Modules;
  readonly definitions: DefinitionReader;
  readonly shutdown: Shutdown;
  readonly alerts: Alerts | null;
  /** srrd.yaml, as it is read again. */
  readonly file: ConfigurationFile;
  /** Called when the core has handled an event, or the configuration is another. */
  readonly changed: Set<() => void>;
  /** Called when a shutdown begins, with its limit. */
  readonly ending: Set<(withinMs: number) => void>;
}

/** Throws what keeps the daemon from starting. */
export async function openStore({ configuration, log }: StartOptions): Promise<Store> {
  const { stateDir } = configuration;
  const warn = (text: string): void => log.warn(text);
  const state = new StateStore(stateDir, warn);
  const events = await EventLog.open({ folder: join(stateDir, 'events'), warn });
  const meters = new Meters();
  events.listen((event) => meters.happened(event));
  const trust = openTrust(configuration, log);
  const parsed: ParsedFiles = new Map();
  return { state, events, meters, files: new ForeignFiles(), parsed, trust, persistedServices: state.loadServices() };
}

export function wire(options: StartOptions, store: Store): Wiring {
  const { configuration, log } = options;
  const { state, events, files } = store;
  const changed = new Set<() => void>();
  const tellChanged = (): void => {
    for (const tell of changed) tell();
  };
  const ending = new Set<(withinMs: number) => void>();
  const modules: Modules = assemble({
    ...options,
    ...store,
    store: state,
    trust: store.trust.trust,
    finished: () => shutdown.finished(),
    setEnabled: (service, enabled) => {
      const { stateDir } = configuration;
      void writeEnabled({ stateDir, files, log }, service, enabled).then(() => definitions.reread());
    },
    happened: (happening) => events.append(happening),
    handled: tellChanged,
  });
  const definitions = definitionReader(options, store, modules);
  const limitMs = (): number => shutdownLimitMs(definitions.current);
  const shutdown = new Shutdown({
    begin: () => {
      for (const tell of ending) tell(limitMs());
      modules.loop.push({ type: 'shutdown' });
    },
    waitingFor: () => modules.notStopped(),
    limitMs,
    log,
  });
  const file = new ConfigurationFile({
    ...{ configFile: options.configFile, started: configuration, trust: store.trust, files, log },
    heard: () => othersHeard(modules.engine.statusHead()),
    trustChanged: () => modules.transport.trustChanged(),
    settings: (settings) => modules.loop.push({ type: 'settings', settings }),
    changed: tellChanged,
  });
  const alerts = createAlerts(configuration, () => modules.engine.state, log);
  if (alerts !== null) events.listen((event) => alerts.heard(event));
  return { ...store, modules, definitions, shutdown, alerts, file, changed, ending };
}

function definitionReader(
  { configuration, log }: { readonly configuration: StartOptions['configuration']; readonly log: Logger },
  { events, files, parsed, persistedServices }: Store,
  { engine, loop }: Modules,
): DefinitionReader {
  const { stateDir, servicesDir } = configuration;
  return new DefinitionReader(
    {
      load: () => loadDefinitionsInTurns(stateDir, servicesDir, new Map(), parsed, files),
      apply: (definitions, operator) =>
        loop.push({ type: 'configure', definitions, ...(operator === undefined ? {} : { operator }) }),
      self: () => engine.state.self,
      happened: (happening) => events.append(happening),
      notStopped: [...persistedServices].filter(([, { notStopped }]) => notStopped).map(([service]) => service),
      log,
    },
    definitionsFolder(stateDir),
  );
}

function othersHeard({ node, nodes }: ReturnType<Modules['engine']['statusHead']>): string[] {
  return nodes.filter((each) => each.reachable && each.routerId !== node.routerId).map(({ routerId }) => routerId);
}
