import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { z } from 'zod';
import { systemErrorText } from './system-error.js';

/** Room for the records of a run; longer ones are possible, and replaced as a whole. */
const OVERWRITABLE_BYTES = 63;

export type JsonReading<T> =
  | { readonly kind: 'read'; readonly value: T }
  | { readonly kind: 'missing' }
  /** Not readable, not JSON (torn) or not what the schema says. */
  | { readonly kind: 'corrupt'; readonly reason: string };

/** Reads a small JSON file. Never throws. */
export function readJson<T>(file: string, schema: z.ZodType<T>): JsonReading<T> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (isMissing(error)) return { kind: 'missing' };
    return { kind: 'corrupt', reason: systemErrorText(error) };
  }
  try {
    const result = schema.safeParse(JSON.parse(text));
    if (result.success) return { kind: 'read', value: result.data };
    const { path = [], message = '' } = result.error.issues[0] ?? {};
    return { kind: 'corrupt', reason: `${path.join('.') || 'the value'}: ${message}` };
  } catch {
    return { kind: 'corrupt', reason: 'not JSON' };
  }
}

export interface FileOwner {
  readonly uid: number;
  readonly gid: number;
  readonly mode: number;
}

export interface WriteOptions {
  /** The new file has mode and owner of the one it replaces. Default false. */
  readonly keepOwner?: boolean;
  /** Whose the new file is, and its mode. Default: this user's, 0600. */
  readonly owner?: FileOwner;
  /**
   * Wait until it is on disk. Default true. Without, the system writes it later: it outlives this process, but a power
   * failure within the next half minute may leave the old file, or, on some file systems, an empty one.
   */
  readonly durable?: boolean;
}

/**
 * Replaces the file by this value: whoever reads it, also after a crash or a power failure, sees the old or the new one
 * as a whole. On disk when this returns. The file has mode 0600, folders that are missing are made with 0700.
 * Throws the system's error (no space, no permission).
 */
export function writeJsonAtomically(file: string, value: unknown, options: WriteOptions = {}): void {
  writeAtomically(file, `${JSON.stringify(value)}\n`, options);
}

/**
 * As writeJsonAtomically, but on a full disk a file that is there is overwritten, which needs no room. A power failure in
 * that moment may leave a mixture, which counts as unreadable; to keep what is no longer true would be worse.
 */
export function writeJsonSafely(file: string, value: unknown): void {
  try {
    writeJsonAtomically(file, value);
  } catch (error) {
    if (!isFull(error) || !overwriteDurably(file, Buffer.from(`${JSON.stringify(value)}\n`))) throw error;
  }
}

/** False: it cannot be done. */
function overwriteDurably(file: string, text: Buffer): boolean {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(file, 'r+');
    const bytes = Buffer.alloc(Math.max(text.length, fstatSync(descriptor).size), ' ');
    text.copy(bytes);
    if (writeSync(descriptor, bytes, 0, bytes.length, 0) !== bytes.length) return false;
    fsyncSync(descriptor);
    return true;
  } catch {
    return false;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

function isFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');
}

/**
 * Replaces a small file that need not be on disk by overwriting it, which costs some 0.03 ms where a rename may cost 2:
 * file systems begin to write the new file to disk when it replaces another. A process that is killed leaves the old or
 * the new value; a power failure may leave a mixture. White space fills up what an earlier value was longer.
 */
export function overwriteJson(file: string, value: unknown): void {
  const text = JSON.stringify(value);
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r+');
  } catch (error) {
    if (!isMissing(error)) throw error;
    writeAtomically(file, `${text.padEnd(OVERWRITABLE_BYTES)}\n`, { durable: false });
    return;
  }
  try {
    const length = Math.max(OVERWRITABLE_BYTES + 1, fstatSync(descriptor).size);
    const bytes = Buffer.from(`${text.padEnd(length - 1)}\n`);
    // One write of a part of a page: the system carries it out as a whole, or not at all.
    if (bytes.length !== length || writeSync(descriptor, bytes, 0, length, 0) !== length)
      writeAtomically(file, `${text}\n`, { durable: false });
  } finally {
    closeSync(descriptor);
  }
}

/** As writeJsonAtomically, for text and bytes. */
export function writeAtomically(file: string, text: string | Uint8Array, options: WriteOptions = {}): void {
  const { keepOwner = false, durable = true } = options;
  const owner = keepOwner ? statSync(file) : options.owner;
  const folder = dirname(file);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  // Begins with a dot and does not end in .yaml: nobody takes it for a service definition.
  const temporary = join(folder, `.${basename(file)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    writeNewFile(temporary, text, durable, owner);
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  if (durable) syncFolder(folder);
}

/**
 * fsync before the rename: some file systems would otherwise show an empty file after a power failure. Owner and mode by the
 * descriptor: whoever the folder belongs to may have put something else in the place of its name.
 */
function writeNewFile(file: string, text: string | Uint8Array, durable: boolean, owner: FileOwner | undefined): void {
  const descriptor = openSync(file, 'wx', 0o600);
  try {
    writeFileSync(descriptor, text);
    if (owner !== undefined) fchownSync(descriptor, owner.uid, owner.gid);
    fchmodSync(descriptor, owner === undefined ? 0o600 : owner.mode & 0o777);
    if (durable) fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Makes the rename itself durable. */
export function syncFolder(folder: string): void {
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
