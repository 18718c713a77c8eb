import { batch, signal } from '@preact/signals';
import { API, ApiError, get, wordsOf } from '../api/client.js';
import { readEvents } from '../api/sse.js';
import type { ClusterEvent, SessionDocument, StatusUpdate } from '../api/types.js';
import { applyUpdate, clockLead } from './cluster.js';

/** Times in milliseconds since 1970, by the browser's clock. */
export type Connection =
  | { readonly state: 'connecting' }
  | { readonly state: 'live'; readonly since: number }
  | { readonly state: 'lost'; readonly since: number; readonly reason: string; readonly retryAt: number }
  /** The node answers, and lets us in no more: trying again is left to people. */
  | { readonly state: 'refused'; readonly reason: string };

export const connection = signal<Connection>({ state: 'connecting' });

/** null: not asked yet. */
export const session = signal<SessionDocument | null>(null);

/** The version of srrd that this page was loaded from; a node that was updated meanwhile runs another. */
export const loadedVersion = signal<string | null>(null);

/** The node sends a comment every 10 s: without any for this long the connection is dead, whatever TCP believes. */
const SILENCE_MS = 15_000;
const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 5_000;

export type StreamHandler = (data: unknown) => void;

const handlers = new Map<string, Set<StreamHandler>>();
/** How many pages want the events of the LSA database. */
let lsdbWanted = 0;
let attempt = 0;
let lostSince = 0;
let retry: ReturnType<typeof setTimeout> | undefined;
let current: AbortController | undefined;

/** Opens the live connection and keeps it open for as long as the page lives. */
export function connect(): void {
  window.addEventListener('online', reconnectNow);
  window.addEventListener('offline', () => current?.abort(new Error('this computer is offline')));
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible' && connection.peek().state === 'lost') reconnectNow();
  });
  void open();
}

/** Tries at once instead of at the next time. */
export function reconnectNow(): void {
  if (connection.peek().state === 'live') return;
  clearTimeout(retry);
  void open();
}

/** Calls the handler with every event of this name from the stream; the function that comes back ends that. */
export function onStreamEvent(name: 'event', handler: (event: ClusterEvent) => void): () => void;
export function onStreamEvent(name: string, handler: StreamHandler): () => void;
export function onStreamEvent(name: string, handler: (data: never) => void): () => void {
  const set = handlers.get(name) ?? new Set();
  handlers.set(name, set);
  set.add(handler as StreamHandler);
  return () => set.delete(handler as StreamHandler);
}

/** Asks the node for `lsdb` events as well, until the function that comes back is called. */
export function wantLsdb(): () => void {
  lsdbWanted += 1;
  if (lsdbWanted === 1) restart();
  return () => {
    lsdbWanted -= 1;
    if (lsdbWanted === 0) restart();
  };
}

function restart(): void {
  if (current === undefined) return;
  clearTimeout(retry);
  void open();
}

async function open(): Promise<void> {
  current?.abort();
  const controller = new AbortController();
  current = controller;
  const silence = silenceAlarm(controller);
  try {
    session.value = await get<SessionDocument>('/session', controller.signal);
    loadedVersion.value ??= session.value.version;
    await readEvents(`${API}/stream${lsdbWanted > 0 ? '?lsdb=1' : ''}`, controller.signal, {
      opened: (serverTime) => {
        attempt = 0;
        // The header has seconds: half of one is what it is off on average.
        if (!Number.isNaN(serverTime)) clockLead.value = serverTime + 500 - Date.now();
      },
      heard: silence.heard,
      event: dispatch,
      together: batch,
    });
    throw new Error('the node ended the connection: srrd may be restarting');
  } catch (error) {
    if (current !== controller) return;
    lost(controller.signal.aborted ? controller.signal.reason : error);
  } finally {
    silence.stop();
  }
}

function silenceAlarm(controller: AbortController) {
  const fire = (): void => controller.abort(new Error('the node has said nothing for 15 seconds'));
  let timer = setTimeout(fire, SILENCE_MS);
  return {
    heard: (): void => {
      clearTimeout(timer);
      timer = setTimeout(fire, SILENCE_MS);
    },
    stop: (): void => clearTimeout(timer),
  };
}

function lost(error: unknown): void {
  if (error instanceof ApiError && (error.code === 'not-allowed' || error.code === 'foreign-page')) {
    connection.value = { state: 'refused', reason: error.message };
    return;
  }
  if (connection.peek().state !== 'lost') lostSince = Date.now();
  // A little chance, so that a hundred open pages do not come back at the same moment.
  const delay = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** attempt) * (0.8 + 0.4 * Math.random());
  attempt += 1;
  connection.value = { state: 'lost', since: lostSince, reason: reasonOf(error), retryAt: Date.now() + delay };
  retry = setTimeout(() => void open(), delay);
}

/** What a browser says of a broken connection ("network error") helps nobody. */
function reasonOf(error: unknown): string {
  if (error instanceof TypeError) return 'the connection broke: srrd may be stopped there, or the way to it is cut';
  return wordsOf(error);
}

function dispatch(name: string, text: string): void {
  const data: unknown = JSON.parse(text);
  if (name === 'status') {
    applyUpdate(data as StatusUpdate);
    if (connection.peek().state !== 'live') connection.value = { state: 'live', since: Date.now() };
  }
  for (const handler of handlers.get(name) ?? []) handler(data);
}
