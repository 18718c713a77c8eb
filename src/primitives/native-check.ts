import { setMaxListeners } from 'node:events';
import { get } from 'node:http';
import { connect } from 'node:net';
import type { PrimitiveOutcome } from '../cluster/index.js';
import type { NativeCheck, ServiceDefinition } from '../model/index.js';
import type { Call } from './call.js';
import { notRun, timedOut } from './outcome.js';

/** A resource has no address. */
const LOOPBACK = '127.0.0.1';
/** So much of an answer is looked through. */
const MOST_BODY_BYTES = 64 * 1024;
/** Interim answers (1xx, RFC 9110, 15.2) may come before the final one; without end they would be read until the timeout. */
const MOST_INTERIM_ANSWERS = 10;
/** The timeout is counted in so many pieces. */
const PIECES = 10;

/** null: it is well; else what is wrong, in a sentence. */
type Answer = string | null;

/**
 * Asks each address of the service, all at once, without a process. It succeeds when all have answered well. It ends when
 * all have, or with the first that does not, or after `timeoutMs`.
 */
export function startNativeCheck(
  check: NativeCheck,
  { addresses }: Pick<ServiceDefinition, 'addresses'>,
  timeoutMs: number,
): Call {
  const ending = new AbortController();
  const asked = addresses.length === 0 ? [LOOPBACK] : addresses;
  // Each connection listens to it; how many there are, the definition limits.
  setMaxListeners(0, ending.signal);
  let cancelTimeout = () => {};
  const outcome = new Promise<PrimitiveOutcome>((resolve) => {
    cancelTimeout = countDown(timeoutMs, () => resolve(timedOut('', timeoutMs)));
    ending.signal.addEventListener('abort', () => resolve({ result: 'killed' }));
    const answered = asked.map(async (address) => {
      const answer = await ask(check, address, ending.signal);
      if (answer !== null) resolve(notRun(answer));
    });
    const output = `${asked.map((address) => described(check, address)).join(', ')}: well`;
    void Promise.all(answered).then(() => resolve({ result: 'succeeded', output }));
  });
  void outcome.then(() => {
    cancelTimeout();
    ending.abort();
  });
  return { outcome, kill: () => ending.abort() };
}

/**
 * While this process stands still it neither asks nor reads, and an HTTP answer takes several turns of the event loop. So
 * the time is counted in pieces, one after the other: however long it stood still, that costs the check one piece.
 */
function countDown(ms: number, onOver: () => void): () => void {
  let left = PIECES;
  let timer: NodeJS.Timeout;
  const next = () => {
    timer = setTimeout(
      () => {
        left -= 1;
        if (left > 0) next();
        // What has come during the last piece is read first.
        else setImmediate(onOver);
      },
      Math.ceil(ms / PIECES),
    );
  };
  next();
  return () => clearTimeout(timer);
}

function ask(check: NativeCheck, address: string, signal: AbortSignal): Promise<Answer> {
  return check.kind === 'tcp' ? connects(check, address, signal) : answers(check, address, signal);
}

function connects(check: NativeCheck & { kind: 'tcp' }, address: string, signal: AbortSignal): Promise<Answer> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port: check.port, signal });
    socket.on('connect', () => {
      socket.destroy();
      resolve(null);
    });
    socket.on('error', (error) => resolve(failed(check, address, error)));
  });
}

function answers(check: NativeCheck & { kind: 'http' }, address: string, signal: AbortSignal): Promise<Answer> {
  const where = described(check, address);
  return new Promise((resolve) => {
    const { port, path, status, body } = check;
    const request = get({ host: address, port, path, signal, agent: false });
    const end = (answer: Answer) => {
      resolve(answer);
      request.destroy();
    };
    const closed = () => end(`${where}: closed without an answer`);
    const unexpected = (got = 0) => end(`${where} answered ${got}, expected ${status}`);
    let interim = 0;
    request.on('information', () => {
      interim += 1;
      if (interim < MOST_INTERIM_ANSWERS) return;
      end(`${where} answered with 1xx ${interim} times, expected a final answer, ${status}`);
    });
    request.on('upgrade', ({ statusCode }) => unexpected(statusCode));
    request.on('error', (error) => end(failed(check, address, error)));
    request.on('close', closed);
    request.on('response', (response) => {
      // An answer that is whole may be read after its connection has closed.
      request.off('close', closed);
      if (response.statusCode !== status) return unexpected(response.statusCode);
      if (body === null) return end(null);
      const missing = () => end(`${where} answered ${status}, but its body does not contain "${body}"`);
      const search = searchFor(body);
      let length = 0;
      response.on('data', (chunk: Buffer) => {
        length += chunk.length;
        if (search(chunk)) end(null);
        else if (length >= MOST_BODY_BYTES) missing();
      });
      response.on('end', missing);
      response.on('error', (error) => end(failed(check, address, error)));
    });
  });
}

/** Takes the parts one after the other. Compares bytes, since a part may end inside a character. */
function searchFor(text: string): (part: Buffer) => boolean {
  const wanted = Buffer.from(text);
  let last = Buffer.alloc(0);
  return (part) => {
    const seen = Buffer.concat([last, part]);
    last = seen.subarray(Math.max(0, seen.length - wanted.length + 1));
    return seen.includes(wanted);
  };
}

function failed(check: NativeCheck, address: string, error: Error): string {
  return `${described(check, address)}: ${error.message}`;
}

function described(check: NativeCheck, address: string): string {
  return check.kind === 'tcp'
    ? `TCP connection to ${address}:${check.port}`
    : `GET http://${address}:${check.port}${check.path}`;
}
