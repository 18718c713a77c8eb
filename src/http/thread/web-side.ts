import type { ApiPorts } from '../server.js';
import type { Answers } from './answers.js';
import type { ListNumber } from './lists.js';
import { LsdbMirror } from './lsdb-mirror.js';
import type { Channel, ToDaemon, ToWeb, Watched } from './messages.js';

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
    const ask = this.#ask.bind(this);
    const list = this.#list.bind(this);
    const mirror = new LsdbMirror(
      (tell) => this.#watch('lsdb', (told) => told.type === 'lsdb' && tell(told.change)),
      onError,
    );
    return {
      control: {
        status: () => ask('status'),
        service: (name) => ask('service', name),
        command: (request) => ask('command', request),
        simulate: (question) => ask('simulate', question),
      },
      configurations: { configurations: (service) => ask('configurations', service) },
      session: { version, node: () => ask('node') },
      node: { shutDown: (by) => ask('shutDown', by), doctor: () => ask('doctor') },
      pki: { describe: () => ask('pki'), revocationList: (authority) => ask('revocationList', authority) },
      metrics: { readings: () => ask('readings') },
      live: {
        watchStatus: (tell) => this.#watch('status', (told) => told.type === 'status' && void tell(told.change)),
        watchEvents: (tell, lost) =>
          this.#watch('events', (told) => {
            if (told.type === 'event') tell(told.event);
            else lost();
          }),
      },
      events: { query: (query) => ask('queryEvents', query), lines: (filter) => list(() => ask('openEvents', filter)) },
      lsdb: {
        list: () => list(() => ask('openLsdb')),
        find: (id) => ask('lsa', id),
        topology: () => ask('topology'),
        subscribe: (listener, isBusy) => mirror.subscribe(listener, isBusy),
      },
      routers: {
        run: (daemon, commands, asker) => ask('runRouterCommands', daemon, commands, asker),
        complete: (daemon, question, asker) => ask('completeRouterCommand', daemon, question, asker),
      },
      definitions: {
        list: () => list(() => ask('openDefinitions')),
        find: (name) => ask('definition', name),
        validate: (written) => ask('validateDefinition', written),
        save: (name, written, operator) => ask('saveDefinition', name, written, operator),
        remove: (name, operator) => ask('removeDefinition', name, operator),
        exported: () => ask('exportDefinitions'),
        import: (yaml, operator) => ask('importDefinitions', yaml, operator),
      },
    };
  }

  #ask<Name extends keyof Answers>(
    name: Name,
    ...args: Parameters<Answers[Name]>
  ): Promise<Awaited<ReturnType<Answers[Name]>>> {
    if (this.#waiting.size >= MAX_ASKED) return Promise.reject(new BusyError());
    this.#last += 1;
    const id = this.#last;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as (value: unknown) => void, reject });
      this.#channel.send({ type: 'ask', id, name, args });
    });
  }

  #settle(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    return waiting;
  }

  async *#list<Part>(open: () => Promise<ListNumber<Part>>): AsyncGenerator<Part> {
    const { number } = await open();
    try {
      for (;;) {
        const part = await this.#ask('nextOfList', number);
        if (part === undefined) return;
        yield part as Part;
      }
    } finally {
      await this.#ask('closeList', number);
    }
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
