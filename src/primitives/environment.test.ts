import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { PrimitiveRunner } from './runner.js';
import { definitionOf, makefileWith, requestFor } from './testing.js';

let stateDir: string;
let runner: PrimitiveRunner;
const folders: string[] = [];

beforeEach(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'srrd-primitives-'));
  runner = new PrimitiveRunner({ node: { name: 'alpha', cluster: 'default' }, stateDir });
});

afterEach(async () => {
  await runner.stop();
  for (const folder of [stateDir, ...folders.splice(0)]) await rm(folder, { recursive: true, force: true });
});

test('it is what is documented and nothing else', async () => {
  const web = {
    ...(await service('start:\n\t@env -0 > environment; pwd > folder\n')),
    group: 'SHOP',
    addresses: ['172.16.15.128', '172.16.15.129'],
    variables: { PORT: '8080', SRRD_CLAIM: '99', MAKELEVEL: '3', LC_ALL: 'de_DE.UTF-8' },
  };
  await runner.run(requestFor(web, 'start', { context: { claim: 7, peers: ['10.0.0.2', '10.0.0.3'], recall: 2 } }));
  const environment = environmentSeen(web.makefile);
  const inherited = ['PATH', 'HOME', 'USER', 'LOGNAME', 'LANG', 'TZ'];
  const ofMakeAndShell = /^(MAKE.*|MFLAGS|PWD|OLDPWD|SHLVL|_)$/;
  const rest = Object.entries(environment).filter(([name]) => !inherited.includes(name) && !ofMakeAndShell.test(name));
  expect(Object.fromEntries(rest)).toEqual({
    PORT: '8080',
    LC_ALL: 'C',
    SRRD_SERVICE: 'WEB',
    SRRD_GROUP: 'SHOP',
    SRRD_CLUSTER: 'default',
    SRRD_NODE: 'alpha',
    SRRD_ADDRESSES: '172.16.15.128 172.16.15.129',
    SRRD_INTERFACE: 'lo',
    SRRD_PREFERENCE: '100',
    SRRD_CLAIM: '7',
    SRRD_PEERS: '10.0.0.2 10.0.0.3',
    SRRD_STATE_DIR: join(stateDir, 'run', 'WEB'),
    SRRD_RECALL: '2',
  });
  expect(environment.PATH).toBe(process.env.PATH);
  expect(existsSync(join(stateDir, 'run', 'WEB'))).toBe(true);
  expect(readFileSync(join(dirname(web.makefile), 'folder'), 'utf8').trim()).toBe(dirname(web.makefile));
});

test('join is told the peer, and failed the failure', async () => {
  const web = await service('join failed:\n\t@env -0 > environment\n');
  await runner.run(requestFor(web, 'join', { context: { peer: '10.0.0.2' } }));
  expect(environmentSeen(web.makefile).SRRD_PEER).toBe('10.0.0.2');
  await runner.run(requestFor(web, 'failed', { context: { failure: 'start-failed: no disk' } }));
  expect(environmentSeen(web.makefile)).toMatchObject({ SRRD_FAILURE: 'start-failed: no disk' });
  expect(environmentSeen(web.makefile)).not.toHaveProperty('SRRD_PEER');
});

test('no shell and no make reads a value on its way to the recipe', async () => {
  const value = `it's "so"; touch pwned; $(shell touch pwned) \`touch pwned\` $HOME $$ \\\nsecond line é`;
  const web = { ...(await service('start:\n\t@printf %s "$$TEXT" > text\n')), variables: { TEXT: value } };
  expect(await runner.run(requestFor(web, 'start'))).toMatchObject({ result: 'succeeded' });
  expect(readFileSync(join(dirname(web.makefile), 'text'), 'utf8')).toBe(value);
  expect(existsSync(join(dirname(web.makefile), 'pwned'))).toBe(false);
});

test('a value that no environment can hold is a failed call', async () => {
  const web = { ...(await service('start:\n')), variables: { TEXT: 'a\0b' } };
  const outcome = await runner.run(requestFor(web, 'start'));
  expect(outcome).toMatchObject({ result: 'failed', reason: expect.stringContaining('make could not be started') });
});

test('a path with spaces and odd characters is only a path', async () => {
  const web = await service('start:\n\t@echo $$PWD; exit 75\n', `it's a "b" $(c) d#e%f:g;h&i`);
  const outcome = await runner.run(requestFor(web, 'start'));
  expect(outcome).toMatchObject({ result: 'recall', output: expect.stringContaining(`${dirname(web.makefile)}\n`) });
});

test('the name of a service cannot lead out of the state directory', async () => {
  const web = { ...(await service('start:\n\t@echo "$$SRRD_STATE_DIR"\n')), name: '../../etc' };
  const outcome = await runner.run(requestFor(web, 'start'));
  expect(outcome).toMatchObject({ output: `${join(stateDir, 'run', '%2e.%2f..%2fetc')}\n` });
});

async function service(rules: string, folderName?: string) {
  const makefile = await makefileWith(rules, folderName);
  folders.push(dirname(makefile));
  return definitionOf(makefile);
}

function environmentSeen(makefile: string): Record<string, string> {
  const text = readFileSync(join(dirname(makefile), 'environment'), 'utf8');
  const entries = text.split('\0').filter((entry) => entry !== '');
  return Object.fromEntries(entries.map((entry) => entry.split(/=(.*)/s).slice(0, 2)));
}
