import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { MAX_ADDRESSES, type NativeCheck } from '../model/index.js';
import { startNativeCheck } from './native-check.js';

const ADDRESS = '127.0.0.1';
const OTHER = '127.0.9.2';
/** Nobody listens there at a port that is taken at ADDRESS. */
const NOBODY = '127.0.9.3';
const LONG_MS = 60_000;
const servers: Server[] = [];

const sockets = new Set<Socket>();

afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  sockets.clear();
  for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
});

async function listen(server: Server, address = ADDRESS, port = 0): Promise<number> {
  servers.push(server);
  server.on('connection', (socket: Socket) => sockets.add(socket.on('error', () => {})));
  await new Promise<void>((resolve) => server.listen(port, address, resolve));
  return (server.address() as AddressInfo).port;
}

/** Hangs when nothing is answered. */
function http(answer: RequestListener, address = ADDRESS, port = 0): Promise<number> {
  return listen(createHttpServer(answer), address, port);
}

function check(native: NativeCheck, addresses: readonly string[] = [ADDRESS], timeoutMs = LONG_MS) {
  return startNativeCheck(native, { addresses }, timeoutMs);
}

const GET = { kind: 'http', path: '/health', status: 200, body: null } as const;

/** Answers each request with these bytes. */
function raw(bytes: string | ((socket: Socket) => void)): Promise<number> {
  const answer = typeof bytes === 'string' ? (socket: Socket) => socket.write(bytes) : bytes;
  return listen(createServer((socket) => socket.once('data', () => answer(socket))));
}

