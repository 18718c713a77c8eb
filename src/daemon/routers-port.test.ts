import { expect, test } from 'vitest';
import { ConsoleBusy, type VtyConsole, VtyUnavailable } from '../routing/index.js';
import { routersPort } from './routers-port.js';

type Run = VtyConsole['run'];

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
  await routers.run('ospfd', ['show ip ospf neighbor'], 'vera');
  await routers.run('ospfd', ['configure terminal', 'ip ospf authentication-key geheim'], 'anna');
  expect(logged).toEqual([
    'anna gives ospfd: configure terminal; ip ospf authentication-key ***',
    'ospfd to anna: done',
  ]);
});

test.each([new VtyUnavailable('mgmtd', 'no such file'), new ConsoleBusy('4 commands are under way')])(
  'a daemon without an answer is a sentence: %s',
  async (error) => {
    const { port: routers } = port(() => Promise.reject(error));
    expect(await routers.run('mgmtd', ['show version'], 'vera')).toEqual({
      outcome: 'unavailable',
      text: error.message,
    });
  },
);

test('a mistake of ours is not taken for an answer', async () => {
  const { port: routers } = port(() => Promise.reject(new TypeError('broken')));
  await expect(routers.run('ospfd', ['show version'], 'vera')).rejects.toThrow('broken');
});
