import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { stringify } from 'yaml';
import type { DefinitionConflict } from '../cluster/index.js';
import { definitionsBase, loadDefinitions, setEnabled } from '../config/index.js';
import { ForeignFiles } from '../files/index.js';
import type { DefinitionEntry } from '../http/index.js';
import { testSocketServer } from '../http/testing.js';
import { PRIMITIVES, type ServiceDefinition } from '../model/index.js';
import { DefinitionEditor } from './editor.js';
import type { EditedReplica } from './editor-parts.js';

const MAKEFILE = PRIMITIVES.map((target) => `${target}:\n\t@true\n`).join('');
const WEB = { name: 'WEB', addresses: ['192.0.2.7'], makefile: 'Makefile' };

let root: string;
let stateDir: string;
let servicesDir: string;
let replicas: Map<string, EditedReplica>;
let conflicts: DefinitionConflict[];
let rereadBy: string[];
let forgotten: string[];
let rereads: number;
let whenJudged: () => void;
let editor: DefinitionEditor;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'srrd-editor-'));
  stateDir = join(root, 'state');
  servicesDir = join(root, 'makefiles');
  mkdirSync(join(stateDir, 'services'), { recursive: true });
  mkdirSync(servicesDir);
  writeFileSync(join(servicesDir, 'Makefile'), MAKEFILE);
  replicas = new Map();
  conflicts = [];
  rereadBy = [];
  forgotten = [];
  rereads = 0;
  whenJudged = () => {};
  editor = new DefinitionEditor({
    stateDir,
    servicesDir,
    nodeName: 'alpha',
    parsed: new Map(),
    files: new ForeignFiles(),
    replica: (name) => replicas.get(name),
    conflicts: () => {
      whenJudged();
      return conflicts;
    },
    rereads: () => rereads,
    reread: async (operator) => void rereadBy.push(operator),
    forget: (name) => void forgotten.push(name),
  });
});

afterEach(() => rmSync(root, { recursive: true }));

const path = (name: string) => join(stateDir, 'services', `${name}.yaml`);
const textOf = (name: string) => readFileSync(path(name), 'utf8');

async function list(): Promise<DefinitionEntry[]> {
  const entries: DefinitionEntry[] = [];
  for await (const part of editor.list()) entries.push(...part);
  return entries;
}

function definitionNamed(name: string): ServiceDefinition {
  const found = loadDefinitions(stateDir, servicesDir).definitions.find((definition) => definition.name === name);
  if (found === undefined) throw new Error(`${name} is not defined`);
  return found;
}

/** The daemon has read the files, and the service is in this state. */
function use(name: string, config: EditedReplica['config'], run: EditedReplica['run'], primitive?: string): void {
  replicas.set(name, { definition: definitionNamed(name), config, run, job: primitive ? { primitive } : null });
}

test('a new definition is saved as a file of its own that only root may read, and is read again', async () => {
  expect(await editor.save('WEB', WEB, 'ada')).toEqual({ outcome: 'done', text: 'WEB: saved' });
  expect(definitionNamed('WEB').addresses).toEqual(['192.0.2.7']);
  expect(statSync(path('WEB')).mode & 0o777).toBe(0o600);
  expect(rereadBy).toEqual(['ada']);
});

test('an edit keeps comments and order, and touches what it changes only', async () => {
  writeFileSync(
    path('WEB'),
    `# The shop.
name: WEB
addresses: [192.0.2.7] # asked for in 2024
makefile: Makefile
preference: 10
check:
  # It is slow.
  timeout: 20s
  interval: 5s
variables: { PORT: "80" }
`,
  );
  const { preference: _, ...rest } = { ...(await list())[0]?.definition };
  await editor.save('WEB', { ...rest, check: { timeout: '20s', interval: '2s' }, variables: { PORT: '8080' } }, 'ada');
  expect(textOf('WEB')).toBe(`# The shop.
name: WEB
addresses: [ 192.0.2.7 ] # asked for in 2024
makefile: Makefile
check:
  # It is slow.
  timeout: 20s
  interval: 2s
variables: { PORT: "8080" }
`);
});

test('the text of a file is saved as it is', async () => {
  const text = '# mine\nname: WEB\naddresses: [192.0.2.7]\nmakefile:   Makefile\n';
  expect((await editor.save('WEB', text, 'ada')).outcome).toBe('done');
  expect(textOf('WEB')).toBe(text);
});