/** This thread, and what runs in it, does nothing for so long. */
function standStill(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

describe('a TCP check', () => {
  it('succeeds where somebody listens', async () => {
    const port = await listen(createServer((socket) => socket.destroy()));
    expect(await check({ kind: 'tcp', port }).outcome).toEqual({
      result: 'succeeded',
      output: `TCP connection to ${ADDRESS}:${port}: well`,
    });
  });

  it('fails where nobody does, and says why', async () => {
    const port = await listen(createServer());
    expect(await check({ kind: 'tcp', port }, [NOBODY]).outcome).toMatchObject({
      result: 'failed',
      reason: `TCP connection to ${NOBODY}:${port}: connect ECONNREFUSED ${NOBODY}:${port}`,
    });
  });

  it('asks every address of the service', async () => {
    const port = await listen(createServer((socket) => socket.destroy()));
    expect(await check({ kind: 'tcp', port }, [ADDRESS, OTHER]).outcome).toMatchObject({ result: 'failed' });
    await listen(
      createServer((socket) => socket.destroy()),
      OTHER,
      port,
    );
    expect(await check({ kind: 'tcp', port }, [ADDRESS, OTHER]).outcome).toMatchObject({ result: 'succeeded' });
  });

  it('asks sixteen addresses without a warning', async () => {
    const warned = vi.fn();
    const hear = ({ name }: Error) => name === 'MaxListenersExceededWarning' && warned();
    process.on('warning', hear);
    try {
      const port = await listen(createServer());
      const addresses = Array.from({ length: MAX_ADDRESSES }, (_, index) => `127.0.8.${index + 1}`);
      expect(await check({ kind: 'tcp', port }, addresses).outcome).toMatchObject({ result: 'failed' });
      expect(await check({ ...GET, port }, addresses).outcome).toMatchObject({ result: 'failed' });
      await new Promise((resolve) => setImmediate(resolve));
      expect(warned).not.toHaveBeenCalled();
    } finally {
      process.off('warning', hear);
    }
  });

  it('asks 127.0.0.1 for a resource', async () => {
    const port = await listen(createServer((socket) => socket.destroy()));
    expect(await check({ kind: 'tcp', port }, []).outcome).toMatchObject({ result: 'succeeded' });
  });
});

describe('an HTTP check', () => {
  it('asks for the path, and wants the status and the text', async () => {
    const asked: (string | undefined)[] = [];
    const port = await http((request, response) => {
      asked.push(request.url);
      response.end('all is ok here');
    });
    expect(await check({ ...GET, port, body: 'ok' }).outcome).toMatchObject({ result: 'succeeded' });
    expect(asked).toEqual(['/health']);
    expect(await check({ ...GET, port, body: 'fine' }).outcome).toMatchObject({
      result: 'failed',
      reason: `GET http://${ADDRESS}:${port}/health answered 200, but its body does not contain "fine"`,
    });
  });

  it('fails with another status', async () => {
    const port = await http((_request, response) => {
      response.statusCode = 503;
      response.end();
    });
    expect(await check({ ...GET, port }).outcome).toMatchObject({
      result: 'failed',
      reason: `GET http://${ADDRESS}:${port}/health answered 503, expected 200`,
    });
    expect(await check({ ...GET, port, status: 503 }).outcome).toMatchObject({ result: 'succeeded' });
  });

  it('does not read without end', async () => {
    const port = await http((_request, response) => {
      const more = () => {
        if (!response.destroyed) response.write('x'.repeat(16_384), () => setImmediate(more));
      };
      more();
    });
    expect(await check({ ...GET, port, body: 'ok' }).outcome).toMatchObject({ result: 'failed' });
  });

  it('fails when it is not HTTP, or breaks off', async () => {
    const other = await listen(createServer((socket) => socket.end('220 mail\r\n')));
    expect(await check({ ...GET, port: other }).outcome).toMatchObject({ result: 'failed' });
    const broken = await http((_request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('o', () => response.destroy());
    });
    expect(await check({ ...GET, port: broken, body: 'ok' }).outcome).toMatchObject({ result: 'failed' });
  });

  it('ends with the text that it wants, where the answer itself does not end', async () => {
    const port = await http((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: all ok\n\n');
    });
    expect(await check({ ...GET, port, body: 'ok' }).outcome).toMatchObject({ result: 'succeeded' });
  });

  it('finds a text that comes in parts, cut inside a character', async () => {
    const bytes = Buffer.from('it is für alle');
    const port = await http((_request, response) => {
      const next = (at: number) => {
        if (at < bytes.length) response.write(bytes.subarray(at, at + 1), () => setImmediate(() => next(at + 1)));
      };
      next(0);
    });
    expect(await check({ ...GET, port, body: 'für alle' }).outcome).toMatchObject({ result: 'succeeded' });
  });

  it('reads an answer to its end, whose connection closes with it', async () => {
    const port = await raw((socket) => socket.end('HTTP/1.0 200 OK\r\n\r\nall is fine'));
    expect(await check({ ...GET, port, body: 'ok' }).outcome).toMatchObject({
      result: 'failed',
      reason: `GET http://${ADDRESS}:${port}/health answered 200, but its body does not contain "ok"`,
    });
    expect(await check({ ...GET, port, body: 'fine' }).outcome).toMatchObject({ result: 'succeeded' });
  });

  it('fails when another protocol is offered, and when nothing is answered', async () => {
    const upgrade = 'HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n';
    const port = await raw(upgrade);
    expect(await check({ ...GET, port }).outcome).toMatchObject({
      result: 'failed',
      reason: `GET http://${ADDRESS}:${port}/health answered 101, expected 200`,
    });
    const silent = await raw((socket) => socket.end());
    expect(await check({ ...GET, port: silent }).outcome).toMatchObject({ result: 'failed' });
  });

  it('waits for the final answer through some interim ones, not through any number', async () => {
    const interim = 'HTTP/1.1 103 Early Hints\r\n\r\n';
    const some = await raw(`${interim.repeat(9)}HTTP/1.1 200 OK\r\n\r\n`);
    expect(await check({ ...GET, port: some }).outcome).toMatchObject({ result: 'succeeded' });
    const many = await raw(interim.repeat(10));
    expect(await check({ ...GET, port: many }).outcome).toMatchObject({
      result: 'failed',
      reason: `GET http://${ADDRESS}:${many}/health answered with 1xx 10 times, expected a final answer, 200`,
    });
  });
});

describe('a check that is not answered', () => {
  it('times out in the words of every other', async () => {
    const port = await http(() => {});
    expect(await check({ ...GET, port }, [ADDRESS], 200).outcome).toEqual({
      result: 'timed-out',
      reason: 'not finished within 0.2 s',
      output: '',
    });
  });

  it.each([
    ['TCP', { kind: 'tcp' }],
    ['HTTP', { ...GET, body: 'fine' }],
  ] as const)('has its time when srrd stood still for longer than the timeout: %s', async (_kind, native) => {
    const port = await http((_request, response) => response.end('all is fine'));
    const call = check({ ...native, port }, [ADDRESS], 1000);
    standStill(1200);
    expect(await call.outcome).toMatchObject({ result: 'succeeded' });
  });

  it('can be ended', async () => {
    const asked = vi.fn();
    const port = await http(asked);
    const call = check({ ...GET, port });
    await vi.waitFor(() => expect(asked).toHaveBeenCalled(), { timeout: 60_000 });
    call.kill();
    expect(await call.outcome).toEqual({ result: 'killed' });
  });
});
