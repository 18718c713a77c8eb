/** What runs in the web thread: the server, TLS, and the JSON of all answers. Started by run-in-thread.ts. */
import { readlinkSync } from 'node:fs';
import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import type { AuditLog } from '../audit.js';
import { type RunningWeb, runWeb } from '../web-server.js';
import type { ThreadData, ToDaemon, ToWeb } from './messages.js';
import { DaemonPorts } from './web-side.js';

/** Added to the daemon's own nice value of this thread: where there is little CPU, failover comes first. */
const NICE = 5;

const port = parentPort;
if (port === null) throw new Error('this is started as a thread of srrd');
const send = (message: ToDaemon) => port.postMessage(message);
const daemon = new DaemonPorts({ send });
let web: RunningWeb | undefined;
const { settings, version } = workerData as ThreadData;
let { tls } = settings;

port.on('message', (message: ToWeb) => {
  switch (message.type) {
    case 'tls':
      tls = message.tls;
      web?.use(tls);
      break;
    case 'ping':
      send({ type: 'pong' });
      break;
    case 'close':
      void end();
      break;
    default:
      daemon.receive(message);
  }
});

giveWay();
try {
  const log = logTo(send);
  const ports = daemon.ports(version, (error) => log.warn({ err: error }, 'those who watch the LSDB cannot be told'));
  web = await runWeb({ ...settings, tls }, ports, log);
  // What has come meanwhile.
  if (tls !== null) web.use(tls);
  const { port: webPort, metricsPort } = web;
  send({ type: 'listening', port: webPort, metricsPort });
} catch (error) {
  send({ type: 'cannot-listen', because: error instanceof Error ? error.message : String(error) });
  port.close();
}

async function end(): Promise<void> {
  await web?.close();
  port?.close();
}

function logTo(send: (message: ToDaemon) => void): AuditLog {
  const at = (level: 'info' | 'warn') => (fields: object, text: string) => send({ type: 'log', level, fields, text });
  return { info: at('info'), warn: at('warn') };
}

/** Linux schedules threads, and setpriority(2) takes the number of one. */
function giveWay(): void {
  try {
    const thread = Number(readlinkSync('/proc/thread-self').split('/').at(-1));
    setPriority(thread, NICE);
  } catch {
    // Without it the web server is still right, if less polite.
  }
}