test('what was replaced or deleted is kept beside it', async () => {
  await editor.save('WEB', WEB, 'ada');
  const first = textOf('WEB');
  await editor.save('WEB', { ...WEB, preference: 7 }, 'ada');
  expect(readFileSync(join(stateDir, 'services', '.WEB.yaml.old'), 'utf8')).toBe(first);
  const second = textOf('WEB');
  expect(await editor.remove('WEB', 'ada')).toEqual({ outcome: 'done', text: 'WEB is deleted' });
  expect(readdirSync(join(stateDir, 'services'))).toEqual(['.WEB.yaml.old']);
  expect(readFileSync(join(stateDir, 'services', '.WEB.yaml.old'), 'utf8')).toBe(second);
});

test('a link stays a link, and its file keeps its mode', async () => {
  const real = join(root, 'elsewhere.yaml');
  writeFileSync(real, 'name: WEB\naddresses: [192.0.2.7]\nmakefile: Makefile\n', { mode: 0o644 });
  symlinkSync(real, path('WEB'));
  await editor.save('WEB', { ...WEB, preference: 7 }, 'ada');
  expect(readFileSync(real, 'utf8')).toContain('preference: 7');
  expect(statSync(real).mode & 0o777).toBe(0o644);
});

test.each([
  ['active', 'started'],
  ['active', 'failed'],
  ['injected', 'stopped'],
  ['deactivated', 'stopped'],
] as const)(
  'a service that is %s/%s is neither edited nor deleted, and the reason says what to do',
  async (config, run) => {
    await editor.save('WEB', WEB, 'ada');
    use('WEB', config, run);
    const text = `WEB is ${config}/${run} on alpha: deactivate it first (srrctl service deactivate WEB)`;
    expect(await editor.save('WEB', { ...WEB, preference: 7 }, 'ada')).toEqual({ outcome: 'refused', text });
    expect(await editor.remove('WEB', 'ada')).toEqual({ outcome: 'refused', text });
    expect((await list())[0]).toMatchObject({ editable: false, whyNot: text });
    expect(definitionNamed('WEB').preference).toBe(100);
    expect(rereadBy).toEqual(['ada']);
  },
);

test.each(['inactive', 'disabled', 'failed'] as const)('a service that is %s may be edited', async (config) => {
  await editor.save('WEB', WEB, 'ada');
  use('WEB', config, 'stopped');
  expect((await list())[0]).toMatchObject({ editable: true, whyNot: null });
  use('WEB', config, 'stopped', 'activate');
  expect((await list())[0]?.whyNot).toBe('activate of WEB runs on alpha: try again when it has ended');
});

test('saving what is there already is no change, also of an active service', async () => {
  await editor.save('WEB', WEB, 'ada');
  use('WEB', 'active', 'started');
  expect(await editor.save('WEB', WEB, 'ada')).toEqual({ outcome: 'done', text: 'WEB: nothing has changed' });
  expect(rereadBy).toEqual(['ada']);
});

test.each([
  [{ ...WEB, preference: 256 }, 'preference', /integer from 0 to 255/],
  [{ ...WEB, check: { interval: 'soon' } }, 'check.interval', /duration/],
  [{ ...WEB, addresses: ['192.0.2.7', '192.0.2.300'] }, 'addresses.1', /IPv4/],
  [{ ...WEB, makefile: 'nowhere/Makefile' }, 'makefile', /cannot be read/],
  [{ ...WEB, colour: 'red' }, 'colour', /unknown key/],
  [{ ...WEB, dependsOn: ['DISK'] }, 'dependsOn.0', /DISK is not defined/],
  [{ ...WEB, name: '../WEB' }, 'name', /1 to 64/],
  [{ ...WEB, name: 'constructor' }, 'name', /not __proto__, constructor, prototype/],
  ['name: [', '', /YAML/],
])('%j is told to be wrong in %s', async (written, key, message) => {
  expect((await editor.validate(written)).problems).toMatchObject([
    { file: null, key, message: expect.stringMatching(message) },
  ]);
  const { outcome, text } = await editor.save('WEB', written, 'ada');
  expect([outcome, text]).toEqual([expect.stringMatching('wrong'), expect.stringMatching(message)]);
  expect(readdirSync(join(stateDir, 'services'))).toEqual([]);
});

