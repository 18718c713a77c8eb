import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PRIMITIVES } from '../model/definition.js';
import { NAME_EXPECTED } from '../model/index.js';
import { loadDefinitions } from './index.js';

const MAKEFILE = PRIMITIVES.map((target) => `${target}:\n\t@true\n`).join('');

let root = '';
let stateDir = '';
let servicesDir = '';

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'srrd-definitions-'));
  stateDir = join(root, 'state');
  servicesDir = join(root, 'makefiles');
  mkdirSync(join(stateDir, 'services'), { recursive: true });
  mkdirSync(servicesDir);
  writeFileSync(join(servicesDir, 'Makefile'), MAKEFILE);
});

afterEach(() => rmSync(root, { recursive: true }));

function path(name: string): string {
  return join(stateDir, 'services', `${name}.yaml`);
}

/** Writes NAME.yaml with the two mandatory keys and these lines. */
function define(name: string, ...lines: string[]): void {
  writeFileSync(path(name), [`name: ${name}`, 'makefile: Makefile', ...lines, ''].join('\n'));
}

function load() {
  return loadDefinitions(stateDir, servicesDir);
}

function loaded(name: string) {
  const { definitions, errors } = load();
  expect(errors).toEqual([]);
  const definition = definitions.find((candidate) => candidate.name === name);
  if (definition === undefined) throw new Error(`${name} is not defined`);
  return definition;
}

function names(): string[] {
  return load().definitions.map(({ name }) => name);
}

/** The problems of each file, by service name. */
function problems(): Record<string, string[]> {
  const byName: Record<string, string[]> = Object.create(null);
  for (const { file, message } of load().errors) {
    const name = file.slice(join(stateDir, 'services').length + 1).replace(/\.yaml$/, '');
    byName[name] = [...(byName[name] ?? []), message];
  }
  return byName;
}

