import type { Command } from 'commander';
import type { StatusDocument } from '../http/index.js';
// Not the folder's index: that loads fastify and zod, which takes longer than all else srrctl does.
import { API_PREFIX } from '../tables/index.js';
import type { DaemonOptions } from './chosen-daemon.js';
import { askDaemon, type Body, type Method } from './client.js';
import type { DaemonAddress } from './daemon-address.js';
import type { Output } from './output.js';
import { printable } from './printable.js';

/** What a command works with. */
export interface Context {
  readonly program: Command;
  readonly output: Output;
  /** Which daemon the arguments say, once they are read. */
  readonly options: () => DaemonOptions;
  /** The same, as it is reached. Throws a UsageError where that cannot be said. */
  readonly daemon: () => Promise<DaemonAddress>;
}

export interface JsonOption {
  readonly json?: true;
}

/** What the daemon knows is answered from memory. One that takes longer is frozen. */
const ANSWER_WITHIN_MS = 10_000;

/** Adds `--json`, and an example, which every command has. */
export function described(command: Command, summary: string, ...examples: readonly string[]): Command {
  const heading = examples.length === 1 ? 'Example:' : 'Examples:';
  return command
    .description(summary)
    .option('--json', 'for programs')
    .addHelpText('after', `\n${heading}\n${examples.map((example) => `  ${example}\n`).join('')}`);
}

/** Asks for a document. `path` is that behind /api/v1. */
export async function get<T>({ daemon }: Context, path: string, timeoutMs = ANSWER_WITHIN_MS): Promise<T> {
  return (await askDaemon({ address: await daemon(), method: 'GET', path: API_PREFIX + path, timeoutMs })) as T;
}

export function getStatus(context: Context): Promise<StatusDocument> {
  return get(context, '/status');
}

/** Asks for a change, which may take as long as the daemon allows; says meanwhile that it is waited for. */
export async function send<T>({ daemon, output }: Context, method: Method, path: string, body?: Body): Promise<T> {
  const address = await daemon();
  const waiting = setTimeout(
    () => output.err('still waiting for the answer; to end srrctl here does not undo the command\n'),
    ANSWER_WITHIN_MS,
  );
  try {
    const content = body === undefined ? {} : { body };
    return (await askDaemon({ address, method, path: API_PREFIX + path, ...content })) as T;
  } finally {
    clearTimeout(waiting);
  }
}

/** A document for programs, or what `describe` makes of it for people. */
export function show<T>(
  { output }: Context,
  { json }: JsonOption,
  document: T,
  describe: (document: T) => string,
): void {
  const text = json ? `${JSON.stringify(document, null, 2)}\n` : printable(describe(document));
  output.out(text === '' || text.endsWith('\n') ? text : `${text}\n`);
}

/** The sentence that a change is answered with. */
export function sentence({ text }: { readonly text?: string }): string {
  return text || 'done';
}

/** `a=b&c=d`, without what is undefined; with its question mark. */
export function query(values: Readonly<Record<string, string | number | undefined>>): string {
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  return given.length === 0
    ? ''
    : `?${given.map(([key, value]) => `${key}=${encodeURIComponent(String(value))}`).join('&')}`;
}
