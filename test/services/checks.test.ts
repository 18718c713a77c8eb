import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { execa } from 'execa';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

// services/checks on small servers. Those of SIP, DNS, SQL, mail and TLS are also used by the services beside this test, on
// the real programs.

const CHECKS = join(import.meta.dirname, '../../services/checks');
const folder = mkdtempSync(join(tmpdir(), 'srrd-checks-'));
const closers: (() => void)[] = [];

afterEach(() => {
  for (const close of closers.splice(0)) close();
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Its status, and what it said, as srrd would show it. */
async function check(name: string, ...args: string[]): Promise<string> {
  const ended = await execa(join(CHECKS, name), args, { reject: false, all: true });
  return [ended.exitCode, ended.all].join(' ').trim();
}

describe('a check of a page', () => {
  it('wants the status, and the words in it', async () => {
    const port = await listening(
      createHttpServer((request, answer) => {
        answer.statusCode = request.url === '/testdb.php' ? 200 : 503;
        answer.end('<p>dbworking</p>\n');
      }),
    );
    const page = `http://127.0.0.1:${port}/testdb.php`;
    expect(await check('http', page)).toBe('0');
    expect(await check('http', '--contains', 'dbworking', page)).toBe('0');
    expect(await check('http', '--contains', 'db*ing', page)).toBe(`1 ${page}: "db*ing" is not in the page`);
    const other = `http://127.0.0.1:${port}/`;
    expect(await check('http', other)).toBe(`1 ${other}: expected status 200, got 503`);
    expect(await check('http', '--status', '503', other)).toBe('0');
  });
});

describe('a number', () => {
  it('may begin with a zero', async () => {
    const greets = await listening(createServer((socket) => socket.end('220 mail.example.org ESMTP\r\n')));
    expect(await check('smtp', '--timeout', '08', '127.0.0.1', String(greets))).toBe('0');
    expect(await check('smtp', '--timeout', '00', '127.0.0.1', String(greets))).toContain('expected at least 1');
  });
});

describe('a check of a greeting', () => {
  it.each([
    ['smtp', '220 mail.example.org ESMTP', '554 no'],
    ['smtp', '220-mail.example.org ESMTP', '421 busy'],
    ['imap', '* OK ready', '* BYE full'],
    ['imap', '* PREAUTH welcome', '+ what'],
  ])('of %s takes "%s" and not "%s"', async (name, good, bad) => {
    const greet = async (line: string) => String(await listening(createServer((socket) => socket.end(`${line}\r\n`))));
    expect(await check(name, '127.0.0.1', await greet(good))).toBe('0');
    expect(await check(name, '127.0.0.1', await greet(bad))).toContain(`got "${bad}"`);
  });
});

describe('a check of SIP', () => {
  it('wants 200 for its OPTIONS, at the port that it asked from', async () => {
    const port = await answering((question) => {
      const text = question.toString('latin1');
      const echoed = text.split('\r\n').filter((line) => /^(Via|From|To|Call-ID|CSeq):/.test(line));
      const status =
        text.startsWith('OPTIONS sip:127.0.0.1') && text.endsWith('\r\n\r\n') ? '200 OK' : '400 Bad Request';
      return Buffer.from([`SIP/2.0 ${status}`, ...echoed, 'Content-Length: 0', '', ''].join('\r\n'));
    });
    expect(await check('sip', '127.0.0.1', String(port))).toBe('0');
    expect(await check('sip', '--status', '404', '127.0.0.1', String(port))).toContain('got "SIP/2.0 200 OK"');
  });
});

describe('a check of a name server', () => {
  it('wants a record, and this one', async () => {
    const port = String(await answering(nameServer('www.example.org', [192, 0, 2, 7])));
    expect(await check('dns', '--port', port, '127.0.0.1', 'www.example.org')).toBe('0');
    expect(await check('dns', '--port', port, '--expect', '192.0.2.7', '127.0.0.1', 'www.example.org')).toBe('0');
    expect(await check('dns', '--port', port, '--expect', '192.0.2.8', '127.0.0.1', 'www.example.org')).toMatch(
      /^1 .*expected 192.0.2.8, got 192.0.2.7$/,
    );
    expect(await check('dns', '--port', port, '127.0.0.1', 'gone.example.org')).toMatch(/^1 .*no such record$/);
  });
});

describe('a check of a certificate', () => {
  let port: string;
  let authority: string;

  beforeAll(async () => {
    authority = join(folder, 'cert.pem');
    const key = join(folder, 'key.pem');
    const subject = ['-subj', '/CN=www.example.org', '-addext', 'subjectAltName=DNS:www.example.org'];
    const made = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '30'];
    await execa('openssl', [...made, ...subject, '-keyout', key, '-out', authority]);
    const server = createTlsServer({ key: readFileSync(key), cert: readFileSync(authority) }, (socket) => socket.end());
    port = String(await listening(server, 'kept'));
  });

  it('wants days until its end, and the authority and the name if they are given', async () => {
    expect(await check('tls', '--days', '29', '127.0.0.1', port)).toBe('0');
    expect(await check('tls', '--days', '31', '127.0.0.1', port)).toMatch(
      /^1 .*the certificate ends .*GMT, expected 31/,
    );
    expect(await check('tls', '--ca', authority, '--name', 'www.example.org', '127.0.0.1', port)).toBe('0');
    expect(await check('tls', '--ca', authority, '--name', 'other.example.org', '127.0.0.1', port)).toMatch(
      /^1 .*no TLS/,
    );
  });
});

describe('every check', () => {
  const asked: readonly (readonly [string, (port: string) => string[]])[] = [
    ['http', (port) => [`http://127.0.0.1:${port}/`]],
    ['smtp', (port) => ['127.0.0.1', port]],
    ['imap', (port) => ['127.0.0.1', port]],
    ['tls', (port) => ['127.0.0.1', port]],
    ['sip', (port) => ['127.0.0.1', port]],
    ['dns', (port) => ['--port', port, '127.0.0.1', 'www.example.org']],
    ['sql', (port) => ['--host', '127.0.0.1', '--port', port, 'mariadb']],
    ['sql', (port) => ['--host', '127.0.0.1', '--port', port, 'postgresql']],
  ];

  it.each(asked)('%s fails with a sentence when what it asks is mute: a hang does not hang it', async (name, args) => {
    const port = await mute();
    const said = await check(name, '--timeout', '2', ...args(String(port)));
    expect(said).toMatch(/^1 .{10,200}$/);
  });

  it.each([...asked, ['tcp', (port: string) => ['127.0.0.1', port]] as const])(
    '%s fails with a sentence when nothing listens',
    async (name, args) => {
      const port = await mute();
      for (const close of closers.splice(0)) close();
      expect(await check(name, ...args(String(port)))).toMatch(/^1 .{10,250}$/);
    },
  );

  it.each([...asked.map(([name]) => name), 'tcp', 'steady'])('%s says how it is called', async (name) => {
    expect(await check(name, '--nonsense', '1')).toMatch(/^2 expected .* got --nonsense; usage: /);
    expect(await check(name)).toMatch(/^2 expected .*; usage: /);
  });

  it('takes what accepts connections for good with tcp alone', async () => {
    expect(await check('tcp', '127.0.0.1', String(await mute()))).toBe('0');
  });

  it('ends with the process group that it was started in', async () => {
    const port = await mute();
    const child = spawn(join(CHECKS, 'smtp'), ['--timeout', '600', '127.0.0.1', String(port)], { detached: true });
    await expect.poll(async () => (await groupOf(child)).length).toBeGreaterThan(2);
    process.kill(-(child.pid ?? 0), 'SIGKILL');
    await once(child, 'close');
    await expect.poll(() => groupOf(child)).toEqual([]);
  });
});

describe('a check that has to be steady', () => {
  const good = ['--', '/bin/true'];
  const bad = ['--', '/bin/sh', '-c', 'echo broken; exit 1'];

  it('turns after as many results in a row as it is told, and the first counts at once', async () => {
    const state = join(folder, 'steady');
    const steady = async (what: string[]) => {
      const said = await check('steady', '--rise', '2', '--fall', '3', '--state', state, ...what);
      return said.replaceAll('\n', '; ');
    };
    expect(await steady(good)).toBe('0');
    expect(await steady(bad)).toBe('0 broken; bad for 1 of 3 times: still good');
    expect(await steady(bad)).toBe('0 broken; bad for 2 of 3 times: still good');
    expect(await steady(good)).toBe('0');
    expect(await steady(bad)).toBe('0 broken; bad for 1 of 3 times: still good');
    expect(await steady(bad)).toBe('0 broken; bad for 2 of 3 times: still good');
    expect(await steady(bad)).toBe('1 broken');
    expect(await steady(good)).toBe('1 good for 1 of 2 times: still bad');
    expect(await steady(bad)).toBe('1 broken');
    expect(await steady(good)).toBe('1 good for 1 of 2 times: still bad');
    expect(await steady(good)).toBe('0');
    rmSync(state);
    expect(await steady(bad)).toBe('1 broken');
  });
});

async function listening(server: Server, life: 'one test' | 'kept' = 'one test'): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  server.unref();
  if (life === 'one test') closers.push(() => server.close());
  return (server.address() as AddressInfo).port;
}

