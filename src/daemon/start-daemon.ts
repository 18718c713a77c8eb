import { readableSecrets } from '../config/index.js';
import { lockStateDir, type StateLock } from '../files/index.js';
import { notifySocket, type Supervision } from '../systemd/index.js';
import { closeInTime } from './close.js';
import { createInterfaces, type Interfaces, prepareWebServer } from './interfaces.js';
import { clearLeftovers } from './leftovers.js';
import { withoutRoom } from './no-room.js';
import { beOnlyOne, type OnlyOne } from './only-one.js';
import type { ShutdownResult } from './shutdown.js';
import type { SignalTarget } from './signals.js';
import type { StartOptions } from './start-options.js';
import { supervise } from './supervise.js';
import { openStore, type Wiring, wire } from './wiring.js';

/** Node can wait for its own children only. */
const WITHOUT_INIT =
  'srrd is process 1, and what services leave behind will stay as zombies: run it below an init (docker run --init, tini -- srrd …)';

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
  const systemd = notifySocket();
  sayHello(options);
  const prepared = prepareWebServer(options);
  const wiring = wire(options, await openStore(options));
  const definitions = await wiring.definitions.read();
  const addresses = definitions.flatMap((definition) => definition.addresses);
  await clearLeftovers(wiring.modules, addresses, options.log);

  const interfaces = createInterfaces(options, wiring, prepared);
  try {
    await interfaces.listen();
  } catch (error) {
    await closeAll(wiring, interfaces, null, lock);
    throw error;
  }
  interfaces.begin();
  const supervision = supervise(systemd, wiring);
  begin(wiring, definitions);

  const close = () => closeAll(wiring, interfaces, supervision, lock);
  return {
    shutDown: (signal) => wiring.shutdown.request(signal),
    reload: () => reload(options, wiring, interfaces),
    ended: wiring.shutdown.result.then((result) => (result === 'finished' ? closeInTime(close, options.log) : result)),
  };
}

function sayHello({ configFile, configuration, softwareVersion, log }: StartOptions): void {
  const { name } = configuration.node;
  log.info({ version: softwareVersion, pid: process.pid }, `srrd ${softwareVersion} starts on ${name}`);
  const readable = readableSecrets(configFile, configuration);
  if (readable !== null) log.warn(readable);
  if (process.pid === 1) log.warn(WITHOUT_INIT);
}

function begin({ modules, state, persistedServices }: Wiring, definitions: Wiring['definitions']['current']): void {
  const { aliases, loop, transport, engine } = modules;
  const unixSeconds = Math.floor(Date.now() / 1000);
  aliases.start();
  loop.push({ type: 'begin', definitions, persistedNode: state.loadNode(), persistedServices, unixSeconds });
  transport.start((event) => loop.push(withoutRoom(event, engine.state.self, () => state.noRoom())));
}

function reload({ log }: StartOptions, { file, definitions }: Wiring, { web }: Interfaces): void {
  log.info('SIGHUP: reading definitions and configuration again');
  void file.reread(web?.tls ?? null);
  void definitions.reread();
}

/** In the reverse order. */
async function closeAll(
  { modules, trust, alerts, events }: Wiring,
  interfaces: Interfaces,
  supervision: Supervision | null,
  lock: StateLock,
): Promise<void> {
  modules.requests.close('srrd is ending');
  supervision?.close();
  await interfaces.close();
  await modules.close();
  trust.close();
  await alerts?.close();
  await events.close();
  lock.release();
}
