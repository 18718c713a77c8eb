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
  let timer: NodeJS.Timeout | undefined;
  const outcome = new Promise<PrimitiveOutcome>((resolve) => {
    // What has come while this process stood still is read before the time is over.
    timer = setTimeout(() => setImmediate(() => resolve(timedOut('', timeoutMs))), timeoutMs);
    ending.signal.addEventListener('abort', () => resolve({ result: 'killed' }));
    const answered = asked.map(async (address) => {
      const answer = await ask(check, address, ending.signal);
      if (answer !== null) resolve(notRun(answer));
    });
    const output = `${asked.map((address) => described(check, address)).join(', ')}: well`;
    void Promise.all(answered).then(() => resolve({ result: 'succeeded', output }));
  });
  void outcome.then(() => {
    clearTimeout(timer);
    ending.abort();
  });
  return { outcome, kill: () => ending.abort() };
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
    const { port, path } = check;
    const request = get({ host: address, port, path, signal, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      let length = 0;
      const end = () => {
        request.destroy();
        resolve(judged(check, where, response.statusCode ?? 0, Buffer.concat(chunks).toString('utf8')));
      };
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        length += chunk.length;
        if (length >= MOST_BODY_BYTES) end();
      });
      response.on('end', end);
      response.on('error', (error) => resolve(failed(check, address, error)));
      if (response.statusCode !== check.status || check.body === null) end();
    });
    request.on('error', (error) => resolve(failed(check, address, error)));
  });
}

function judged({ status, body }: NativeCheck & { kind: 'http' }, where: string, got: number, text: string): Answer {
  if (got !== status) return `${where} answered ${got}, expected ${status}`;
  if (body !== null && !text.includes(body)) return `${where} answered ${got}, but its body does not contain "${body}"`;
  return null;
}

function failed(check: NativeCheck, address: string, error: Error): string {
  return `${described(check, address)}: ${error.message}`;
}

function described(check: NativeCheck, address: string): string {
  return check.kind === 'tcp'
    ? `TCP connection to ${address}:${check.port}`
    : `GET http://${address}:${check.port}${check.path}`;
}
