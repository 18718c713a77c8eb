import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import type { ApiPorts, DefinitionProblem } from '../../http/index.js';
import { TestDaemon } from '../testing.js';

const EXPECTED = 'expected 0 to 255';
const WRONG: DefinitionProblem = {
  ...{ file: null, line: 1, key: 'preference', code: 'wrong-value' as const, expected: EXPECTED, found: null },
  message: EXPECTED,
};

let daemon: TestDaemon;

beforeEach(() => {
  daemon = new TestDaemon();
});

afterEach(() => daemon.end());

test('definitions are listed, shown, validated, saved, deleted, exported and imported', async () => {
  const saved: unknown[] = [];
  const entry = {
    ...{ name: 'WEB', file: '/s/WEB.yaml', definition: { name: 'WEB', preference: 7 }, inForce: false },
    ...{
      problems: ['makefile: expected a file'],
      editable: false,
      whyNot: 'WEB is active/started: deactivate it first',
    },
  };
  const definitions: ApiPorts['definitions'] = {
    list: async function* () {
      yield [entry];
    },
    find: async (name) => (name === 'WEB' ? entry : undefined),
    validate: async (written) => ({
      problems: String(written).includes('256') ? [WRONG] : [],
      warnings: [],
    }),
    save: async (name, written) => {
      saved.push(['save', name, written]);
      return { outcome: 'done', text: `${name}: saved` };
    },
    remove: async () => ({ outcome: 'refused', text: 'deactivate it first' }),
    exported: async () => '# ours\nname: WEB\n---\nname: DNS\n',
    apply: async () => ({ outcome: 'done', text: 'applied' }),
    import: async (yaml) => {
      saved.push(['import', parseAllDocuments(yaml).length]);
      return { outcome: 'done', text: 'saved' };
    },
  };
  await daemon.serve({ definitions });
  const file = join(daemon.folder, 'WEB.yaml');
  writeFileSync(file, '# mine\nname: WEB\n');
  const list = await daemon.run('definition', 'list');
  expect(list.out).toContain('WEB      no        no        /s/WEB.yaml\n\nPROBLEMS\n  WEB: makefile: expected a file');
  expect(await daemon.run('definition', 'show', 'WEB')).toEqual({
    code: 0,
    out: 'name: WEB\npreference: 7\n',
    err: expect.stringContaining('not editable: WEB is active/started: deactivate it first'),
  });
  expect(JSON.parse((await daemon.run('definition', 'show', 'WEB', '--json')).out)).toEqual(entry);
  expect(await daemon.run('definition', 'set', file)).toMatchObject({ code: 0, out: 'WEB: saved\n' });
  expect(await daemon.run('definition', 'delete', 'WEB')).toMatchObject({
    code: 1,
    err: 'srrctl: deactivate it first\n',
  });
  expect(await daemon.run('definition', 'validate', file)).toMatchObject({
    code: 0,
    out: 'The daemon would take it.\n',
  });
  writeFileSync(file, 'name: WEB\npreference: 256\n');
  expect(await daemon.run('definition', 'validate', file)).toMatchObject({
    code: 1,
    out: 'preference: expected 0 to 255\n',
  });
  const exported = await daemon.run('definition', 'export');
  expect(exported.out).toBe('# ours\nname: WEB\n---\nname: DNS\n');
  writeFileSync(file, exported.out);
  expect(await daemon.run('definition', 'import', file)).toMatchObject({ code: 0 });
  expect(await daemon.run('definition', 'set', join(daemon.folder, 'none.yaml'))).toMatchObject({ code: 2 });
  expect(saved).toEqual([
    ['save', 'WEB', '# mine\nname: WEB\n'],
    ['import', 2],
  ]);
});