describe('a service definition', () => {
  it('with name and makefile alone is a resource with all defaults', () => {
    define('DISK');
    expect(loaded('DISK')).toEqual({
      name: 'DISK',
      group: 'DISK',
      dependsOn: [],
      kind: 'resource',
      critical: true,
      addresses: [],
      scope: 'as',
      area: null,
      preempt: true,
      handover: 'exclusive',
      interface: 'lo',
      link: null,
      preference: 100,
      preemptDelayMs: 0,
      takeoverDelayMs: 5000,
      enabled: true,
      autoActivate: true,
      makefile: join(servicesDir, 'Makefile'),
      watched: false,
      variables: {},
      check: { intervalMs: 10_000, timeoutMs: 10_000, fall: 1, maxRestarts: 1 },
      timeoutsMs: {
        activate: 60_000,
        deactivate: 60_000,
        start: 60_000,
        stop: 60_000,
        reload: 60_000,
        restart: 60_000,
        join: 60_000,
        leave: 60_000,
        failed: 60_000,
        status: 10_000,
      },
      failureTimeoutMs: null,
      hash: expect.stringMatching(/^[0-9a-f]{16}$/),
    });
  });

  it.each(['__proto__', 'constructor', 'prototype'])('called %s, or in such a group, is refused', (name) => {
    define(name);
    define('WEB', `group: ${name}`, `dependsOn: [${name}]`);
    expect(problems()).toEqual({
      [name]: [expect.stringContaining(`name: expected ${NAME_EXPECTED}`)],
      WEB: [expect.stringContaining('group: expected'), expect.stringContaining('dependsOn.0: expected')],
    });
  });

  it('that asks for another version of YAML is refused: yes would be true, and 010 eight', () => {
    writeFileSync(path('WEB'), '%YAML 1.1\n---\nname: WEB\nmakefile: Makefile\nenabled: yes\n');
    expect(problems()).toEqual({
      WEB: ['has the directive "%YAML 1.1": files are read as YAML 1.2 says, so take it out'],
    });
  });

  it('with addresses is a service, and its takeover waits for nothing', () => {
    define('WEB', 'addresses: [172.16.15.128]');
    expect(loaded('WEB')).toMatchObject({ kind: 'service', addresses: ['172.16.15.128'], takeoverDelayMs: 0 });
  });

  it('takes every key', () => {
    define('DISK', 'group: SHOP');
    writeFileSync(
      path('WEB'),
      `
name: WEB
kind: service
addresses: [172.16.15.128, 172.16.15.129]
interface: dummy0
area: 1
scope: link
link: eth0
preference: 255
preempt: false
preemptDelay: 3s
takeoverDelay: 1m
group: SHOP
dependsOn: [DISK]
critical: true
enabled: false
autoActivate: false
handover: exclusive
makefile: ${join(servicesDir, 'Makefile')}
variables: { PORT: "80" }
check: { interval: 500ms, timeout: 1s, fall: 3, maxRestarts: 0 }
timeouts: { start: 1s, stop: 2s, activate: 3s, deactivate: 4s, reload: 5s, restart: 6s, join: 7s, leave: 8s, failed: 9s, status: 10s }
failureTimeout: 2h
`,
    );
    expect(loaded('WEB')).toMatchObject({
      group: 'SHOP',
      dependsOn: ['DISK'],
      critical: true,
      addresses: ['172.16.15.128', '172.16.15.129'],
      scope: 'link',
      link: 'eth0',
      area: '0.0.0.1',
      preempt: false,
      interface: 'dummy0',
      preference: 255,
      preemptDelayMs: 3000,
      takeoverDelayMs: 60_000,
      enabled: false,
      autoActivate: false,
      makefile: join(servicesDir, 'Makefile'),
      watched: false,
      variables: { PORT: '80' },
      check: { intervalMs: 500, timeoutMs: 1000, fall: 3, maxRestarts: 0 },
      timeoutsMs: { start: 1000, stop: 2000, activate: 3000, deactivate: 4000, join: 7000, failed: 9000 },
      failureTimeoutMs: 7_200_000,
    });
  });

  it('may turn its variables off with an empty section', () => {
    define('DISK', 'variables:', 'check:', 'timeouts:');
    expect(loaded('DISK')).toMatchObject({ variables: {}, check: { fall: 1 } });
  });

  it.each([
    ['addresses: [10.0.0.1/32]', 'line 3: addresses.0: expected an IPv4 address without /length'],
    ['addresses: [127.0.0.1]', 'line 3: addresses.0: expected an IPv4 address'],
    ['addresses: [224.0.0.5]', 'line 3: addresses.0: expected an IPv4 address'],
    ['addresses: [10.0.0.1, 10.0.0.1]', 'line 3: addresses: expected a list of at most 16 addresses, each only once'],
    ['addresses: 10.0.0.1', 'line 3: addresses: expected a list of at most 16 addresses'],
    ['kind: service', 'addresses: expected at least one address for kind service'],
    ['kind: resource\naddresses: [10.0.0.1]', 'line 4: addresses: expected none for kind resource'],
    ['preference: 256', 'line 3: preference: expected an integer from 0 to 255, got 256'],
    ['preference: 1.5', 'line 3: preference: expected an integer from 0 to 255, got 1.5'],
    ['preferance: 1', 'line 3: preferance: unknown key, expected one of name, makefile, kind,'],
    ['scope: link', 'link: expected the interface to flood on, because scope is link'],
    ['link: eth0', 'line 3: link: expected only with scope link, but scope is as'],
    ['interface: "lo; reboot"', 'line 3: interface: expected the name of a network interface'],
    [
      'addresses: [10.0.0.1]\ninterface: enx00112233',
      'line 4: interface: expected the name of a network interface of at most 10 characters, since the label',
    ],
    ['area: -1', 'line 3: area: expected an OSPF area such as 0.0.0.0, got -1'],
    ['area: [0]', 'line 3: area: expected an OSPF area such as 0.0.0.0, got a list'],
    ['handover: overlap', 'line 3: handover: expected exclusive for kind resource'],
    ['dependsOn: [DISK]', 'line 3: dependsOn: expected no cycle, but DISK depends on DISK'],
    ['dependsOn: [NONE]', 'line 3: dependsOn.0: expected a service of this node, but NONE is not defined'],
    [
      'variables: { PORT: 80 }',
      'line 3: variables.PORT: expected text, in quotes if it looks like a number, got a number',
    ],
    ['variables: { PASSWORD: [secret] }', 'if it looks like a number, got a list'],
    ['variables: { PASSWORD: { a: secret } }', 'if it looks like a number, got a section'],
    ['variables: { SRRD_NODE: x }', 'line 3: variables.SRRD_NODE: expected the name of a variable'],
    ['variables: { "A B": x }', 'line 3: variables.A B: expected the name of a variable'],
    ['check: { interval: 10 }', 'line 3: check.interval: expected a duration from 100ms'],
    ['check: { tcp: 80, http: /health }', 'line 3: check.tcp: expected one of tcp and http'],
    ['check: { port: 80 }', 'line 3: check.port: expected only with check.http'],
    ['check: { status: 200 }', 'line 3: check.status: expected only with check.http'],
    ['check: { tcp: 80, body: ok }', 'line 3: check.body: expected only with check.http'],
    ['check: { http: /health, status: 199 }', 'line 3: check.status: expected an integer from 200 to 599'],
    ['check: { http: /health, status: 600 }', 'line 3: check.status: expected an integer from 200 to 599'],
    ['timeouts: { check: 1s }', 'line 3: timeouts.check: unknown key, expected one of activate,'],
    ['failureTimeout: 10', 'line 3: failureTimeout: expected never, or a duration from 1s'],
    ['failureTimeout: 1x', 'line 3: failureTimeout: expected never, or a duration from 1s'],
    ['enabled: [', 'line 4: not valid YAML'],
  ])('with %j is refused', (lines, problem) => {
    define('DISK', lines);
    expect(problems()).toMatchObject({ DISK: [expect.stringContaining(problem)] });
    expect(names()).toEqual([]);
  });

  it('without name and makefile is refused, naming both', () => {
    writeFileSync(path('WEB'), '');
    expect(problems()).toEqual({
      WEB: [
        `name: expected ${NAME_EXPECTED}, not beginning with a dot, got nothing`,
        'makefile: expected the path of a file or folder, got nothing',
      ],
    });
  });

  it('must have the name of its file', () => {
    define('WEB');
    writeFileSync(path('WEB2'), readFileSync(path('WEB')));
    expect(problems()).toEqual({ WEB2: ['line 1: name: expected the name of the file, WEB2, got WEB'] });
    expect(names()).toEqual(['WEB']);
  });

  it('that is wrong does not keep the others from loading', () => {
    define('A');
    define('B', 'preference: high');
    writeFileSync(path('C'), '[');
    mkdirSync(path('D'));
    define('E');
    expect(names()).toEqual(['A', 'E']);
    expect(Object.keys(problems())).toEqual(['B', 'C', 'D']);
  });

  it('loads or is refused, whatever the file holds', () => {
    define('A');
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.json().map((json) => `name: B\nmakefile: Makefile\nvariables: ${json}`),
        ),
        (text) => {
          writeFileSync(path('B'), text);
          expect(names()).toContain('A');
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('the folder of definitions', () => {
  it('may be missing', () => {
    rmSync(join(stateDir, 'services'), { recursive: true });
    expect(load()).toEqual({ definitions: [], errors: [], files: [] });
  });

  it('may hold other files, but those that look like definitions and are not read are pointed out', () => {
    define('A');
    for (const name of [
      '.A.yaml.swp',
      '.A.yaml.old',
      '.#A.yaml',
      'README',
      'A.yaml~',
      'B.yml',
      'C.YAML',
      '.web.yaml',
    ]) {
      writeFileSync(join(stateDir, 'services', name), '[');
    }
    expect(names()).toEqual(['A']);
    expect(problems()).toEqual({
      'B.yml': [expect.stringContaining('NAME.yaml')],
      'C.YAML': [expect.stringContaining('NAME.yaml')],
      '.web': ['is not read, because its name begins with a dot; expected web.yaml, or another ending'],
    });
  });

  it('gives no service a name whose file would not be read', () => {
    writeFileSync(path('WEB'), 'name: .web\nmakefile: Makefile\n');
    expect(problems()).toMatchObject({ WEB: [expect.stringContaining('not beginning with a dot, got ".web"')] });
  });

  it('is read only where nobody else may change it', () => {
    define('A');
    define('B');
    chmodSync(path('A'), 0o666);
    expect(names()).toEqual(['B']);
    expect(problems()).toEqual({ A: [expect.stringContaining('has mode 0666, so anybody may change')] });
    chmodSync(join(stateDir, 'services'), 0o777);
    expect(names()).toEqual([]);
  });

  it('is read as UTF-8, and what is none is refused with its line', () => {
    define('A', 'variables: { TITLE: "für" }');
    expect(loaded('A').variables).toEqual({ TITLE: 'für' });
    writeFileSync(path('A'), Buffer.from('name: A\nmakefile: Makefile\nvariables: { TITLE: "f\xfcr" }\n', 'latin1'));
    expect(problems()).toEqual({ A: [expect.stringContaining('line 3: expected UTF-8')] });
  });
});

describe('a group', () => {
  it('has members that are not critical unless they say so', () => {
    define('A', 'group: G');
    define('B', 'group: G', 'critical: true');
    expect(loaded('A').critical).toBe(false);
    expect(loaded('B').critical).toBe(true);
  });

  it('is about the service that it is named after, unless that says otherwise', () => {
    define('A');
    define('B', 'group: B');
    define('C', 'critical: false');
    expect(['A', 'B', 'C'].map((name) => loaded(name).critical)).toEqual([true, true, false]);
  });

  it('has members that mean the same on a node that has others beside them, or files that are wrong', () => {
    define('A', 'group: G');
    define('B');
    const { definitions: alone } = load();
    define('C', 'group: G');
    define('D', 'group: B');
    define('E', 'group: G', 'preference: high');
    expect(load().definitions.slice(0, 2)).toEqual(alone);
  });

  it('of a service that hands over with overlap is joined by nobody', () => {
    define('A', 'addresses: [10.0.0.1]', 'handover: overlap');
    define('B', 'group: A');
    expect(problems()).toEqual({
      B: ['line 3: group: expected another group, because A has handover overlap, and so no other members'],
    });
    expect(names()).toEqual(['A']);
  });

  it('of several members cannot hand over with overlap, a group of one can', () => {
    define('A', 'group: G', 'addresses: [10.0.0.1]', 'handover: overlap');
    expect(loaded('A').handover).toBe('overlap');
    define('B', 'group: G');
    expect(problems()).toEqual({ A: ['line 5: handover: expected exclusive, because group G has other members'] });
  });
});

describe('dependencies', () => {
  it('on a service of another group are refused', () => {
    define('WEB', 'group: G', 'dependsOn: [DISK]');
    define('DISK', 'group: H');
    expect(problems()).toEqual({
      WEB: ['line 4: dependsOn.0: expected services of group G, but DISK belongs to group H'],
    });
    expect(names()).toEqual(['DISK']);
  });

  it('in a cycle are refused in every file of the cycle, and the way round is shown', () => {
    define('A', 'group: G', 'dependsOn: [B]');
    define('B', 'group: G', 'dependsOn: [C]');
    define('C', 'group: G', 'dependsOn: [A]');
    define('D', 'group: G');
    expect(problems()).toMatchObject({
      A: ['line 4: dependsOn: expected no cycle, but A depends on B depends on C depends on A'],
      B: [expect.stringContaining('cycle')],
      C: [expect.stringContaining('cycle')],
    });
    expect(names()).toEqual(['D']);
  });

  it('on what is refused are refused too, all the way up', () => {
    define('A', 'group: G', 'dependsOn: [B]');
    define('B', 'group: G', 'dependsOn: [C]');
    define('C', 'group: G', 'preference: high');
    expect(names()).toEqual([]);
    expect(problems()).toMatchObject({
      A: ['line 4: dependsOn.0: expected a service of this node, but B is refused itself'],
      B: ['line 4: dependsOn.0: expected a service of this node, but C is not defined, or its file is wrong'],
    });
  });
});

describe('an address in two services', () => {
  it('is refused for the alphabetically later one', () => {
    define('A', 'addresses: [10.0.0.1]');
    define('B', 'addresses: [10.0.0.2, 10.0.0.1]');
    expect(names()).toEqual(['A']);
    expect(problems()).toEqual({
      B: ["line 3: addresses.1: expected an address of its own, but 10.0.0.1 is A's"],
    });
  });

  it('does no harm when the other file is wrong for another reason', () => {
    define('A', 'group: G', 'addresses: [10.0.0.1]', 'dependsOn: [A]');
    define('B', 'addresses: [10.0.0.1]');
    expect(names()).toEqual(['B']);
  });
});

describe('the Makefile', () => {
  const makefile = () => join(servicesDir, 'Makefile');

  it('that cannot be read is an error of the definition', () => {
    define('A');
    rmSync(makefile());
    expect(problems()).toEqual({
      A: [`line 2: makefile: ${makefile()} cannot be read: ENOENT: no such file or directory`],
    });
  });

  it('that lacks targets is an error that names them', () => {
    define('A');
    writeFileSync(makefile(), MAKEFILE.replace('check:', '').replace('join:', ''));
    expect(problems()).toEqual({
      A: [`line 2: makefile: expected rules for all eleven targets in ${makefile()}, missing: join check`],
    });
  });
});

describe('a user and limits', () => {
  it('are in the definition and its hash, and what is not limited is in neither', () => {
    define('A');
    const { hash, ...plain } = loaded('A') ?? { hash: '' };
    expect(Object.keys(plain)).not.toContain('limits');
    define('A', 'limits: {}');
    expect(loaded('A')?.hash).toBe(hash);
    define('A', 'user: www-data', 'limits: { memory: 512M, openFiles: 64 }');
    expect(loaded('A')).toMatchObject({ user: 'www-data', limits: { memoryBytes: 2 ** 29, openFiles: 64 } });
    expect(loaded('A')?.limits).not.toHaveProperty('processes');
    expect(loaded('A')?.hash).not.toBe(hash);
  });

  it.each([
    ['user: "0"', 'user: expected the name of a user'],
    ['user: -reuid', 'user: expected the name of a user'],
    ['user: "a b"', 'user: expected the name of a user'],
    ['limits: { memory: 1M }', 'limits.memory: expected a size from 16M'],
    ['limits: { memory: 512 }', 'limits.memory: expected a size from 16M'],
    ['limits: { memory: 2T }', 'limits.memory: expected a size from 16M'],
    ['limits: { openFiles: 4 }', 'limits.openFiles: expected an integer from 16'],
    ['limits: { cpu: 1 }', 'limits.cpu: unknown key, expected one of memory, processes, openFiles'],
    ['limits: { processes: 9 }', 'limits.processes: expected only with a user that is not root'],
    ['user: root\nlimits: { processes: 9 }', 'limits.processes: expected only with a user that is not root'],
  ])('%s is refused', (line, expected) => {
    define('A', line);
    expect(problems().A).toEqual([expect.stringContaining(expected)]);
  });
});

describe('a file of variables', () => {
  const secrets = () => join(stateDir, 'secrets');

  it('is in STATEDIR/secrets, and what it says is not in the hash', () => {
    define('WEB');
    const { hash } = loaded('WEB');
    mkdirSync(secrets());
    writeFileSync(join(secrets(), 'shop.env'), 'PASSWORD=x\n', { mode: 0o600 });
    define('WEB', 'variablesFile: shop.env');
    expect(loaded('WEB')).toMatchObject({ variablesFile: join(secrets(), 'shop.env'), hash });
  });

  it('that others may replace is refused', () => {
    mkdirSync(secrets(), { recursive: true });
    writeFileSync(join(secrets(), 'shop.env'), 'A=1\n', { mode: 0o600 });
    define('WEB', 'variablesFile: shop.env');
    chmodSync(secrets(), 0o777);
    expect(problems()).toEqual({ WEB: [expect.stringContaining(`${secrets()} has mode 0777`)] });
  });

  it('that is missing, or that others may read, is refused', () => {
    define('WEB', 'variablesFile: shop.env');
    expect(problems()).toEqual({ WEB: [`line 3: variablesFile: ${secrets()}/shop.env is missing`] });
    mkdirSync(secrets());
    writeFileSync(join(secrets(), 'shop.env'), '', { mode: 0o644 });
    expect(problems()).toEqual({
      WEB: [expect.stringContaining(`others can read or change it; chmod 600 ${secrets()}/shop.env`)],
    });
    define('WEB', 'variablesFile: ../shop.env');
    expect(problems()).toEqual({ WEB: [expect.stringContaining('variablesFile: expected 1 to 64 of')] });
  });
});

describe('what a message repeats of a file', () => {
  it('is no value of a variable', () => {
    define('WEB', 'variables: { PASSWORD: 4711 }');
    expect(problems()).toEqual({ WEB: [expect.stringContaining('variables.PASSWORD: expected text')] });
    expect(JSON.stringify(problems())).not.toContain('4711');
  });
});

describe('the hash', () => {
  function hash(...lines: string[]): string {
    define('WEB', ...lines);
    return loaded('WEB').hash;
  }

  it('is the same whatever the order of keys and however defaults are written', () => {
    expect(hash('check: { fall: 1, interval: 10000ms }', 'preempt: true', 'variables: { A: x, B: y }')).toBe(
      hash('variables: { B: y, A: x }'),
    );
  });

  it('is the same for what is naturally a node’s own', () => {
    mkdirSync(join(servicesDir, 'web'));
    writeFileSync(join(servicesDir, 'web', 'Makefile'), MAKEFILE);
    writeFileSync(path('WEB'), `name: WEB\nmakefile: web/Makefile\npreference: 7\nenabled: false\ninterface: eth9\n`);
    expect(loaded('WEB').hash).toBe(hash());
  });

  it('differs with the definition, the Makefile and what it includes', () => {
    const hashes = [hash(), hash('variables: { A: x }'), hash('timeouts: { stop: 1s }')];
    writeFileSync(join(servicesDir, 'Makefile'), `${MAKEFILE}include common.mk\n`);
    writeFileSync(join(servicesDir, 'common.mk'), 'x = 1\n');
    hashes.push(hash());
    writeFileSync(join(servicesDir, 'common.mk'), 'x = 2\n');
    hashes.push(hash());
    expect(new Set(hashes).size).toBe(5);
  });
});