test('a problem is data: where, of what kind, what was expected, what was found', async () => {
  const text = 'name: WEB\nmakefile: Makefile\npreference: 300\n';
  const { problems } = await editor.validate(text);
  const expected = 'expected an integer from 0 to 255';
  const problem = { file: null, line: 3, key: 'preference', code: 'wrong-value', expected, found: '300' };
  expect(problems).toContainEqual({ ...problem, message: `${expected}, got 300` });
  writeFileSync(join(servicesDir, 'empty.mk'), '');
  const lacking = await editor.validate({ ...WEB, makefile: 'empty.mk' });
  expect(lacking.problems).toMatchObject([
    {
      key: 'makefile',
      code: 'missing-targets',
      missing: { makefile: join(servicesDir, 'empty.mk'), targets: PRIMITIVES },
    },
  ]);
});

test("another service's trouble is named too", async () => {
  await editor.save('WEB', WEB, 'ada');
  const { problems } = await editor.validate({ ...WEB, name: 'AAA' });
  expect(problems).toMatchObject([
    {
      file: path('WEB'),
      key: 'addresses.0',
      code: 'conflict',
      message: expect.stringMatching(/192\.0\.2\.7 is AAA's/),
    },
  ]);
});

test('what other nodes announce is asked for', async () => {
  conflicts = [{ key: 'addresses.0', message: "it is MAIL's on 10.0.0.2", level: 'refused' }];
  expect(await editor.save('WEB', WEB, 'ada')).toMatchObject({
    outcome: 'wrong-definition',
    problems: [{ key: 'addresses.0', code: 'conflict' }],
    text: "addresses.0: it is MAIL's on 10.0.0.2",
  });
  conflicts = [{ key: 'group', message: 'differs from what 10.0.0.2 has', level: 'warning' }];
  expect(await editor.validate(WEB)).toMatchObject({
    problems: [],
    warnings: [{ key: 'group', message: 'differs from what 10.0.0.2 has' }],
  });
  expect((await editor.save('WEB', WEB, 'ada')).text).toBe('WEB: saved; group: differs from what 10.0.0.2 has');
});

test('preferences that count for nothing are warned of, also of another member of the group', async () => {
  const member = (name: string, last: number, preference: number) => ({
    name,
    makefile: 'Makefile',
    group: 'SHOP',
    addresses: [`192.0.2.${last}`],
    preference,
  });
  expect((await editor.save('MAIL', member('MAIL', 8, 50), 'ada')).text).toBe('MAIL: saved');
  const { text } = await editor.save('DNS', member('DNS', 9, 150), 'ada');
  expect(text).toMatch(/^DNS: saved; MAIL: preference: expected 150, as DNS has, got 50, which counts for nothing/);
  expect((await editor.validate(member('MAIL', 8, 60))).warnings).toMatchObject([
    { key: 'preference', message: expect.stringMatching(/^expected 150, as DNS has, got 60,/) },
  ]);
});

test('a name in the address and another one in the definition are refused', async () => {
  expect((await editor.save('DNS', WEB, 'ada')).text).toContain('cannot be renamed');
});

test('a service whose file is gone and which is in force all the same can be deleted by name', async () => {
  await editor.save('WEB', WEB, 'ada');
  const definition = definitionNamed('WEB');
  rmSync(path('WEB'));
  replicas.set('WEB', { definition, config: 'active', run: 'started', job: null });
  expect(await editor.remove('WEB', 'ada')).toMatchObject({ outcome: 'refused' });
  replicas.set('WEB', { definition, config: 'inactive', run: 'stopped', job: null });
  expect(await editor.remove('WEB', 'ada')).toEqual({ outcome: 'done', text: 'WEB is deleted' });
  expect(forgotten).toEqual(['WEB']);
  expect(await editor.remove('DNS', 'ada')).toMatchObject({ outcome: 'unknown-definition' });
});

test('what another service depends on is not deleted', async () => {
  await editor.import(
    'name: DISK\nmakefile: Makefile\ngroup: G\n---\nname: DB\nmakefile: Makefile\ngroup: G\ndependsOn: [DISK]\n',
    'ada',
  );
  expect(await editor.remove('DISK', 'ada')).toEqual({
    outcome: 'refused',
    text: expect.stringMatching(/DISK cannot be deleted: .*DB\.yaml: .*DISK is not defined/),
  });
  expect(await editor.remove('NONE', 'ada')).toMatchObject({ outcome: 'unknown-definition' });
});

test('what was exported can be imported elsewhere', async () => {
  await editor.save('WEB', WEB, 'ada');
  await editor.save('DNS', '# ours\nname: DNS\naddresses: [192.0.2.8]\nmakefile: Makefile\n', 'ada');
  const before = await editor.exported();
  expect(before).toContain('# ours');
  await editor.remove('WEB', 'ada');
  await editor.remove('DNS', 'ada');
  expect(await editor.import(before, 'ada')).toEqual({ outcome: 'done', text: 'DNS, WEB: saved' });
  expect((await list()).map(({ name }) => name)).toEqual(['DNS', 'WEB']);
});

test('of an import in which one definition is wrong nothing is saved', async () => {
  const { outcome, text } = await editor.import(
    'name: WEB\naddresses: [192.0.2.7]\nmakefile: Makefile\n---\nname: DNS\nmakefile: Makefile\npreference: 300\n',
    'ada',
  );
  expect([outcome, text]).toEqual(['wrong-definition', expect.stringContaining('preference')]);
  expect(await list()).toEqual([]);
});

test('an import can be asked about: what would be saved and deleted, and why not; nothing is changed', async () => {
  const yaml = '# ours\nname: WEB\naddresses: [192.0.2.7]\nmakefile: Makefile # the same\n';
  await editor.save('OLD', { ...WEB, name: 'OLD', addresses: ['192.0.2.9'] }, 'ada');
  const check = { check: true, remove: ['OLD', 'NONE'], base: null };
  const would = 'WEB: would be saved; OLD: would be deleted';
  expect(await editor.apply(yaml, 'ada', check)).toEqual({ outcome: 'done', text: would });
  expect((await list()).map(({ name }) => name)).toEqual(['OLD']);
  use('OLD', 'active', 'started');
  expect(await editor.apply(yaml, 'ada', check)).toMatchObject({
    outcome: 'refused',
    text: expect.stringContaining('OLD is active/started on alpha: deactivate it first'),
  });
  expect(rereadBy).toEqual(['ada']);
  replicas.clear();
  const text = 'WEB: saved; OLD: deleted';
  expect(await editor.apply(yaml, 'ada', { ...check, check: false })).toEqual({ outcome: 'done', text });
  expect((await list()).map(({ name }) => name)).toEqual(['WEB']);
  expect(textOf('WEB')).toContain('# ours');
  expect(forgotten).toEqual(['OLD']);
});

test('what is saved and what is deleted in one step is judged together', async () => {
  const [disk, db] = ['name: DISK\nmakefile: Makefile\ngroup: G\n', 'name: DB\nmakefile: Makefile\ngroup: G\n'];
  await editor.import(`${disk}---\n${db}dependsOn: [DISK]\n`, 'ada');
  const remove = { check: true, remove: ['DISK'], base: null };
  expect((await editor.apply('', 'ada', remove)).text).toContain('DISK is not defined');
  expect((await editor.apply(db, 'ada', remove)).text).toBe('DB: would be saved; DISK: would be deleted');
  expect((await editor.apply(disk, 'ada', remove)).text).toContain('DISK to be either saved or deleted');
  expect((await editor.import('', 'ada')).text).toContain('at least one definition');
});

test('what has changed since it was looked at is not overwritten', async () => {
  await editor.save('WEB', WEB, 'ada');
  const how = { check: false, remove: [], base: definitionsBase(JSON.parse(JSON.stringify(await list()))) };
  const yaml = stringify({ ...WEB, preference: 7 });
  await setEnabled(stateDir, 'WEB', false);
  for (const check of [true, false]) {
    expect(await editor.apply(yaml, 'ada', { ...how, check })).toMatchObject({
      outcome: 'refused',
      text: expect.stringContaining('have changed since'),
    });
  }
  expect(textOf('WEB')).toContain('enabled: false');
  const base = definitionsBase(await list());
  expect(await editor.apply(yaml, 'ada', { ...how, base })).toMatchObject({ outcome: 'done' });
});

test('what changes while an edit is judged is not overwritten', async () => {
  await editor.save('WEB', WEB, 'ada');
  whenJudged = () => writeFileSync(path('WEB'), stringify({ ...WEB, enabled: false }));
  expect(await editor.save('WEB', { ...WEB, preference: 7 }, 'ada')).toMatchObject({
    outcome: 'refused',
    text: expect.stringContaining('WEB.yaml: has been changed meanwhile: try again'),
  });
  expect(textOf('WEB')).toContain('enabled: false');
});

test('after the daemon was told to read the files again, what is listed is what they say', async () => {
  await editor.save('WEB', WEB, 'ada');
  await list();
  await setEnabled(stateDir, 'WEB', false);
  rereads += 1;
  expect(await list()).toMatchObject([{ definition: { enabled: false } }]);
});

test('an import that fails on its way says how much is done, and can be repeated', async () => {
  const other = { ...WEB, name: 'DNS', addresses: ['192.0.2.8'] };
  const yaml = [WEB, other].map((each) => stringify(each)).join('---\n');
  mkdirSync(path('DNS'));
  expect(await editor.import(yaml, 'ada')).toEqual({
    outcome: 'refused',
    text: expect.stringMatching(
      /DNS\.yaml: .*; 1 of 2 files were changed before that\. Once it is mended, do the same/,
    ),
  });
  rmSync(path('DNS'), { recursive: true });
  expect(await editor.import(yaml, 'ada')).toMatchObject({ outcome: 'done' });
  expect((await list()).map(({ name }) => name)).toEqual(['DNS', 'WEB']);
});

test('in force is what the daemon works with', async () => {
  await editor.save('WEB', WEB, 'ada');
  expect((await list())[0]).toMatchObject({ name: 'WEB', file: path('WEB'), definition: WEB, inForce: false });
  use('WEB', 'active', 'started');
  expect((await list())[0]).toMatchObject({ inForce: true, problems: [] });
});

test('a file that is wrong is listed with what is wrong in it', async () => {
  writeFileSync(path('WEB'), 'name: WEB\npreference: many\n');
  writeFileSync(path('DNS'), 'name: [');
  expect(await list()).toMatchObject([
    { name: 'DNS', definition: { name: 'DNS' }, problems: [expect.stringContaining('not valid YAML')] },
    { name: 'WEB', problems: [expect.stringContaining('makefile'), expect.stringContaining('preference')] },
  ]);
});

test('over HTTP: JSON and YAML go in, the role decides who may, and outcomes are status codes', async () => {
  const api = testSocketServer({ definitions: editor });
  const ask = async (
    method: 'GET' | 'PUT' | 'POST' | 'DELETE',
    url: string,
    body?: string,
    type = 'application/json',
  ) => {
    const answer = await api.inject({
      method,
      url: `/api/v1/definitions${url}`,
      ...(body === undefined ? {} : { headers: { 'content-type': type }, payload: body }),
    });
    return [answer.statusCode, answer.body] as const;
  };
  const json = JSON.stringify(WEB);
  const yaml = 'name: DNS\naddresses: [192.0.2.8]\nmakefile: Makefile\n';
  expect(await ask('POST', '/validate', json)).toEqual([200, '{"problems":[],"warnings":[]}']);
  expect(await ask('PUT', '/WEB', json)).toEqual([200, '{"text":"WEB: saved"}']);
  expect(await ask('PUT', '/DNS', yaml, 'application/yaml')).toEqual([200, '{"text":"DNS: saved"}']);
  for (const query of ['delete=DNS,../DNS', 'delete=', 'chek=true', 'base=1']) {
    expect(await ask('POST', `/apply?${query}`, yaml, 'application/yaml')).toEqual([
      400,
      expect.stringContaining('not-understood'),
    ]);
  }
  const would = [200, '{"text":"DNS: would be saved"}'];
  expect(await ask('POST', '/apply?check=true', yaml, 'application/yaml')).toEqual(would);
  expect(await ask('PUT', '/WEB', JSON.stringify({ ...WEB, preference: 256 }))).toEqual([
    400,
    expect.stringContaining('preference'),
  ]);
  expect((await ask('GET', '/WEB'))[1]).toContain('"addresses":["192.0.2.7"]');
  expect((await ask('GET', '/NONE'))[0]).toBe(404);
  expect((await ask('GET', '/export'))[1]).toContain('---\nname: WEB\n');
  use('WEB', 'active', 'started');
  expect(await ask('DELETE', '/WEB')).toEqual([409, expect.stringContaining('deactivate it first')]);
  expect(await ask('DELETE', '/DNS')).toEqual([200, '{"text":"DNS is deleted"}']);
  expect(await ask('POST', '/import', yaml, 'application/yaml')).toEqual([200, '{"text":"DNS: saved"}']);
  expect((await ask('PUT', '/WEB', '[1]'))[0]).toBe(400);
  expect((await ask('PUT', '/WEB', 'x'.repeat(100_000), 'application/yaml'))[0]).toBe(413);
  expect(rereadBy).toEqual(['local', 'local', 'local', 'local']);
});

test('values of variables are shown to admins alone, and an export is for them', async () => {
  writeFileSync(path('WEB'), 'name: WEB\nmakefile: Makefile\nvariables: { PASSWORD: hunter2 }\n');
  writeFileSync(path('DNS'), 'name: DNS\nvariables: hunter2\nvariable: { PASSWORD: hunter2 }\n');
  for (const role of ['viewer', 'operator'] as const) {
    const api = testSocketServer({ definitions: editor }, role);
    const texts = await Promise.all(
      ['', '/WEB', '/DNS', '/export'].map((end) => api.inject(`/api/v1/definitions${end}`)),
    );
    expect(texts.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200, 403]);
    expect(texts.map(({ body }) => body).join()).not.toContain('hunter2');
    expect(texts[1]?.json()).toMatchObject({ definition: { name: 'WEB', variables: { PASSWORD: '***' } } });
    await api.close();
  }
  const api = testSocketServer({ definitions: editor }, 'admin');
  expect((await api.inject('/api/v1/definitions')).body).toContain('hunter2');
  expect((await api.inject('/api/v1/definitions/export')).body).toContain('hunter2');
  await api.close();
});

