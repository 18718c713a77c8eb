import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type Agent, request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AccessRule, SocketAddress, WebConfiguration } from '../config/index.js';
import type { AuditLog } from './audit.js';
import { prepareWeb, type WebServer } from './prepared-web.js';
import type { ApiPorts } from './server.js';
import { SILENT, testPorts } from './testing.js';
import { readTlsFiles } from './tls/files.js';
import { type TestCa, type TestHolder, testCa } from './tls/testing.js';
import { type RunWeb, runWeb } from './web-server.js';

export interface TestWeb {
  readonly port: number;
  readonly folder: string;
  readonly web: WebConfiguration;
  readonly server: WebServer;
  readonly ca: TestCa;
  /** Writes a list of revocations where `web.tls.crl` has it. */
  revoke(...holders: readonly TestHolder[]): void;
  /** As SIGHUP does. */
  reload(change?: Partial<WebConfiguration>): void;
  ask(asked: Asked): Promise<Answer>;
  close(): Promise<void>;
}

export interface Asked {
  readonly holder?: TestHolder | undefined;
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly agent?: Agent;
}

export interface Answer {
  readonly statusCode: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly text: string;
}

export const RULES: readonly AccessRule[] = (['viewer', 'operator', 'admin'] as const).map((role) => ({
  by: 'subject',
  attributes: [{ type: 'OU', value: role }],
  role,
}));

/** A web server with TLS on a free port of loopback. */
export async function testWeb(
  options: {
    ports?: Partial<ApiPorts>;
    access?: readonly AccessRule[];
    log?: AuditLog;
    run?: RunWeb;
    metrics?: SocketAddress;
    /** The node whose certificate it has. */
    name?: string;
  } = {},
): Promise<TestWeb> {
  const folder = mkdtempSync(join(tmpdir(), 'srrd-web-'));
  const at = (name: string) => join(folder, name);
  const ca = testCa('cluster');
  const own = ca.issue([`CN=${options.name ?? 'node'}`]);
  const write = (name: string, text: string) => writeFileSync(at(name), text, { mode: 0o600 });
  write('ca.pem', ca.cert);
  write('cert.pem', own.cert);
  write('key.pem', own.key);
  write('crl.pem', ca.crl([]));
  mkdirSync(at('pages'));
  write('pages/index.html', '<!doctype html><title>pages</title>');
  write('pages/app.js', '1;');
  const web: WebConfiguration = {
    listen: { host: '127.0.0.1', port: 0 },
    advertise: null,
    tls: { cert: at('cert.pem'), key: at('key.pem'), ca: [at('ca.pem')], crl: [at('crl.pem')] },
    access: options.access ?? RULES,
    nodes: {},
  };
  const configFile = at('srrd.yaml');
  const prepared = prepareWeb({
    configFile,
    web,
    metrics: options.metrics ?? null,
    pages: at('pages'),
    log: options.log ?? SILENT,
    run: options.run ?? runWeb,
  });
  const ports = testPorts(options.ports);
  const server = await prepared.listen(ports);
  return {
    port: server.port ?? 0,
    folder,
    web,
    server,
    ca,
    revoke: (...holders) => write('crl.pem', ca.crl(holders)),
    reload: (change = {}) => {
      const now = { ...web, ...change };
      if (now.tls !== null) server.tls?.reload(now, readTlsFiles(configFile, now.tls, Date.now()));
    },
    ask: (asked) => ask(server.port ?? 0, ca, asked),
    close: async () => {
      await server.close();
      rmSync(folder, { recursive: true });
    },
  };
}

function ask(port: number, ca: TestCa, { holder, method = 'GET', path, headers, body, agent }: Asked): Promise<Answer> {
  const identity = holder === undefined ? {} : { cert: holder.cert, key: holder.key };
  return new Promise((resolve, reject) => {
    const options = { port, host: '127.0.0.1', method, path, ca: ca.cert, ...identity, headers: { ...headers } };
    const sent = request({ ...options, agent: agent ?? false }, (response) => {
      const { statusCode = 0, headers } = response;
      // A stream does not end by itself.
      if (String(headers['content-type']).startsWith('text/event-stream')) {
        resolve({ statusCode, headers, text: '' });
        response.on('error', () => {}).destroy();
        return;
      }
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('error', reject);
      response.on('end', () => resolve({ statusCode, headers, text }));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
