import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { answerApi } from './api.js';
import type { FakeNodeOptions } from './node-options.js';

/** One fake node: serves the built pages and an API of the real one's shapes. */
export interface FakeNode {
  readonly url: string;
  readonly port: number;
  /** Ends it, with its open streams, as a daemon that is killed. */
  stop(): Promise<void>;
  /** Starts it again on the same port. */
  start(): Promise<void>;
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
};

/** As the real server's (docs/web-pages.md): what the pages may not do here, they may not do there. */
const CONTENT_SECURITY_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

export async function startFakeNode(options: FakeNodeOptions): Promise<FakeNode> {
  let server = await listen(options, options.port ?? 0);
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const node = options.world.nodeNamed(options.routerId);
  if (node !== undefined) node.web = `127.0.0.1:${port}`;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
    start: async () => {
      server = await listenAgain(options, port);
    },
  };
}

function listen(options: FakeNodeOptions, port: number): Promise<Server> {
  const server = createServer((request, response) => {
    response.setHeader('content-security-policy', CONTENT_SECURITY_POLICY);
    response.setHeader('cache-control', 'no-store');
    handle(options, request, response).catch((error: Error) => {
      if (!response.headersSent) response.writeHead(500, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ error: error.message, code: 'failed' }));
    });
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}

/** While nobody listened, the kernel may have given the port to a connection of somebody else, for a moment. */
async function listenAgain(options: FakeNodeOptions, port: number): Promise<Server> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await listen(options, port);
    } catch (error) {
      if (attempt === LISTEN_ATTEMPTS) throw error;
      await sleep(100);
    }
  }
}

const LISTEN_ATTEMPTS = 200;

async function handle(options: FakeNodeOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://localhost');
  if (url.pathname.startsWith('/api/')) return answerApi(options, request, response, url);
  const file = normalize(join(options.folder, url.pathname));
  const found = file.startsWith(options.folder) && existsSync(file) && statSync(file).isFile();
  const served = found ? file : join(options.folder, 'index.html');
  response.setHeader('content-type', TYPES[extname(served)] ?? 'application/octet-stream');
  const compressed = request.headers['accept-encoding']?.includes('br') && existsSync(`${served}.br`);
  if (compressed) response.setHeader('content-encoding', 'br');
  createReadStream(compressed ? `${served}.br` : served).pipe(response);
}
