import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { AlertBy } from '../../config/index.js';
import { Delivery } from '../thread/delivery.js';
import type { Alert } from '../thread/messages.js';
import { runProgram } from './run-program.js';
import { targetOf } from './target.js';

const SENDER = { cluster: 'default', node: 'alpha' };

const ALERT: Alert = {
  severity: 'critical',
  repeated: false,
  event: {
    ...{
      seq: 7,
      at: '2026-01-02T03:04:05.678Z',
      node: '10.0.0.1',
      kind: 'failure',
      service: 'WEB',
      from: 'active/started',
    },
    ...{ to: 'active/failed', operator: null, text: 'start failed: $(touch hacked); "x"\nBcc: eve@example.org é' },
  },
};

let folder: string;
let server: Server | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'srrd-alert-'));
});

afterEach(() => {
  server?.close();
  server = undefined;
  rmSync(folder, { recursive: true });
});

/** A program that writes what it was given into a file, one argument or variable a line. */
function program(script: string): string {
  const path = join(folder, 'program');
  writeFileSync(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return path;
}

const written = () => readFileSync(join(folder, 'out'), 'utf8');

const send = (by: AlertBy, ...alerts: Alert[]) => targetOf(by, SENDER).send(alerts.length === 0 ? [ALERT] : alerts);

test('a command has the event in its environment, and no shell has read it', async () => {
  const path = program(`{ echo "$1"; env; } > ${join(folder, 'out')}`);
  await send({ type: 'command', argv: [path, '; false'] });
  expect(written().split('\n')).toEqual(
    expect.arrayContaining([
      '; false',
      'SRRD_SEVERITY=critical',
      'SRRD_SERVICE=WEB',
      'SRRD_REPORTER=alpha',
      'SRRD_TO=active/failed',
      'SRRD_TEXT=start failed: $(touch hacked); "x" Bcc: eve@example.org é',
    ]),
  );
});

test('sendmail gets one mail of all that wait, in which no event makes a header', async () => {
  const path = program(`{ echo "$@"; cat; } > ${join(folder, 'out')}`);
  const mail = {
    type: 'mail',
    sendmail: path,
    from: 'srrd@example.org',
    to: ['ops@example.org', 'b@example.org'],
  } as const;
  await send(mail, ALERT, ALERT);
  const [head = '', body = ''] = written().split('\n\n');
  expect(head.split('\n')[0]).toBe('-i -f srrd@example.org -- ops@example.org b@example.org');
  expect(head).toContain('Subject: [default] 2 events');
  expect(head).not.toMatch(/^Bcc/m);
  expect(Buffer.from(body, 'base64').toString()).toMatch(
    /^2026-01-02T03:04:05.678Z critical: WEB on 10.0.0.1: start failed/,
  );
  await send(mail);
  const subject = /^Subject: (.*(?:\n .*)*)$/m.exec(written())?.[1] ?? '';
  const words = [...subject.matchAll(/=\?utf-8\?B\?([^?]*)\?=/g)].map(([, word = '']) =>
    Buffer.from(word, 'base64').toString(),
  );
  expect(words.join('')).toContain('Bcc: eve@example.org é');
});

test('an HTTP server that fails twice gets the third, with the token of the file, which no sentence names', async () => {
  const asked: { readonly headers: IncomingHttpHeaders; readonly body: string }[] = [];
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (part) => {
      body += part;
    });
    request.on('end', () => {
      asked.push({ headers: request.headers, body });
      response.statusCode = asked.length <= 2 ? 503 : 204;
      response.end();
    });
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server?.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  writeFileSync(join(folder, 'token'), 'secret-token\n');
  const { send: deliver } = targetOf(
    {
      type: 'webhook',
      url: `http://127.0.0.1:${port}/hook?key=secret-key`,
      tokenFile: join(folder, 'token'),
      caFile: null,
    },
    SENDER,
  );
  const troubles: (string | null)[] = [];
  const changed = ({ trouble }: { readonly trouble: string | null }) => troubles.push(trouble);
  const delivery = new Delivery({ name: 'hook', send: deliver, together: 1, changed, firstPauseMs: 10 });
  delivery.put(ALERT);
  await expect.poll(() => delivery.state.sent).toBe(1);
  expect(asked).toHaveLength(3);
  expect(asked[2]?.headers).toMatchObject({ authorization: 'Bearer secret-token', 'content-type': 'application/json' });
  expect(JSON.parse(asked[2]?.body ?? '')).toEqual({
    ...SENDER_WORDS,
    severity: 'critical',
    repeated: false,
    event: ALERT.event,
  });
  expect(troubles.slice(0, 2)).toEqual([`127.0.0.1:${port} answered HTTP 503`, `127.0.0.1:${port} answered HTTP 503`]);
});

const SENDER_WORDS = { cluster: 'default', reporter: 'alpha' };

test('a program that fails or hangs is a sentence, and what hangs is killed with what it has started', async () => {
  const failing = program('echo no such host >&2; exit 3');
  await expect(send({ type: 'command', argv: [failing] })).rejects.toThrow(/program ended with 3: no such host/);
  await expect(send({ type: 'command', argv: [join(folder, 'none')] })).rejects.toThrow(/none cannot be run/);
  const hanging = program('sleep 1000 & wait');
  await expect(runProgram({ argv: [hanging], withinMs: 200 })).rejects.toThrow('had not ended after 0.2 s');
});
