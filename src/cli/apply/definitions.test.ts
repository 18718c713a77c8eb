import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { UsageError } from '../exit.js';
import { definitionsIn, type Keys } from './applied-file.js';
import { changeOf, describeChange } from './differences.js';
import { wantedOn } from './for-node.js';
import { mergedDefinition } from './merge.js';
import { differencesFor } from './plan.js';

const ALPHA = { name: 'alpha', routerId: '10.0.0.1' };
const BETA = { name: 'beta', routerId: '10.0.0.2' };
const GAMMA = { name: 'gamma', routerId: '10.0.0.3' };

const TEXT = `# The shop.
name: WEB
makefile: nginx/Makefile
addresses: [192.0.2.7] # asked for in 2024
check: { interval: 5s, fall: 2 }
nodes:
  beta: { preference: 50, check: { interval: 1s, fall: null } }
  10.0.0.3: false
`;

function only(text: string) {
  const [definition] = definitionsIn('WEB.yaml', text);
  if (definition === undefined) throw new Error('no definition');
  return definition;
}

const BASE = {
  name: 'WEB',
  makefile: 'nginx/Makefile',
  addresses: ['192.0.2.7'],
  check: { interval: '5s', fall: 2 },
};

test('a node gets what all have, and what is another there, by its name or router ID', () => {
  expect(wantedOn(only(TEXT), ALPHA, undefined)).toEqual(BASE);
  expect(wantedOn(only(TEXT), BETA, undefined)).toEqual({ ...BASE, preference: 50, check: { interval: '1s' } });
  expect(wantedOn(only(TEXT), GAMMA, undefined)).toBeNull();
});

test("what is a node's own stays as the node has it, unless the file says it", () => {
  const present = { name: 'WEB', preference: 7, enabled: false, interface: 'dummy0', failureTimeout: '5m' };
  const kept = { preference: 7, enabled: false, interface: 'dummy0' };
  expect(wantedOn(only(TEXT), ALPHA, present)).toEqual({ ...BASE, ...kept });
  expect(wantedOn(only(TEXT), BETA, present)).toMatchObject({ ...kept, preference: 50 });
  expect(wantedOn(only(TEXT.replace('nodes:', 'preference: 9\nnodes:')), ALPHA, present)?.preference).toBe(9);
  expect(wantedOn(only(TEXT.replace('preference: 50', 'preference: null')), BETA, present)).not.toHaveProperty(
    'preference',
  );
});

