import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Primitive, ServiceDefinition } from '../model/index.js';
import { PrimitiveRunner } from './runner.js';
import { definitionOf, makefileWith, requestFor } from './testing.js';

/** Every Debian has it (base-passwd). */
const DAEMON = 'daemon';

const NOBODY = 65_534;

let stateDir: string;
let runner: PrimitiveRunner;
const folders: string[] = [];

beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), 'srrd-user-'));
  runner = new PrimitiveRunner({ node: { name: 'alpha', cluster: 'default' }, stateDir });
});

afterEach(async () => {
  await runner.stop();
  for (const folder of [stateDir, ...folders.splice(0)]) rmSync(folder, { recursive: true });
});

describe.runIf(process.geteuid?.() === 0)('SRRD_STATE_DIR of a service with a user', () => {
  test('is reached through a state directory of the mode that the shipped unit gives it at each start', async () => {
    const [, mode = ''] = /^StateDirectoryMode=(\d+)$/m.exec(readFileSync('debian/srrd.service', 'utf8')) ?? [];
    const web = await service('start:\n\t@id -un >$(SRRD_STATE_DIR)/name\n', { user: DAEMON });
    await expectSuccess(web, 'start');
    expect(statSync(stateDir).mode & 0o7777).toBe(Number.parseInt(mode, 8));
  });

  test.each([undefined, DAEMON])('that a former user has written is put aside before %s works in it', async (user) => {
    const rules =
      '.PHONY: activate\nactivate:\nstart:\n\t@ls -A $(SRRD_STATE_DIR)\nstop:\n\t@>$(SRRD_STATE_DIR)/planted\n';
    const web = await service(rules, user === undefined ? {} : { user });
    const folder = join(stateDir, 'run', 'WEB');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'planted'), 'by nobody');
    chownSync(folder, NOBODY, NOBODY);
    // What runs may be known from this folder alone.
    expect(await runner.run(requestFor(web, 'stop'))).toMatchObject({
      result: 'failed',
      reason: expect.stringContaining("run/WEB belongs to a former 'user': see that nothing of the service runs"),
    });
    await expectSuccess(web, 'activate');
    expect(await runner.run(requestFor(web, 'start'))).toEqual({ result: 'succeeded', output: '' });
    const [aside = '', ...more] = readdirSync(join(stateDir, 'run')).filter((name) => name !== 'WEB');
    expect([aside, more]).toEqual([expect.stringMatching(/^WEB~65534-\d+$/), []]);
    expect(readFileSync(join(stateDir, 'run', aside, 'planted'), 'utf8')).toBe('by nobody');
    // Its own is kept.
    await expectSuccess(web, 'stop');
    await expectSuccess(web, 'activate');
    expect(readdirSync(folder)).toEqual(['planted']);
  });
});

async function service(rules: string, changes: Partial<ServiceDefinition>): Promise<ServiceDefinition> {
  const makefile = await makefileWith(rules);
  folders.push(dirname(makefile));
  chmodSync(dirname(makefile), 0o755);
  chmodSync(makefile, 0o644);
  return definitionOf(makefile, changes);
}

async function expectSuccess(definition: ServiceDefinition, primitive: Primitive): Promise<void> {
  expect(await runner.run(requestFor(definition, primitive))).toMatchObject({ result: 'succeeded' });
}