test('what would take long to read is refused in words', async () => {
  execFileSync('mkfifo', [join(servicesDir, 'fifo')]);
  for (const [makefile, what] of Object.entries({ fifo: 'a FIFO', '/dev/zero': 'a device' })) {
    const { problems } = await editor.validate({ ...WEB, makefile });
    expect(problems).toMatchObject([
      { key: 'makefile', message: expect.stringContaining(`a regular file, it is ${what}`) },
    ]);
  }
  const keys = Array.from({ length: 40_000 }, (_, index) => `k${index}: 1\n`).join('');
  const nested = `a: ${'['.repeat(30_000)}`;
  for (const yaml of [keys, nested, keys.slice(0, 60_000)]) {
    expect((await editor.validate(yaml)).problems).toMatchObject([
      { key: '', message: expect.stringMatching(/^it (is|has) /) },
    ]);
    const reply = await editor.import(`name: A\n---\n${yaml}`, 'ada');
    expect(reply).toMatchObject({
      outcome: 'wrong-definition',
      text: expect.stringMatching(/^definition 2: it (is|has) /),
    });
    expect((await editor.save('WEB', yaml, 'ada')).outcome).toBe('wrong-definition');
  }
  const deep = JSON.parse(`{"name":"WEB","x":${'['.repeat(20_000)}${']'.repeat(20_000)}}`);
  expect((await editor.save('WEB', deep, 'ada')).text).toContain('nested more than 16 deep');
  const many = Array.from({ length: 2_001 }, (_, index) => `---\nname: S${index}\n`).join('');
  expect((await editor.import(many, 'ada')).text).toBe('expected at most 2000 definitions, got more');
});

test('a long list lets the event loop make turns', async () => {
  for (let index = 0; index < 200; index++) {
    writeFileSync(path(`S${index}`), `name: S${index}\naddresses: [192.0.2.${index}]\nmakefile: Makefile\n`);
  }
  let askedInTurn = 0;
  let most = 0;
  let isCounting = true;
  const count = () => {
    most = Math.max(most, askedInTurn);
    askedInTurn = 0;
    if (isCounting) setImmediate(count);
  };
  count();
  editor = new DefinitionEditor({
    ...{ stateDir, servicesDir, nodeName: 'alpha', parsed: new Map(), files: new ForeignFiles() },
    replica: () => undefined,
    conflicts: () => {
      askedInTurn += 1;
      return [];
    },
    rereads: () => 0,
    reread: async () => {},
    forget: () => {},
  });
  expect(await list()).toHaveLength(200);
  isCounting = false;
  expect(most).toBeGreaterThan(0);
  expect(most).toBeLessThanOrEqual(20);
});