/** A port that takes connections and datagrams, and says nothing. */
async function mute(): Promise<number> {
  const sockets: { destroy(): void }[] = [];
  const server = createServer((socket) => {
    socket.on('error', () => {});
    sockets.push(socket);
  });
  const port = await listening(server);
  closers.push(() => {
    for (const socket of sockets) socket.destroy();
  });
  const udp = createSocket('udp4').bind(port, '127.0.0.1');
  await once(udp, 'listening');
  closers.push(() => udp.close());
  return port;
}

async function answering(answerTo: (question: Buffer) => Buffer): Promise<number> {
  const socket: Socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  socket.on('message', (question, from) => socket.send(answerTo(question), from.port, from.address));
  closers.push(() => socket.close());
  return socket.address().port;
}

/** Knows one name (RFC 1035, 4.1). */
function nameServer(name: string, address: readonly number[]): (question: Buffer) => Buffer {
  const wanted = Buffer.from(
    `${name
      .split('.')
      .map((label) => String.fromCharCode(label.length) + label)
      .join('')}\0`,
  );
  return (question) => {
    const end = question.indexOf(0, 12) + 5;
    const isKnown = question.subarray(12, end - 4).equals(wanted);
    const head = Buffer.from(question.subarray(0, 12));
    // An authoritative answer; NXDOMAIN for what is not known; no additional records.
    head.writeUInt16BE(isKnown ? 0x8400 : 0x8403, 2);
    head.writeUInt16BE(isKnown ? 1 : 0, 6);
    head.writeUInt16BE(0, 10);
    const record = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, ...address]);
    return Buffer.concat([head, question.subarray(12, end), ...(isKnown ? [record] : [])]);
  };
}

async function groupOf({ pid }: ChildProcess): Promise<string[]> {
  const { stdout } = await execa('ps', ['-A', '-o', 'pgid=,stat=']);
  return stdout.split('\n').filter((line) => new RegExp(`^\\s*${pid}\\s+[^Z]`).test(line));
}
