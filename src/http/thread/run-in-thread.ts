import { Worker } from 'node:worker_threads';
import type { SocketAddress } from '../../config/index.js';
import type { AuditLog } from '../audit.js';
import type { ApiPorts } from '../server.js';
import type { RunningWeb, RunWeb, TlsMaterial, WebSettings } from '../web-server.js';
import { type AboutThread, serveWebThread } from './daemon-side.js';
import type { ThreadData, ToDaemon, ToWeb } from './messages.js';

/** What a thread is started again after, when it has ended by itself: twice as long each time, in ms. */
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 60_000;

/** A thread that has run so long was no failed attempt, in ms. */
const GOOD_AFTER_MS = 60_000;

/** How often the thread is asked whether it still runs, and how many answers in a row it may owe. */
const PING_EVERY_MS = 10_000;
const MAX_PINGS_OWED = 6;

/** How long a thread has to end its connections, in ms. */
const CLOSE_WITHIN_MS = 5_000;

/** Beyond this heap, the thread ends and not the daemon. What streams let wait is not in the heap. */
const MAX_HEAP_MB = 256;

/** The built one, as far from here as from the source of this file. */
const THREAD = new URL('../../../dist/http/thread/web-thread.js', import.meta.url);

/**
 * Runs the server in a thread of its own: nothing that a browser does delays failover. A thread that ends or hangs is
 * started again; what it knew is asked for anew.
 */
export function runInThread(threadFile: URL = THREAD, pingEveryMs = PING_EVERY_MS): RunWeb {
  return async (settings, ports, log) => {
    const web = new WebThread(threadFile, pingEveryMs, settings, ports, log);
    await web.start();
    return web;
  };
}

class WebThread implements RunningWeb {
  readonly #file: URL;
  readonly #pingEveryMs: number;
  readonly #ports: ApiPorts;
  readonly #log: AuditLog;
  #settings: WebSettings;
  #worker: Worker | undefined;
  #pauseMs = FIRST_PAUSE_MS;
  #startedAtMs = 0;
  #restart: NodeJS.Timeout | undefined;
  #isClosing = false;

  constructor(file: URL, pingEveryMs: number, settings: WebSettings, ports: ApiPorts, log: AuditLog) {
    this.#file = file;
    this.#pingEveryMs = pingEveryMs;
    this.#settings = settings;
    this.#ports = ports;
    this.#log = log;
  }

  get port(): number | null {
    return this.#settings.listen?.port ?? null;
  }

  get metricsPort(): number | null {
    return this.#settings.metrics?.port ?? null;
  }

  use(tls: TlsMaterial): void {
    this.#settings = { ...this.#settings, tls };
    this.#send({ type: 'tls', tls });
  }

  /** When it listens. Throws a sentence if it cannot. */
  async start(): Promise<void> {
    const { port, metricsPort } = await this.#run();
    // One that was chosen by the system stays the same.
    const { listen, metrics } = this.#settings;
    this.#settings = { ...this.#settings, listen: withPort(listen, port), metrics: withPort(metrics, metricsPort) };
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    clearTimeout(this.#restart);
    const worker = this.#worker;
    if (worker === undefined) return;
    const ended = new Promise((resolve) => worker.once('exit', resolve));
    this.#send({ type: 'close' });
    const limit = setTimeout(() => void worker.terminate(), CLOSE_WITHIN_MS);
    await ended;
    clearTimeout(limit);
  }

  #send(message: ToWeb): void {
    this.#worker?.postMessage(message);
  }

  /** Returns the ports. */
  #run(): Promise<Pick<RunningWeb, 'port' | 'metricsPort'>> {
    const workerData: ThreadData = { settings: this.#settings, version: this.#ports.session.version };
    const worker = new Worker(this.#file, { workerData, resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB } });
    this.#worker = worker;
    this.#startedAtMs = performance.now();
    return new Promise((resolve, reject) => {
      let owed = 0;
      let pings: NodeJS.Timeout | undefined;
      const ping = () => {
        owed += 1;
        if (owed <= MAX_PINGS_OWED) return this.#send({ type: 'ping' });
        why = `it has not answered for ${(MAX_PINGS_OWED * this.#pingEveryMs) / 1000} s`;
        void worker.terminate();
      };
      let why = '';
      let isListening = false;
      const about = (message: AboutThread) => {
        if (message.type === 'pong') owed = 0;
        else if (message.type === 'cannot-listen') why = message.because;
        else {
          isListening = true;
          pings = setInterval(ping, this.#pingEveryMs).unref();
          resolve(message);
        }
      };
      const channel = {
        send: (message: ToWeb) => worker.postMessage(message),
        receive: (listener: (message: ToDaemon) => void) => void worker.on('message', listener),
      };
      const endWatches = serveWebThread(channel, this.#ports, this.#log, about);
      worker.on('error', (error) => {
        why = error instanceof Error ? (error.stack ?? error.message) : String(error);
      });
      worker.once('exit', () => {
        clearInterval(pings);
        endWatches();
        this.#worker = undefined;
        if (isListening) this.#ended(why || 'it ended by itself');
        else reject(new Error(why || 'the web server ended before it listened'));
      });
    });
  }

  #ended(why: string): void {
    if (this.#isClosing) return;
    if (performance.now() - this.#startedAtMs > GOOD_AFTER_MS) this.#pauseMs = FIRST_PAUSE_MS;
    const pauseMs = this.#pauseMs;
    this.#pauseMs = Math.min(LONGEST_PAUSE_MS, 2 * pauseMs);
    this.#log.warn({}, `the web server has failed, and starts again in ${pauseMs / 1000} s: ${why}`);
    this.#restart = setTimeout(() => {
      this.#run().then(
        () => this.#log.info({}, `the web server listens again on port ${this.port ?? this.metricsPort}`),
        (error: unknown) => this.#ended(error instanceof Error ? error.message : String(error)),
      );
    }, pauseMs);
  }
}

function withPort(at: SocketAddress | null, port: number | null): SocketAddress | null {
  return at === null || port === null ? at : { ...at, port };
}
