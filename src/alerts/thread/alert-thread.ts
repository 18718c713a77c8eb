/** What runs in the thread of alerts: the queues, and whatever it takes to deliver. Started by run-alert-thread.ts. */
import { readlinkSync } from 'node:fs';
import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { killPrograms } from '../targets/run-program.js';
import { targetOf } from '../targets/target.js';
import { Delivery } from './delivery.js';
import { CLOSE_WITHIN_MS, type FromThread, type ThreadData, type ToThread } from './messages.js';

/** Added to the daemon's nice value of this thread: failover comes first. */
const NICE = 5;

const port = parentPort;
if (port === null) throw new Error('this is started as a thread of srrd');
const send = (message: FromThread) => port.postMessage(message);
const { alerts, sender } = workerData as ThreadData;
const deliveries = alerts.map((alert, target) => {
  const { send: deliver, together } = targetOf(alert.by, sender);
  return new Delivery({
    name: alert.name,
    send: deliver,
    together,
    changed: (state) => send({ type: 'state', target, state }),
  });
});

port.on('message', (message: ToThread) => {
  if (message.type === 'close') return close();
  for (const target of message.targets) deliveries[target]?.put(message.alert);
  send({ type: 'taken' });
});

try {
  // Linux schedules threads, and setpriority(2) takes the number of one.
  setPriority(Number(readlinkSync('/proc/thread-self').split('/').at(-1)), NICE);
} catch {
  // Without it alerts are still right, if less polite.
}

function close(): void {
  setTimeout(end, CLOSE_WITHIN_MS);
  void Promise.all(deliveries.map((delivery) => delivery.close())).then(end);
}

function end(): void {
  killPrograms();
  process.exit();
}
