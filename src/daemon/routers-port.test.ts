import { expect, test, vi } from 'vitest';
import { testWeb } from '../http/testing-web.js';
import type { TestHolder } from '../http/tls/testing.js';
import { ConsoleBusy, VtyConsole, VtyUnavailable } from '../routing/index.js';
import { fakeUnixVty } from '../routing/vty/testing.js';
import { routersPort } from './routers-port.js';

type Run = VtyConsole['run'];

const VERA = { user: 'vera', isAdmin: false };
const ANNA = { user: 'anna', isAdmin: true };

function port(run: Run) {
  const logged: string[] = [];
  const write = (_fields: object, text: string) => void logged.push(text);
  const console = { run, complete: () => Promise.resolve([]) } as unknown as VtyConsole;
  return { port: routersPort(console, { info: write, warn: write } as never), logged };
}

const DONE: Run = (_daemon, commands) =>
  Promise.resolve({ answers: commands.map((command) => ({ command, output: '', refused: false })), cut: false });

test('who changes what is written down, without secrets; who looks is not', async () => {
  const { port: routers, logged } = port(DONE);
  await routers.run('ospfd', ['show ip ospf neighbor'], VERA);
  await routers.run('ospfd', ['configure terminal', 'ip ospf authentication-key geheim'], ANNA);
  expect(logged).toEqual([
    'anna gives ospfd: configure terminal; ip ospf authentication-key ***',
    'ospfd to anna: done',
  ]);
});

test.each([
  ['unavailable', new VtyUnavailable('mgmtd', 'no such file')],
  ['busy', new ConsoleBusy('4 commands are under way')],
] as const)('a daemon without an answer is a sentence: %s', async (outcome, error) => {
  const { port: routers } = port(() => Promise.reject(error));
  expect(await routers.run('mgmtd', ['show version'], VERA)).toEqual({
    outcome,
    text: error.message,
  });
});

test('a mistake of ours is not taken for an answer', async () => {
  const { port: routers } = port(() => Promise.reject(new TypeError('broken')));
  await expect(routers.run('ospfd', ['show version'], VERA)).rejects.toThrow('broken');
});

test('viewers who take all they can get keep no admin from the console', async () => {
  const vty = await fakeUnixVty((command) => (command === 'show version' ? 'silence' : {}));
  const address = { kind: 'unix', path: vty.path } as const;
  const console = new VtyConsole({
    vty: { ospfd: address, zebra: address, mgmtd: null },
    ...{ timeoutMs: 120_000, commandTimeoutMs: 120_000 },
  });
  const web = await testWeb({ ports: { routers: routersPort(console, { info: () => {}, warn: () => {} } as never) } });
  const ask = async (holder: TestHolder, command: string) => {
    const path = '/api/v1/routers/ospfd/commands';
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ command });
    const { statusCode, text } = await web.ask({ holder, method: 'POST', path, headers, body });
    return [statusCode, JSON.parse(text)] as const;
  };
  const viewers = ['a', 'b', 'c'].map((name) => web.ca.issue([`CN=${name}`, 'OU=viewer']));
  const answers = viewers.flatMap((viewer) => [1, 2, 3].map(() => ask(viewer, 'show version')));
  await vi.waitFor(() => expect(vty.commands.filter((command) => command === 'show version')).toHaveLength(4), 60_000);
  const refused = await ask(viewers[0]!, 'show ip route');
  expect(refused).toEqual([503, { error: expect.stringMatching(/for ospfd are under way/), code: 'busy' }]);
  const [status] = await ask(web.ca.issue(['CN=anna', 'OU=admin']), 'show ip route');
  expect(status).toBe(200);
  vty.dropSessions();
  const outcomes = (await Promise.all(answers)).map(([, { code }]) => code);
  expect(outcomes.filter((code) => code === 'busy')).toHaveLength(5);
  await web.close();
  await vty.close();
});
