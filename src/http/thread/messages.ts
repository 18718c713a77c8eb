import type { ClusterEvent } from '../../events/index.js';
import type { LsdbChange } from '../../lsdb/index.js';
import type { StatusChange } from '../stream/status-change.js';
import type { TlsMaterial, WebSettings } from '../web-server.js';
import type { AskedPort } from './questions.js';

/** What the web thread is started with. */
export interface ThreadData {
  readonly settings: WebSettings;
  readonly version: string;
}

/** From the daemon's thread to the web thread. `watch`: which of the watches that it has asked for. */
export type ToWeb =
  | { readonly type: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly type: 'failure'; readonly id: number; readonly error: Error }
  | { readonly type: 'status'; readonly watch: number; readonly change: StatusChange }
  | { readonly type: 'event'; readonly watch: number; readonly event: ClusterEvent }
  /** Events could not be told: too many were not taken. */
  | { readonly type: 'lost'; readonly watch: number }
  | { readonly type: 'lsdb'; readonly watch: number; readonly change: LsdbChange }
  | { readonly type: 'tls'; readonly tls: TlsMaterial }
  | { readonly type: 'ping' }
  | { readonly type: 'close' };

/** From the web thread to the daemon's. */
export type ToDaemon =
  | Question
  /** From now on it is told what changes. */
  | { readonly type: 'watch'; readonly watch: number; readonly what: Watched }
  | { readonly type: 'unwatch'; readonly watch: number }
  /** What it was told last has arrived where it is wanted. */
  | { readonly type: 'taken'; readonly watch: number }
  | { readonly type: 'listening'; readonly port: number | null; readonly metricsPort: number | null }
  | { readonly type: 'cannot-listen'; readonly because: string }
  | { readonly type: 'log'; readonly level: 'info' | 'warn'; readonly fields: object; readonly text: string }
  | { readonly type: 'pong' };

export type Watched = 'status' | 'events' | 'lsdb';

export interface Question {
  readonly type: 'ask';
  readonly id: number;
  readonly port: AskedPort;
  readonly method: string;
  readonly args: readonly unknown[];
}

/** One end of what connects the two threads. */
export interface Channel<Sent, Received> {
  send(message: Sent): void;
  /** Once. */
  receive(listener: (message: Received) => void): void;
}
