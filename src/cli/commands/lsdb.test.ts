import { afterEach, beforeEach, expect, test } from 'vitest';
import { testPorts } from '../../http/testing.js';
import { TestDaemon, TWO_NODES } from '../testing.js';

const LSA = {
  id: '1_0.0.0.0_10.0.0.2_10.0.0.2',
  type: 1,
  typeName: 'Router',
  opaqueType: null,
  linkStateId: '10.0.0.2',
  advertisingRouter: '10.0.0.2',
  area: '0.0.0.0',
  link: null,
  own: false,
  age: 7,
  sequence: '80000001',
  checksum: '0x1234',
  length: 36,
  words: '2 links',
};
const OPAQUE = {
  ...LSA,
  id: 'opaque',
  type: 11,
  typeName: 'AS opaque',
  linkStateId: '222.1.3.1',
  area: null,
  words: 'WEB is started',
};

const FIELD = { name: 'age', value: '7 s', meaning: 'seconds', offset: 0, length: 2, target: null, parts: [] };
const WHOLE = {
  ...LSA,
  generatedAt: '',
  fields: [{ ...FIELD, name: 'header', value: '', meaning: null, parts: [FIELD] }],
  raw: 'ab'.repeat(36),
};
const HEAD = { generatedAt: '', routerId: '10.0.0.1', notes: ['opaque LSAs of type 9 are missing'] };

let daemon: TestDaemon;

beforeEach(async () => {
  daemon = new TestDaemon();
  daemon.status = TWO_NODES;
  const { lsdb } = testPorts();
  await daemon.serve({
    lsdb: {
      ...lsdb,
      list: async function* () {
        yield { head: HEAD, lsas: [LSA, OPAQUE] };
      },
      find: (id) => (id === LSA.id ? WHOLE : undefined),
    },
  });
});

afterEach(() => daemon.end());

test('lsdb lists LSAs by type, router, area and text', async () => {
  const ids = async (...args: string[]) =>
    JSON.parse((await daemon.run('lsdb', '--json', ...args)).out).lsas.map(({ id }: { id: string }) => id);
  expect(await ids()).toEqual([LSA.id, 'opaque']);
  expect(await ids('--type', '1')).toEqual([LSA.id]);
  expect(await ids('--type', 'opaque')).toEqual(['opaque']);
  expect(await ids('--router', 'beta')).toEqual([LSA.id, 'opaque']);
  expect(await ids('--router', 'alpha')).toEqual([]);
  expect(await ids('--area', '0.0.0.0')).toEqual([LSA.id]);
  expect(await ids('--text', 'web is')).toEqual(['opaque']);
  const { out } = await daemon.run('lsdb');
  expect(out).toContain('1     10.0.0.2       10.0.0.2  0.0.0.0  7    2 links');
  expect(out).toContain('type 9 are missing');
});

test('lsdb ID shows every field, and the bytes', async () => {
  const { out } = await daemon.run('lsdb', LSA.id);
  expect(out).toContain('header\n  age: 7 s (seconds)\n');
  expect(out).toContain(`${'ab'.repeat(32)}\nabababab\n`);
  expect(await daemon.run('lsdb', 'none')).toMatchObject({ code: 1, err: expect.stringContaining('no LSA none') });
});
