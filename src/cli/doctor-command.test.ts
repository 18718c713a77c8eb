import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { listenOnSocket, type StatusDocument } from '../http/index.js';
import { testControl, testSocketServer } from '../http/testing.js';
import { run } from './testing.js';

let folder: string;
let config: string;
let socket: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'srrd-doctor-'));
  config = join(folder, 'srrd.yaml');
  socket = join(folder, 'srrd.sock');
  // A machine without FRR.
  const text = `vty: { socketDir: ${folder}, configDir: ${folder}/frr }\nstateDir: ${folder}\nospf: { port: 1 }\nsocket: ${socket}\n`;
  writeFileSync(config, text);
});

afterEach(() => rmSync(folder, { recursive: true }));

function doctor(...args: string[]) {
  return run('doctor', '--config', config, ...args);
}

test('something broken exits 1, with the lines to change and nothing on stderr', async () => {
  const { code, out, err } = await doctor();
  expect([code, err]).toEqual([1, '']);
  expect(out).toMatch(
    /^BROKEN\n[\s\S]*\[ospf-api\][\s\S]*ospfd=yes[\s\S]*\d+ broken, \d+ should change, \d+ fine\.\n$/,
  );
});

test('for programs it is the report itself', async () => {
  const { code, out } = await doctor('--json');
  expect([code, JSON.parse(out)]).toEqual([1, expect.objectContaining({ level: 'broken' })]);
});

test('wrong usage exits 2 and examines nothing', async () => {
  expect(await doctor('--yaml')).toMatchObject({ code: 2, out: '' });
});

test.each([
  [['--fix', 'mtu'], 2, /expected all, or some of ospf-api, opaque, .*, got mtu/],
  [['--fix', 'authentication'], 2, /expected --key-file as well/],
  [['--apply'], 2, /--apply is for --fix/],
  [['--fix', 'all', '--node', 'beta'], 2, /--fix is for this machine/],
  [['--undo', '--apply'], 2, /--undo: expected neither --fix nor --apply/],
  [['--fix', 'all', '--apply'], 1, /expected the files of FRR in .*frr, which is not there: apt-get install frr/],
])('%j changes nothing and says why', async (args, expected, why) => {
  const { code, out, err } = await doctor(...args);
  expect([code, out, err]).toEqual([expected, '', expect.stringMatching(why)]);
});

test('a running srrd is asked on the socket of the configuration, and its words do not drive the terminal', async () => {
  const replica = {
    ...{ routerId: '10.0.0.1', config: 'active', state: 'failed', preference: 100, claim: 0, pinned: false },
    ...{ standby: false, joining: false, lsaId: null, checkStamp: 0, waitsFor: null },
    failure: { code: 'start-failed' as const, reason: 'disk\u001b[2J full' },
  };
  const status: StatusDocument = {
    node: { routerId: '10.0.0.1', name: 'alpha', phase: 'member', standby: false },
    ospf: { connected: false, ready: false, fullNeighbours: 0 },
    nodes: [{ routerId: '10.0.0.1', name: 'alpha', reachable: true, web: null, webDoubt: null, standby: false }],
    services: [
      {
        ...{
          name: 'WEB',
          kind: 'service',
          group: 'WEB',
          addresses: [],
          owner: null,
          elected: null,
          waitsForHolders: [],
        },
        replicas: [
          { ...replica, reachable: true, notCounted: null, impossible: {} },
          { ...replica, routerId: '10.0.0.9', reachable: false, notCounted: 'its node is unreachable', impossible: {} },
        ],
      },
    ],
    process: {
      version: '0',
      pid: 1,
      uptimeSeconds: 1,
      eventLoopDelayMs: 0,
      floodsLimited: { held: [], mergedLastMinute: 0 },
      lsdbComparisons: { done: 0, differed: 0 },
      trust: { mode: 'off', keyId: null, refused: 0, nodes: [] },
      duplicateRouterIds: [],
      ending: null,
      problems: [],
    },
  };
  const daemon = testSocketServer({ control: testControl(() => status) });
  await listenOnSocket(daemon, socket);
  const { out } = await doctor();
  await daemon.close();
  expect(out).toContain('srrd runs, but has no connection to ospfd');
  expect(out).toContain('WEB has failed on alpha: start-failed: disk\ufffd[2J full');
  expect(out).toContain('srrctl service clear WEB alpha');
  expect(out).not.toContain('10.0.0.9');
});

test("FRR's files are looked for where srrd's configuration says, unless another folder is named", async () => {
  mkdirSync(join(folder, 'frr'));
  mkdirSync(join(folder, 'other'));
  mkdirSync(join(folder, 'services'));
  writeFileSync(
    join(folder, 'services', 'WEB.yaml'),
    `name: WEB\naddresses: [172.16.15.128]\nmakefile: ${join(folder, 'Makefile')}\n`,
  );
  writeFileSync(
    join(folder, 'Makefile'),
    'activate deactivate start stop reload restart join leave failed status check:\n',
  );
  writeFileSync(join(folder, 'frr', 'frr.conf'), 'interface lo\n ip address 172.16.15.128/32\n');
  const saved = join(folder, 'frr', 'frr.conf');
  expect((await doctor()).out).toContain(saved);
  expect((await doctor('--frr-dir', join(folder, 'other'))).out).not.toContain(saved);
});
