import type { AuditLog } from '../audit.js';
import type { ApiPorts } from '../server.js';
import { Turns } from '../turns.js';
import { listsOf } from './lists.js';
import type { Channel, Question, ToDaemon, ToWeb, Watched } from './messages.js';
import type { Asked } from './questions.js';

/** Events that the web thread has not taken yet; at more, it is told that some are lost. */
export const MAX_EVENTS_WAITING = 1000;

/** The same for changes of the LSDB, each of at most 200 LSAs; at more, the next one waits. */
const MAX_CHANGES_WAITING = 20;

/** What it is for the supervisor to handle. */
export type AboutThread = Extract<ToDaemon, { type: 'listening' | 'cannot-listen' | 'pong' }>;

/** A watch that the web thread has asked for. */
interface Watch {
  taken(): void;
  end(): void;
}

/**
 * The daemon's end: answers what the web thread asks, and tells it what it watches. Returns a function that ends all watches.
 */
export function serveWebThread(
  channel: Channel<ToWeb, ToDaemon>,
  ports: ApiPorts,
  log: AuditLog,
  about: (message: AboutThread) => void,
): () => void {
  const asked: Asked = { ...ports, lists: listsOf(ports) };
  const turns = new Turns();
  const watches = new Map<number, Watch>();
  channel.receive((message) => {
    switch (message.type) {
      case 'ask':
        turns.add(() => void answer(channel, asked, message));
        break;
      case 'watch':
        watches.set(message.watch, begin(channel, ports, message.watch, message.what));
        break;
      case 'unwatch':
        watches.get(message.watch)?.end();
        watches.delete(message.watch);
        break;
      case 'taken':
        watches.get(message.watch)?.taken();
        break;
      case 'log':
        log[message.level](message.fields, message.text);
        break;
      default:
        about(message);
    }
  });
  return () => {
    turns.clear();
    for (const watch of watches.values()) watch.end();
    watches.clear();
  };
}

async function answer(channel: Channel<ToWeb, ToDaemon>, asked: Asked, { id, port, method, args }: Question) {
  try {
    const of = asked[port];
    const value = await Reflect.apply(Reflect.get(of, method), of, args);
    channel.send({ type: 'answer', id, value });
  } catch (error) {
    channel.send({ type: 'failure', id, error: error instanceof Error ? plain(error) : new Error(String(error)) });
  }
}

/** Without what an error may carry beside its words: not everything can be sent. */
function plain({ message, name, stack }: Error): Error {
  return Object.assign(new Error(message), { name, stack });
}

function begin(channel: Channel<ToWeb, ToDaemon>, ports: ApiPorts, watch: number, what: Watched): Watch {
  switch (what) {
    case 'status':
      return watchStatus(channel, ports, watch);
    case 'events':
      return watchEvents(channel, ports, watch);
    case 'lsdb':
      return watchLsdb(channel, ports, watch);
  }
}

function watchStatus(channel: Channel<ToWeb, ToDaemon>, { live }: ApiPorts, watch: number): Watch {
  let taken = () => {};
  const end = live.watchStatus((change) => {
    channel.send({ type: 'status', watch, change });
    return new Promise((resolve) => {
      taken = resolve;
    });
  });
  return { taken: () => taken(), end };
}

function watchEvents(channel: Channel<ToWeb, ToDaemon>, { live }: ApiPorts, watch: number): Watch {
  let waiting = 0;
  let isLost = false;
  const lost = () => {
    isLost = true;
  };
  const end = live.watchEvents((event) => {
    if (waiting >= MAX_EVENTS_WAITING) return lost();
    waiting += 1;
    channel.send({ type: 'event', watch, event });
  }, lost);
  const taken = () => {
    waiting -= 1;
    if (waiting > 0 || !isLost) return;
    isLost = false;
    channel.send({ type: 'lost', watch });
  };
  return { taken, end };
}

function watchLsdb(channel: Channel<ToWeb, ToDaemon>, { lsdb }: ApiPorts, watch: number): Watch {
  let waiting = 0;
  const end = lsdb.subscribe(
    (change) => {
      waiting += 1;
      channel.send({ type: 'lsdb', watch, change });
    },
    () => waiting >= MAX_CHANGES_WAITING,
  );
  return {
    taken: () => {
      waiting -= 1;
    },
    end,
  };
}
