import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ServiceDefinition } from '../../src/model/index.js';
import { PrimitiveRunner } from '../../src/primitives/index.js';
import { definitionOf, requestFor } from '../../src/primitives/testing.js';

/** Debian gives it to all machines (base-passwd): no home, and nobody runs anything as it. */
const USER = 'games';

/** Where the user may go, wherever TMPDIR is. */
let folder: string;
let stateDir: string;
let runner: PrimitiveRunner;

beforeEach(() => {
  folder = mkdtempSync('/tmp/srrd-as-user-');
  chmodSync(folder, 0o755);
  stateDir = join(folder, 'state');
  mkdirSync(stateDir, { mode: 0o700 });
  runner = new PrimitiveRunner({ node: { name: 'alpha', cluster: 'default' }, stateDir });
});

afterEach(async () => {
  await runner.stop();
  rmSync(folder, { recursive: true });
});

describe('a primitive of a definition with a user', () => {
  it('runs as that user, with its groups and its home, and no more rights than it', async () => {
    expect(await outputOf('id -un')).toBe('root');
    const asked = 'id -un; id -gn; echo $$HOME $$USER $$LOGNAME; grep Cap /proc/self/status; echo there >/dev/stderr';
    expect((await outputOf(asked, { user: USER })).split('\n')).toEqual([
      USER,
      'games',
      `/usr/games ${USER} ${USER}`,
      expect.stringMatching(/^CapInh:\t0+$/),
      expect.stringMatching(/^CapPrm:\t0+$/),
      expect.stringMatching(/^CapEff:\t0+$/),
      expect.stringMatching(/^CapBnd:/),
      expect.stringMatching(/^CapAmb:\t0+$/),
      'there',
    ]);
    expect(await outputOf('id -un; echo $$HOME', { user: USER, variables: { HOME: '/srv' } })).toBe(`${USER}\n/srv`);
  });

  it('may write in a folder of its own, and sees nothing else of the state directory', async () => {
    const services = join(stateDir, 'services');
    mkdirSync(services, { mode: 0o755 });
    writeFileSync(join(services, 'WEB.yaml'), 'variables: { PASSWORD: secret }', { mode: 0o644 });
    const written = await outputOf('echo x >$$SRRD_STATE_DIR/mine && cat $$SRRD_STATE_DIR/mine', { user: USER });
    expect(written).toBe('x');
    expect(statSync(join(stateDir, 'run', 'WEB')).mode & 0o777).toBe(0o700);
    for (const path of ['', 'run', 'services', 'services/WEB.yaml', 'primitives'])
      expect(
        await outputOf(`cat ${join(stateDir, path)} || ls ${join(stateDir, path)} || echo no`, { user: USER }),
      ).toMatch(/Permission denied\nno$/);
  });

  it('that is not there does not run, and the reason says so', async () => {
    const outcome = await run('echo ran', { user: 'srrd-nobody-has-it' });
    expect(outcome).toMatchObject({
      result: 'failed',
      reason: expect.stringContaining('there is no user srrd-nobody'),
    });
  });

  it('is ended at its time limit as others are, with what it has started', async () => {
    const makefile = makefileWith('start:\n\t@sleep 1000 & echo $$! >$(SRRD_STATE_DIR)/pid; wait\n');
    const request = requestFor(definitionOf(makefile, { user: USER }), 'start', { timeoutMs: 3_000 });
    expect(await runner.run(request)).toMatchObject({ result: 'timed-out' });
  });
});

describe('the limits of a definition', () => {
  it('hold for each process, also as root', async () => {
    const limits = { openFiles: 64, memoryBytes: 2 ** 25 };
    expect(await outputOf('ulimit -n; ulimit -Hn', { limits })).toBe('64\n64');
    const greedy = 'dd if=/dev/zero of=/dev/null bs=128M count=1 2>/dev/null && echo had it || echo refused';
    expect(await outputOf(greedy, { limits })).toBe('refused');
    expect(await outputOf(greedy, {})).toBe('had it');
  });

  it('hold for the number of processes of a user', async () => {
    const many = 'for i in 1 2 3 4 5 6; do sleep 2 & done; wait; echo all';
    expect(await run(many, { user: USER, limits: { processes: 4 } })).toMatchObject({ result: 'failed' });
    expect(await outputOf(many, { user: USER, limits: { processes: 500 } })).toBe('all');
  });

  it('that cannot be had are the reason for which nothing runs', async () => {
    const outcome = await run('echo ran', { limits: { openFiles: 2 ** 30 } });
    expect(outcome).toMatchObject({
      result: 'failed',
      reason: expect.stringMatching(/^prlimit: .*within its limits$/),
    });
  });
});

async function run(recipe: string, changes: Partial<ServiceDefinition>) {
  const makefile = makefileWith(`start:\n\t@${recipe}\n`);
  return await runner.run(requestFor(definitionOf(makefile, changes), 'start'));
}

async function outputOf(recipe: string, changes: Partial<ServiceDefinition> = {}): Promise<string> {
  const outcome = await run(recipe, changes);
  expect(outcome).toMatchObject({ result: 'succeeded' });
  return 'output' in outcome ? outcome.output.trim() : '';
}

function makefileWith(text: string): string {
  const makefile = join(folder, 'Makefile');
  writeFileSync(makefile, text);
  return makefile;
}
