import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { NativeCheck } from '../model/index.js';
import { startNativeCheck } from './native-check.js';

const ADDRESS = '127.0.0.1';
const OTHER = '127.0.0.2';
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

/** Where nobody listens. */
async function closedPort(): Promise<number> {
  const server = createServer();
  const port = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  servers.length = 0;
  return port;
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
    const port = await closedPort();
    expect(await check({ kind: 'tcp', port }).outcome).toMatchObject({
      result: 'failed',
      reason: `TCP connection to ${ADDRESS}:${port}: connect ECONNREFUSED ${ADDRESS}:${port}`,
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

  it('can be ended', async () => {
    const asked = vi.fn();
    const port = await http(asked);
    const call = check({ ...GET, port });
    await vi.waitFor(() => expect(asked).toHaveBeenCalled(), { timeout: 60_000 });
    call.kill();
    expect(await call.outcome).toEqual({ result: 'killed' });
  });
});
