import { join } from 'node:path';
import { OspfApiClient } from 'ospfapi-shim';
import type { Logger } from 'pino';
import { Engine, type Event } from '../cluster/index.js';
import type { Configuration, StateStore } from '../config/index.js';
import type { ForeignFiles } from '../files/index.js';
import { GenerationFile, OspfTransport } from '../flooding/index.js';
import { LookingGlass } from '../lsdb/index.js';
import type { Meters } from '../metrics/index.js';
import type { Happening } from '../model/index.js';
import { PrimitiveRunner } from '../primitives/index.js';
import { AliasManager, aliasPort, VtyConsole } from '../routing/index.js';
import type { Trust } from '../trust/index.js';
import { EffectRunner } from './effect-runner.js';
import { EventLoop } from './event-loop.js';
import { liveSettings } from './live-settings.js';
import { LoopDelay } from './loop-delay.js';
import { logNotices } from './notices.js';
import { overheard } from './overheard.js';
import type { SetEnabled } from './ports.js';
import { primitivesPort } from './primitives-port.js';
import { RecordKeeper } from './record-keeper.js';
import { Requests } from './requests.js';
import { Timers } from './timers.js';

/** Our opaque type (docs/wire-format.md), in the three scopes of RFC 5250 section 2. */
const OPAQUE = ([9, 10, 11] as const).map((lsaType) => ({ lsaType, opaqueType: 222 }));

/** The looking glass asks for the ages of LSAs. */
const OURSELVES = { user: 'srrd', isAdmin: true };

/** So many events wait for the core at most before what other routers flood is left to wait where only the newest counts. */
export const ENOUGH_EVENTS = 64;

export interface AssembleOptions {
  readonly configuration: Configuration;
  readonly softwareVersion: string;
  readonly log: Logger;
  readonly store: StateStore;
  /** How files are read that may hang. */
  readonly files: ForeignFiles;
  readonly trust: Trust;
  /** The core has stopped and withdrawn everything. */
  readonly finished: () => void;
  readonly setEnabled: SetEnabled;
  readonly happened: (happening: Happening) => void;
  readonly meters: Meters;
  /** The core has handled an event. */
  readonly handled: () => void;
}

/** The modules, wired to each other, and nothing started. */
export interface Modules {
  readonly engine: Engine;
  readonly loop: EventLoop;
  readonly transport: OspfTransport;
  readonly aliases: AliasManager;
  readonly runner: PrimitiveRunner;
  readonly requests: Requests;
  readonly lookingGlass: LookingGlass;
  /** Sessions of people with zebra, mgmtd and ospfd. */
  readonly routerConsole: VtyConsole;
  readonly records: RecordKeeper;
  readonly loopDelay: LoopDelay;
  /** Services that are not at rest on this node. */
  notStopped(): string[];
  /** Ends them in the reverse order: nothing is run, announced or renewed any more. */
  close(): Promise<void>;
}

export function assemble(options: AssembleOptions): Modules {
  const { configuration, log, store, finished, files } = options;
  const { stateDir, vty, timing, ospf, cluster, node } = configuration;
  const emit = (event: Event): void => loop.push(event);
  const engine = new Engine(coreSettings(options));
  const definition = (service: string) => engine.state.replicas.get(service)?.definition;
  const timers = new Timers(emit, (node) => transport.isBehind(node));
  const requests = new Requests(emit, definition);
  const client = new OspfApiClient({ ...ospf, opaque: OPAQUE });
  const routerConsole = new VtyConsole({ vty });
  const lookingGlass = new LookingGlass({
    ospf: client,
    cluster,
    nowMs: () => performance.now(),
    date: () => new Date(),
    database: async () =>
      (await routerConsole.run('ospfd', ['show ip ospf database'], OURSELVES)).answers[0]?.output ?? '',
    onError: (error) => log.error({ err: error }, 'an LSA cannot be shown to those who watch'),
  });
  const transport = new OspfTransport({
    port: overheard(client, (event) => lookingGlass.heard(event)),
    cluster,
    store: new GenerationFile(join(stateDir, 'generations.json'), (text) => log.warn(text)),
    notice: logNotices(log),
    trust: options.trust,
    isBusy: () => loop.waiting >= ENOUGH_EVENTS,
  });
  const aliases = new AliasManager({
    vty,
    leaseMs: timing.aliasLeaseMs,
    recordFolder: join(stateDir, 'aliases'),
    onLost: emit,
    onLeaseOverrun: (lateMs) => emit({ type: 'lease-overrun', lateMs }),
    report: (level, text) => log[level](text),
  });
  const runner = new PrimitiveRunner({
    node: { name: node.name, cluster },
    stateDir,
    files,
    mountNamespace: process.env.SRRD_MOUNT_NAMESPACE,
    warn: (text) => log.warn(text),
  });
  const records = new RecordKeeper(store, log);
  const effects = new EffectRunner({
    definition,
    announcer: transport,
    aliases: aliasPort(aliases, emit),
    primitives: primitivesPort(runner, emit, (...ended) => options.meters.primitiveEnded(...ended)),
    records,
    timers,
    setEnabled: options.setEnabled,
    reply: (request, ok, text) => requests.answer(request, ok, text),
    happened: options.happened,
    log,
    finished,
    emit,
  });
  const now = () => performance.now();
  const loopDelay = new LoopDelay();
  const loop: EventLoop = new EventLoop({
    core: engine,
    effects,
    timers,
    leaseOverrunMs: () => aliases.checkLease(),
    now,
    stirred: () => loopDelay.stirred(),
    handled: options.handled,
  });
  const close = async () => {
    loop.close();
    loopDelay.stop();
    records.close();
    lookingGlass.close();
    await runner.stop();
    await Promise.all([transport.stop(), aliases.settled()]);
    await aliases.endExternal();
    aliases.close();
  };
  return {
    engine,
    loop,
    transport,
    aliases,
    runner,
    requests,
    lookingGlass,
    routerConsole,
    records,
    loopDelay,
    notStopped: () => notStopped(engine),
    close,
  };
}

function coreSettings({ configuration, softwareVersion }: AssembleOptions) {
  const { node, announce, web } = configuration;
  const advertise = web?.advertise ?? null;
  return {
    nodeName: node.name,
    softwareVersion,
    ...liveSettings(configuration),
    announce,
    managementAddresses: advertise === null ? [] : [advertise.host],
    managementPort: advertise?.port ?? 0,
  };
}

function notStopped(engine: Engine): string[] {
  const { replicas } = engine.state;
  const busy = [...replicas.values()].filter(
    ({ job, config }) => job !== null || config === 'active' || config === 'injected',
  );
  return busy.map(({ definition, run, job }) => `${definition.name} (${job?.primitive ?? run})`);
}
