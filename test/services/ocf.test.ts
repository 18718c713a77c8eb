import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

// services/ocf with agents of Debian's resource-agents, and with one that answers as it is told to.

const FOLDER = join(import.meta.dirname, '../../services/ocf');
const state = mkdtempSync(join(tmpdir(), 'srrd-ocf-'));

/** Does what it is told: ACTION STATUS in its file `answers`; writes down what it was asked. */
const TOLD = `#!/bin/bash
echo "$1 $OCF_RESOURCE_INSTANCE $OCF_RESKEY_place $OCF_RESKEY_CRM_meta_timeout" >> "$OCF_ROOT/asked"
if [ "$1" = meta-data ]; then cat "$OCF_ROOT/meta-data"; exit 0; fi
status=$(sed -n "s/^$1 //p" "$OCF_ROOT/answers" | head -n 1)
[ -z "$status" ] || sed -i "0,/^$1 /{/^$1 /d}" "$OCF_ROOT/answers"
[ "$status" != hang ] || exec sleep 60
[ "\${status:-0}" = 0 ] || echo "ocf-exit-reason:told to" >&2
exit "\${status:-0}"
`;

const META_DATA = `<?xml version="1.0"?>
<resource-agent name="told"><parameters>
<parameter name="place" unique="0" required="1"><content type="string"/></parameter>
</parameters><actions>
<action name="start" timeout="20s"/><action name="stop" timeout="20s"/><action name="monitor" timeout="20s" interval="10s"/>
<action name="reload-agent" timeout="20s"/>
</actions></resource-agent>
`;

beforeAll(() => {
  const folder = join(state, 'resource.d', 'test');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'told'), TOLD);
  chmodSync(join(folder, 'told'), 0o755);
  writeFileSync(join(state, 'meta-data'), META_DATA);
});

beforeEach(() => {
  told('');
  writeFileSync(join(state, 'asked'), '');
});

afterAll(() => rmSync(state, { recursive: true, force: true }));

/** What it answers to the next calls of each action; else 0. */
function told(answers: string): void {
  writeFileSync(join(state, 'answers'), answers);
}

/** The reason that srrd would show; `succeeds` if there is none. */
async function call(target: string, variables: Readonly<Record<string, string>>): Promise<string> {
  const environment = { PATH: process.env.PATH ?? '', SRRD_SERVICE: 'DISK', SRRD_NODE: 'alpha', SRRD_STATE_DIR: state };
  const ended = await execa('make', ['-f', join(FOLDER, 'Makefile'), '--no-print-directory', target], {
    cwd: FOLDER,
    env: { ...environment, ...variables },
    extendEnv: false,
    reject: false,
    all: true,
    stdin: 'ignore',
  });
  if (ended.exitCode === 0) return 'succeeds';
  return ended.all.split('\n').filter((line) => !line.startsWith('make: '))[0] ?? '';
}

describe("Debian's agents", () => {
  it('that are promotable are refused in a sentence', async () => {
    expect(await call('activate', { AGENT: 'ocf:heartbeat:Stateful' })).toMatch(/^heartbeat:Stateful is promotable: /);
  });

  it('are named, and have the parameters that they are given', async () => {
    expect(await call('activate', { AGENT: 'heartbeat:Dummy' })).toBe('succeeds');
    expect(await call('activate', { AGENT: 'Dummy' })).toMatch(/^AGENT: expected PROVIDER:TYPE.*got "Dummy"$/);
    expect(await call('activate', { AGENT: 'heartbeat:Nothing' })).toMatch(/^there is no agent .*heartbeat\/Nothing/);
    expect(await call('activate', { AGENT: 'heartbeat:Dummy', OCF_RESKEY_sate: '/tmp/x' })).toMatch(
      /^OCF_RESKEY_sate: heartbeat:Dummy has no such parameter; it has state /,
    );
  });
});

describe('an agent that is not there any more', () => {
  it('has nothing to stop, unless it was called to start since the machine was booted', async () => {
    const agent = { AGENT: 'test:leaves', OCF_ROOT: state };
    const path = join(state, 'resource.d', 'test', 'leaves');
    expect(await call('stop', agent)).toBe('succeeds');
    writeFileSync(path, '#!/bin/bash\n', { mode: 0o755 });
    expect(await call('start', agent)).toBe('succeeds');
    rmSync(path);
    expect(await call('stop', agent)).toMatch(/^there is no agent .*leaves any more to stop what it has started/);
    writeFileSync(join(state, 'begun'), 'another boot\n');
    expect(await call('stop', agent)).toBe('succeeds');
    rmSync(join(state, 'begun'));
  });
});

describe('an agent', () => {
  const agent = { AGENT: 'test:told', OCF_ROOT: state, OCF_RESKEY_place: 'here', CHECK_LIMIT: '2' };

  it('is given its instance, its parameters, and the time that it has', async () => {
    expect(await call('activate', agent)).toBe('succeeds');
    expect(await call('activate', { ...agent, OCF_RESKEY_place: '' })).toBe(
      'OCF_RESKEY_place is not set: test:told needs it',
    );
    expect(await call('check', agent)).toBe('succeeds');
    const asked = readFileSync(join(state, 'asked'), 'utf8').split('\n');
    expect(asked).toContain('validate-all DISK here 60000');
    expect(asked.at(-2)).toBe('monitor DISK here 2000');
  });

  it.each([
    ['0', 'succeeds'],
    ['190', 'succeeds'],
    ['1', 'test:told: monitor: it has failed with status 1: told to'],
    ['5', 'test:told: monitor: it is not installed: told to'],
    ['7', 'test:told: monitor: it is not running: told to'],
    ['8', 'test:told: monitor: it is promoted, which srrd does not support: told to'],
    ['9', 'test:told: monitor: it has failed as promoted, which srrd does not support: told to'],
    ['hang', 'test:told: monitor: it has not answered within 2 s'],
  ])('whose monitor says %s is told apart', async (status, words) => {
    told(`monitor ${status}\n`);
    expect(await call('check', agent)).toBe(words);
  });

  it('has started when its monitor says so, and has stopped when that says 7', async () => {
    expect(await call('start', agent)).toBe('succeeds');
    told('monitor 7\n');
    expect(await call('start', agent)).toBe('test:told: monitor: it is not running: told to');
    told('start 6\n');
    expect(await call('start', agent)).toBe('test:told: start: it is not configured: told to');
    told('monitor 7\n');
    expect(await call('stop', agent)).toBe('succeeds');
    told('monitor 0\n');
    expect(await call('stop', agent)).toMatch(
      /^test:told: after a stop that succeeded it is still there: .*it is running/,
    );
    told('stop 1\n');
    expect(await call('stop', agent)).toBe('test:told: stop: it has failed with status 1: told to');
    expect(await call('stop', { ...agent, AGENT: 'test:removed' })).toBe('succeeds');
  });

  it('is validated, where it can, and reloaded in its own way', async () => {
    told('validate-all 3\n');
    expect(await call('activate', agent)).toBe('succeeds');
    told('validate-all 6\n');
    expect(await call('activate', agent)).toBe('test:told: validate-all: it is not configured: told to');
    expect(await call('reload', agent)).toBe('succeeds');
    expect(readFileSync(join(state, 'asked'), 'utf8')).toContain('reload-agent DISK');
  });
});