test('what differs is said key by key, without the values of variables', () => {
  const present = { ...BASE, preference: 100, check: { interval: '5s' }, variables: { PASSWORD: 'old', PORT: '80' } };
  const wanted = { ...BASE, addresses: ['192.0.2.8'], variables: { PASSWORD: 'new', PORT: '80' } };
  const change = changeOf('WEB', present, wanted);
  expect(change?.kind).toBe('changed');
  expect(
    describeChange(change as never)
      .split('; ')
      .sort(),
  ).toEqual(
    [
      'WEB: addresses: ["192.0.2.7"] -> ["192.0.2.8"]',
      'check.fall: (default) -> 2',
      'preference: 100 -> (default)',
      'variables.PASSWORD: *** -> ***',
    ].sort(),
  );
  expect(JSON.stringify(change)).not.toMatch(/old|new"/);
  expect(changeOf('WEB', { ...BASE, check: { fall: 2, interval: '5s' } }, BASE)).toBeNull();
});

test('a node is sent the file with its comments, without what is for other nodes', () => {
  const { changes, yaml } = differencesFor(BETA, [only(TEXT)], new Map(), false);
  expect(changes).toEqual([{ service: 'WEB', kind: 'new', keys: [] }]);
  expect(yaml).toMatch(/^# The shop\.\n.*# asked for in 2024\n/s);
  expect(yaml).toContain('preference: 50');
  expect(yaml).not.toContain('nodes');
});

test('what is in no file stays, and with --prune it goes; so does what the file keeps from the node', () => {
  const present = new Map<string, Keys>([
    ['WEB', BASE],
    ['OLD', { name: 'OLD' }],
  ]);
  expect(differencesFor(ALPHA, [only(TEXT)], present, false)).toEqual({ changes: [], others: ['OLD'], yaml: '' });
  const deleted = (service: string) => ({ service, kind: 'deleted', keys: [] });
  expect(differencesFor(ALPHA, [only(TEXT)], present, true).changes).toEqual([deleted('OLD')]);
  expect(differencesFor(GAMMA, [only(TEXT)], present, true).changes).toEqual([deleted('WEB'), deleted('OLD')]);
});

test.each([
  ['name: [', /WEB\.yaml: expected YAML/],
  ['- WEB', /section of keys/],
  ['makefile: x', /WEB\.yaml: name: expected 1 to 64 of A-Z a-z 0-9 \. _ -, and not .*, got null/],
  ['name: ../../../etc/srrd/srrd', /name: expected .* got "\.\.\/\.\.\/\.\.\/etc\/srrd\/srrd"/],
  ['name: WEB\nnodes: [beta]', /nodes: expected for each node what is another there/],
  ['name: WEB\nnodes: { beta: true }', /nodes\.beta: expected a section of keys, or false/],
  ['name: WEB\nnodes: { beta: { addresses: [192.0.2.9] } }', /nodes\.beta\.addresses: expected only keys in which/],
  ['name: WEB\nnodes: { beta: { name: DNS } }', /nodes\.beta\.name/],
])('%j is refused with a sentence', (text, why) => {
  expect(() => definitionsIn('WEB.yaml', text)).toThrow(UsageError);
  expect(() => definitionsIn('WEB.yaml', text)).toThrow(why);
});

test('a node that calls itself like what every object has is a node like others', () => {
  for (const node of ['__proto__', 'constructor']) {
    const { keys } = mergedDefinition([
      { node: 'alpha', keys: BASE },
      { node, keys: { ...BASE, preference: 50 } },
    ]);
    expect(Object.entries(keys.nodes as object)).toEqual([[node, { preference: 50 }]]);
  }
});

test('an export says where nodes are in conflict, and takes what the first has', () => {
  const { keys, conflicts } = mergedDefinition([
    { node: 'alpha', keys: BASE },
    { node: 'beta', keys: { ...BASE, addresses: ['192.0.2.8'], preference: 50 } },
  ]);
  expect(conflicts).toEqual(['addresses']);
  expect(keys).toEqual({ ...BASE, nodes: { beta: { preference: 50 } } });
});

test('the file in docs/operations.md means what the page says', () => {
  const page = readFileSync(new URL('../../../docs/operations.md', import.meta.url), 'utf8');
  const [text = ''] = /# cluster\/WEB\.yaml\n[^`]+/.exec(page) ?? [];
  const [definition] = definitionsIn('WEB.yaml', text);
  const on = (name: string) => wantedOn(definition as never, { name, routerId: '' }, undefined);
  expect(on('alpha')).toMatchObject({ name: 'WEB', check: { interval: '5s', timeout: '2s' } });
  expect(on('beta')).toMatchObject({ preference: 50, check: { interval: '5s', timeout: '4s' } });
  expect(on('gamma')).toEqual(on('alpha'));
  expect(on('delta')).toBeNull();
});

const section = fc.dictionary(fc.constantFrom('interval', 'timeout', 'fall'), fc.constantFrom('1s', '2s', 3), {
  minKeys: 1,
});
const some = (value: fc.Arbitrary<unknown>) => fc.option(value, { nil: undefined });
const onOneNode = fc.option(
  fc
    .record({
      preference: some(fc.constantFrom(50, 100)),
      enabled: some(fc.boolean()),
      makefile: fc.constantFrom('a/Makefile', 'b/Makefile'),
      failureTimeout: some(fc.constantFrom('1m', '2m')),
      check: some(section),
      variables: some(fc.dictionary(fc.constantFrom('A', 'B'), fc.constantFrom('x', 'y'))),
    })
    .map(
      (keys): Keys => ({ name: 'WEB', ...Object.fromEntries(Object.entries(keys).filter(([, v]) => v !== undefined)) }),
    ),
  { nil: null },
);

test('what was exported and is applied is the same on every node again', () => {
  const cluster = fc.tuple(onOneNode, onOneNode, onOneNode).filter((keys) => keys.some((each) => each !== null));
  fc.assert(
    fc.property(cluster, (onNodes) => {
      const nodes = [ALPHA, BETA, GAMMA];
      const { keys } = mergedDefinition(nodes.map(({ name }, at) => ({ node: name, keys: onNodes[at] ?? null })));
      const definition = only(JSON.stringify(keys));
      for (const [at, node] of nodes.entries()) {
        const had = onNodes[at] ?? null;
        expect(wantedOn(definition, node, undefined)).toEqual(had);
        expect(wantedOn(definition, node, had ?? undefined)).toEqual(had);
      }
    }),
  );
});
