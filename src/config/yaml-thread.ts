import { Worker } from 'node:worker_threads';
import type { YamlAnswers, YamlJob } from './yaml-jobs.js';

/** A thread costs some MB: without work it ends. */
const IDLE_MS = 10_000;

/** The built one, as far from here as from the source of this file. */
const THREAD = new URL('../../dist/config/yaml-worker.js', import.meta.url);

interface Asked {
  readonly settle: (answer: unknown) => void;
  readonly fail: (error: Error) => void;
}

let thread: { readonly worker: Worker; readonly asked: Asked[] } | undefined;
let idle: NodeJS.Timeout | undefined;

/**
 * Does the job in a thread of its own: YAML that was written to do harm takes a fifth of a second, in which the daemon would
 * do nothing else. Rejects only if the thread fails.
 */
export function inYamlThread<Job extends YamlJob>(job: Job): Promise<YamlAnswers[Job['kind']]> {
  thread ??= begin();
  const { worker, asked } = thread;
  clearTimeout(idle);
  worker.ref();
  const answer = new Promise<YamlAnswers[Job['kind']]>((resolve, reject) => {
    asked.push({ settle: (value) => resolve(value as YamlAnswers[Job['kind']]), fail: reject });
  });
  worker.postMessage(job);
  return answer;
}

function begin() {
  const worker = new Worker(THREAD);
  const asked: Asked[] = [];
  const begun = { worker, asked };
  worker.on('message', (answer: unknown) => {
    asked.shift()?.settle(answer);
    if (asked.length > 0) return;
    worker.unref();
    idle = setTimeout(() => {
      thread = undefined;
      void worker.terminate();
    }, IDLE_MS).unref();
  });
  let why = new Error('the thread that reads YAML has ended');
  worker.on('error', (error) => {
    why = error instanceof Error ? error : new Error(String(error));
  });
  worker.once('exit', () => {
    if (thread === begun) thread = undefined;
    for (const { fail } of asked.splice(0)) fail(why);
  });
  return begun;
}
