import type { Awaitable } from '../awaitable.js';
import type { ApiPorts } from '../server.js';
import type { ListNumber } from './lists.js';
import { LsdbMirror } from './lsdb-mirror.js';
import type { Channel, ToDaemon, ToWeb, Watched } from './messages.js';
import { type AskedOf, type AskedPort, QUESTIONS } from './questions.js';

type Told = Extract<ToWeb, { readonly watch: number }>;

/** Questions that wait for their answer; more are refused. */
export const MAX_ASKED = 1000;

/** Answered with 503. */
class BusyError extends Error {
  override readonly name = 'BusyError';
  readonly statusCode = 503;

  constructor() {
    super(`${MAX_ASKED} requests wait for the daemon already; try again later`);
  }
}

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** The web thread's end: the daemon's ports, asked through the channel. */
export class DaemonPorts {
  readonly #channel: Pick<Channel<ToDaemon, ToWeb>, 'send'>;
  readonly #waiting = new Map<number, Waiting>();
  readonly #watches = new Map<number, (told: Told) => void>();
  #last = 0;

  constructor(channel: Pick<Channel<ToDaemon, ToWeb>, 'send'>) {
    this.#channel = channel;
  }

  /** Each message of the daemon. */
  receive(message: ToWeb): void {
    switch (message.type) {
      case 'answer':
        this.#settle(message.id)?.resolve(message.value);
        break;
      case 'failure':
        this.#settle(message.id)?.reject(message.error);
        break;
      case 'status':
      case 'event':
      case 'lost':
      case 'lsdb':
        this.#watches.get(message.watch)?.(message);
        break;
      case 'tls':
      case 'ping':
      case 'close':
        break;
    }
  }

  /** `onError`: who watches the LSDB could not be told. */
  ports(version: string, onError: (error: unknown) => void): ApiPorts {
    const lists = this.#port('lists');
    const mirror = new LsdbMirror(
      (tell) => this.#watch('lsdb', (told) => told.type === 'lsdb' && tell(told.change)),
      onError,
    );
    return {
      control: this.#port('control'),
      configurations: this.#port('configurations'),
      session: { version, ...this.#port('session') },
      node: this.#port('node'),
      pki: this.#port('pki'),
      metrics: this.#port('metrics'),
      live: {
        watchStatus: (tell) => this.#watch('status', (told) => told.type === 'status' && void tell(told.change)),
        watchEvents: (tell, lost) =>
          this.#watch('events', (told) => {
            if (told.type === 'event') tell(told.event);
            else lost();
          }),
      },
      events: { ...this.#port('events'), lines: (filter) => through(lists, () => lists.events(filter)) },
      lsdb: {
        ...this.#port('lsdb'),
        list: () => through(lists, () => lists.lsdb()),
        subscribe: (listener, isBusy) => mirror.subscribe(listener, isBusy),
      },
      routers: this.#port('routers'),
      definitions: { ...this.#port('definitions'), list: () => through(lists, () => lists.definitions()) },
    };
  }

  /** What can be asked of a port, each question a message. */
  #port<Port extends AskedPort>(port: Port): AskedOf<Port> {
    const methods = QUESTIONS[port].map((method) => [
      method,
      (...args: readonly unknown[]) => this.#ask(port, method, args),
    ]);
    return Object.fromEntries(methods) as AskedOf<Port>;
  }

  #ask(port: AskedPort, method: string, args: readonly unknown[]): Promise<unknown> {
    if (this.#waiting.size >= MAX_ASKED) return Promise.reject(new BusyError());
    this.#last += 1;
    const id = this.#last;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#channel.send({ type: 'ask', id, port, method, args });
    });
  }

  #settle(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    return waiting;
  }

  #watch(what: Watched, tell: (told: Told) => void): () => void {
    this.#last += 1;
    const watch = this.#last;
    this.#watches.set(watch, (told) => {
      this.#channel.send({ type: 'taken', watch });
      tell(told);
    });
    this.#channel.send({ type: 'watch', watch, what });
    return () => {
      this.#watches.delete(watch);
      this.#channel.send({ type: 'unwatch', watch });
    };
  }
}

async function* through<Part>(lists: AskedOf<'lists'>, open: () => Awaitable<ListNumber<Part>>): AsyncGenerator<Part> {
  const { number } = await open();
  try {
    for (;;) {
      const part = await lists.next(number);
      if (part === undefined) return;
      yield part as Part;
    }
  } finally {
    await lists.close(number);
  }
}
