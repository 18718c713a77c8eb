import { chmodSync, lstatSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { parseAllDocuments, stringify } from 'yaml';
import { definitionsBase } from '../../config/index.js';
import type { ApiPorts, DefinitionEntry, EditReply } from '../../http/index.js';
import { testControl } from '../../http/testing.js';
import { type TestWeb, testWeb } from '../../http/testing-web.js';
import { TestDaemon, TWO_NODES } from '../testing.js';
import type { Keys } from './applied-file.js';

/** A node that keeps definitions, and takes all that it is not told to refuse. */
class Keeper {
  has: Keys[] = [];
  refuses: EditReply | null = null;
  /** Files that are listed and not exported: they cannot be read. */
  unreadable: string[] = [];
  readonly asked: string[] = [];
  readonly #name: string;
  readonly #routerId: string;

  constructor(name: string, routerId: string) {
    this.#name = name;
    this.#routerId = routerId;
  }

  readonly ports = (): Partial<ApiPorts> => ({
    session: { version: '1', node: () => ({ name: this.#name, routerId: this.#routerId }) },
    definitions: {
      list: async function* (this: Keeper) {
        const unreadable = this.unreadable.map((name) => ({
          name,
          file: `/services/${name}.yaml`,
          definition: { name },
        }));
        const read = this.has.map((definition) => ({ name: String(definition.name), definition }));
        yield [...unreadable, ...read].map((each) => ({ ...ENTRY, ...each }));
      }.bind(this),
      find: async () => undefined,
      validate: async () => ({ problems: [], warnings: [] }),
      save: async () => ({ outcome: 'done', text: '' }),
      remove: async () => ({ outcome: 'done', text: '' }),
      exported: async () => this.has.map((keys) => stringify(keys)).join('---\n'),
      import: async () => ({ outcome: 'done', text: 'saved, whatever was asked' }),
      apply: async (yaml, _operator, { check, remove, base }) => {
        this.asked.push(check ? 'check' : 'apply');
        expect(base).toBe(
          definitionsBase(this.has.map((definition) => ({ name: String(definition.name), definition }))),
        );
        if (this.refuses !== null) return this.refuses;
        const documents = parseAllDocuments(yaml);
        const values = 'empty' in documents ? [] : documents.map((each) => each.toJS() as Keys | null);
        const saved = values.filter((keys) => keys !== null);
        const names = [...saved.map(({ name }) => name), ...remove];
        if (check) return { outcome: 'done', text: 'would be saved' };
        this.has = [...this.has.filter(({ name }) => !names.includes(name)), ...saved];
        return { outcome: 'done', text: `${names.join(', ')}: saved` };
      },
    },
  });
}

const ENTRY: DefinitionEntry = {
  ...{ name: '', file: '', definition: {}, inForce: true, problems: [], editable: true, whyNot: null },
};
const WEB = { name: 'WEB', makefile: 'nginx/Makefile', addresses: ['192.0.2.7'] };

let alpha: Keeper;
let beta: Keeper;
let web: TestWeb;
let daemon: TestDaemon;
let clientFile: string;
let folder: string;

beforeAll(async () => {
  beta = new Keeper('beta', '10.0.0.2');
  web = await testWeb({ ports: { ...beta.ports() }, name: 'beta' });
  for (const [name, role] of [
    ['jane', 'admin'],
    ['joe', 'operator'],
  ] as const) {
    const { cert, key } = web.ca.issueClient([`CN=${name}`, `OU=${role}`]);
    writeFileSync(join(web.folder, `${name}.crt`), cert);
    writeFileSync(join(web.folder, `${name}.key`), key, { mode: 0o600 });
  }
  clientFile = join(web.folder, 'srrctl.yaml');
  writeFileSync(clientFile, 'cert: jane.crt\nkey: jane.key\nca: ca.pem\n');
});

beforeEach(async () => {
  daemon = new TestDaemon();
  alpha = new Keeper('alpha', '10.0.0.1');
  Object.assign(beta, { has: [], refuses: null, unreadable: [] });
  beta.asked.length = 0;
  const [first, second] = TWO_NODES.nodes;
  const nodes = [first, { ...second, web: `127.0.0.1:${web.port}` }] as typeof TWO_NODES.nodes;
  const status = { ...TWO_NODES, nodes };
  daemon.status = status;
  await daemon.serve({ ...alpha.ports(), control: testControl(() => daemon.status) });
  folder = join(daemon.folder, 'cluster');
  mkdirSync(folder);
  return () => daemon.end();
});
afterAll(() => web.close());

const write = (name: string, value: object) => writeFileSync(join(folder, `${name}.yaml`), stringify(value));
const apply = (...args: string[]) => daemon.run('--client', clientFile, 'definition', 'apply', folder, ...args);

test('one file on all nodes: what differs is shown, all are asked, all are changed, and again nothing', async () => {
  beta.has = [{ ...WEB, preference: 7, addresses: ['192.0.2.1'] }];
  write('WEB', WEB);
  const dry = await apply('--nodes', 'all', '--dry-run');
  expect(dry).toMatchObject({ code: 0, err: '' });
  expect(dry.out).toBe(`alpha:
  WEB: new
beta:
  WEB: addresses: ["192.0.2.1"] -> ["192.0.2.7"]
Nothing was changed: --dry-run. 2 of 2 nodes would be.
`);
  expect([alpha.asked, beta.asked]).toEqual([['check'], ['check']]);
  const done = await apply('--nodes', 'all');
  expect([done.code, done.out]).toEqual([0, expect.stringContaining('\nbeta: WEB: saved\n2 of 2 nodes were changed.')]);
  expect([alpha.has, beta.has]).toEqual([[WEB], [{ ...WEB, preference: 7 }]]);
  const again = await apply('--nodes', 'alpha,10.0.0.2');
  expect(again.out).toBe('alpha: nothing differs\nbeta: nothing differs\n0 of 2 nodes were changed.\n');
  expect([alpha.asked.length, beta.asked.length]).toEqual([3, 3]);
});

test('without --nodes it is the node that is asked', async () => {
  write('WEB', WEB);
  expect(await apply()).toMatchObject({ code: 0 });
  expect([alpha.has, beta.has]).toEqual([[WEB], []]);
});

test('if one node would not take it, none is changed', async () => {
  write('WEB', WEB);
  beta.refuses = { outcome: 'refused', text: 'WEB is active/started on beta: deactivate it first' };
  const { code, out } = await apply('--nodes', 'all');
  expect(code).toBe(1);
  expect(out).toContain('beta: FAILED: WEB is active/started on beta: deactivate it first\n');
  expect(out).toContain('Nothing was changed on any node, because of beta.\n');
  expect([alpha.has, alpha.asked, beta.asked]).toEqual([[], ['check'], ['check']]);
});

test('a node whose version cannot be asked would only carry it out: none is changed, and it is said why', async () => {
  write('WEB', WEB);
  const old = createServer((request, response) => {
    const text = request.url === '/api/v1/session' ? OLD_SESSION : request.url === '/api/v1/definitions' ? '[]' : null;
    response.statusCode = text === null ? 404 : 200;
    response.end(text ?? '{"error":"there is none","code":"unknown-route"}');
  });
  const { cert, key } = web.ca.issue(['CN=beta']);
  old.setSecureContext({ cert, key });
  await new Promise<void>((resolve) => old.listen(0, '127.0.0.1', resolve));
  const [first, second] = daemon.status.nodes;
  const there = { ...second, web: `127.0.0.1:${(old.address() as AddressInfo).port}` };
  daemon.status = { ...daemon.status, nodes: [first, there] as typeof daemon.status.nodes };
  const { code, out } = await apply('--nodes', 'all');
  await new Promise((resolve) => old.close(resolve));
  expect([code, out]).toEqual([
    1,
    expect.stringContaining('beta: FAILED: it runs a version of srrd that cannot be asked'),
  ]);
  expect([alpha.has, alpha.asked]).toEqual([[], ['check']]);
});

const OLD_SESSION = JSON.stringify({ user: 'jane', role: 'admin', node: { name: 'beta', routerId: '10.0.0.2' } });

test('whoever is no admin on a node, or meets another node there, changes none', async () => {
  write('WEB', WEB);
  const joe = ['--cert', join(web.folder, 'joe.crt'), '--key', join(web.folder, 'joe.key')];
  const asJoe = await apply('--nodes', 'all', ...joe);
  expect([asJoe.code, asJoe.out]).toEqual([1, expect.stringMatching(/beta: FAILED: .*CN=joe.* is operator on beta/)]);
  const [first, second] = daemon.status.nodes;
  const nodes = [first, { ...second, routerId: '10.0.0.9', name: 'omega' }] as typeof daemon.status.nodes;
  daemon.status = { ...daemon.status, nodes };
  const omega = await apply('--nodes', 'all', '--json');
  expect(omega.code).toBe(1);
  // Its certificate is for that address too, but it was omega that told the address.
  expect(JSON.parse(omega.out)[1].problem).toContain('the certificate there is of beta, not of omega or 10.0.0.9');
  const told = { ...second, routerId: '10.0.0.9' };
  daemon.status = { ...daemon.status, nodes: [first, told] as typeof nodes };
  expect((await apply('--nodes', 'all')).out).toMatch(/is beta \(10\.0\.0\.2\), not beta \(10\.0\.0\.9\)/);
  daemon.status = { ...daemon.status, nodes: [first, { ...second, web: null }] as typeof nodes };
  expect((await apply('--nodes', 'all')).out).toContain('beta tells of no web server');
  expect(alpha.has).toEqual([]);
});

test('--prune deletes what is in no file', async () => {
  write('WEB', { ...WEB, nodes: { beta: false } });
  alpha.has = [WEB, { name: 'OLD' }];
  beta.has = [WEB];
  expect((await apply('--nodes', 'all')).out).toContain('not in the files, and left alone: OLD');
  const { code, out } = await apply('--nodes', 'all', '--prune');
  expect([code, out]).toEqual([0, expect.stringMatching(/alpha:\n {2}OLD: deleted\nbeta:\n {2}WEB: deleted\n/)]);
  expect([alpha.has, beta.has]).toEqual([[WEB], []]);
});

test('the whole cluster is exported as files, and these change nothing', async () => {
  alpha.has = [WEB, { name: 'DISK', makefile: 'disk/Makefile' }];
  beta.has = [{ ...WEB, preference: 50 }];
  writeFileSync(join(folder, 'GONE.yaml'), '{}');
  const exported = await daemon.run('--client', clientFile, 'definition', 'export', '--output', folder);
  expect(exported).toEqual({ code: 0, out: '', err: expect.stringContaining('GONE.yaml is of no service') });
  expect(readdirSync(folder)).toEqual(['DISK.yaml', 'GONE.yaml', 'WEB.yaml']);
  expect(readFileSync(join(folder, 'DISK.yaml'), 'utf8')).toContain('beta: false');
  writeFileSync(join(folder, 'GONE.yaml'), '');
  const { code, out } = await apply('--nodes', 'all', '--prune');
  expect([code, out]).toEqual([0, 'alpha: nothing differs\nbeta: nothing differs\n0 of 2 nodes were changed.\n']);
  const printed = await daemon.run('--client', clientFile, 'definition', 'export', '--nodes', 'all', '--json');
  expect(JSON.parse(printed.out)).toHaveLength(2);
});

test.each([
  ['a file that cannot be read', { unreadable: ['OLD'] }, 'expected the definition of OLD. Correct the file there'],
  ['a copy with a forgotten name', { has: [WEB, WEB] }, 'expected each service in one file, WEB is in two'],
  ['a name that is a path', { has: [{ ...WEB, name: '../../WEB' }] }, 'name: expected 1 to 64 of A-Z a-z 0-9 . _ -'],
])('%s on a node: nothing is exported, and nothing deleted', async (_what, onBeta, why) => {
  write('WEB', WEB);
  Object.assign(beta, { has: [WEB], ...onBeta });
  const output = join(daemon.folder, 'exported', 'here');
  const exported = await daemon.run('--client', clientFile, 'definition', 'export', '--output', output);
  expect(exported).toMatchObject({ code: 1, err: expect.stringContaining(why) });
  expect(readdirSync(daemon.folder)).not.toContain('exported');
  const pruned = await apply('--nodes', 'all', '--prune');
  expect([pruned.code, pruned.out]).toEqual([1, expect.stringContaining(`beta: FAILED: `)]);
  expect(pruned.out).toContain(why);
  expect([alpha.has, beta.asked]).toEqual([[], []]);
});

test('an exported file follows no link, and is for its owner alone', async () => {
  alpha.has = [WEB];
  const [file, other] = [join(folder, 'WEB.yaml'), join(daemon.folder, 'other')];
  writeFileSync(other, 'theirs', { mode: 0o644 });
  symlinkSync(other, file);
  const exportAll = () =>
    daemon.run('--client', clientFile, 'definition', 'export', '--nodes', 'alpha', '--output', folder);
  expect(await exportAll()).toMatchObject({ code: 0 });
  expect([readFileSync(other, 'utf8'), lstatSync(file).mode & 0o7777]).toEqual(['theirs', 0o600]);
  chmodSync(file, 0o644);
  expect(await exportAll()).toMatchObject({ code: 0 });
  expect(lstatSync(file).mode & 0o7777).toBe(0o600);
  alpha.has = [WEB, { ...WEB, name: '.WEB' }];
  expect(await exportAll()).toMatchObject({
    code: 1,
    err: expect.stringContaining('.WEB: expected a name that does not'),
  });
});

test('wrong files and unknown nodes are wrong usage; a name that no node has now is pointed out', async () => {
  expect(await apply('--nodes', 'all')).toMatchObject({ code: 2, err: expect.stringContaining('got none in') });
  write('WEB', { ...WEB, nodes: { bta: { preference: 1 } } });
  expect(await apply('--nodes', 'delta')).toMatchObject({
    code: 2,
    err: expect.stringContaining('expected all, or nodes of the cluster (alpha, beta), got delta'),
  });
  expect((await apply()).err).toMatch(/WEB\.yaml: nodes: no node is called bta now/);
  write('OTHER', WEB);
  expect(await apply()).toMatchObject({ code: 2, err: expect.stringMatching(/each service once, WEB is in .*OTHER/) });
});
