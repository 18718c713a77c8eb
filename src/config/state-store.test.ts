import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readJson, writeJsonAtomically } from '../files/index.js';
import type { PersistedService } from '../model/persistence.js';
import { StateStore } from './index.js';

let stateDir = '';
let warnings: string[] = [];

beforeEach(() => {
  stateDir = join(mkdtempSync(join(tmpdir(), 'srrd-state-')), 'a', 'state');
  warnings = [];
});

afterEach(() => rmSync(join(stateDir, '..', '..'), { recursive: true }));

function open(): StateStore {
  return new StateStore(stateDir, (text) => warnings.push(text));
}

function mode(path: string): number {
  return statSync(path).mode & 0o777;
}

const DURABLE = { durable: true };
const QUICK = { durable: false };

const running: PersistedService = {
  deactivated: false,
  standby: true,
  notStopped: true,
  stopFailed: 'disk busy',
  highestClaim: 4_294_967_295,
  holders: [
    { routerId: 1, epoch: 2, counter: 3 },
    { routerId: 4, epoch: 5, counter: 6 },
  ],
};

describe('the state store', () => {
  it('knows nothing at first', () => {
    const store = open();
    expect(store.loadNode()).toEqual({ epoch: 0, standby: false, issuers: [] });
    expect(store.loadServices()).toEqual(new Map());
    expect(warnings).toEqual([]);
  });

  it('remembers what was saved last in another life', () => {
    const store = open();
    store.saveNode({ epoch: 1, standby: false, issuers: [] });
    store.saveNode({ epoch: 2, standby: true, issuers: [{ routerId: 1, epoch: 3, nonce: 4 }] });
    store.saveService('WEB', { ...running, highestClaim: 1 }, DURABLE);
    store.saveService('WEB', running, QUICK);
    store.saveService('a.b-c_D', { ...running, stopFailed: null }, DURABLE);
    const later = open();
    expect(later.loadNode()).toEqual({ epoch: 2, standby: true, issuers: [{ routerId: 1, epoch: 3, nonce: 4 }] });
    expect(later.loadServices()).toEqual(
      new Map([
        ['WEB', running],
        ['a.b-c_D', { ...running, stopFailed: null }],
      ]),
    );
    expect(warnings).toEqual([]);
  });

  it('does not write again in the next life what is written already', () => {
    open().saveService('WEB', running, DURABLE);
    const file = join(stateDir, 'replicas', 'WEB.json');
    const before = statSync(file).ino;
    const later = open();
    const record = later.loadServices().get('WEB')!;
    later.saveService('WEB', record, DURABLE);
    expect(statSync(file).ino).toBe(before);
    later.saveService('WEB', { ...record, standby: !record.standby }, DURABLE);
    expect(statSync(file).ino).not.toBe(before);
  });

  it('reads a record that knows the last holder only, as earlier versions wrote it', () => {
    open().saveService('WEB', running, DURABLE);
    const file = join(stateDir, 'replicas', 'WEB.json');
    const lastHolder = { routerId: 1, epoch: 2, counter: 3 };
    const before = { deactivated: true, standby: true, stopFailed: 'disk busy' };
    writeFileSync(file, JSON.stringify({ ...before, lastHolder }));
    expect(open().loadServices().get('WEB')).toEqual({ ...running, ...before, holders: [lastHolder] });
    writeFileSync(file, JSON.stringify({ ...before, lastHolder: null }));
    expect(open().loadServices().get('WEB')).toEqual({ ...running, ...before, holders: [] });
    expect(warnings).toEqual([]);
  });

  it('makes folders that only their owner may enter, and files that only their owner may read', () => {
    open().saveNode({ epoch: 1, standby: false, issuers: [] });
    open().saveService('WEB', running, DURABLE);
    expect(mode(stateDir)).toBe(0o700);
    expect(mode(join(stateDir, 'services'))).toBe(0o700);
    expect(mode(join(stateDir, 'node.json'))).toBe(0o600);
    expect(mode(join(stateDir, 'replicas', 'WEB.json'))).toBe(0o600);
    expect(mode(join(stateDir, 'running', 'WEB.json'))).toBe(0o600);
  });

  it('closes what people have put in the state directory, which others may pass through, and nothing outside of it', () => {
    const elsewhere = join(stateDir, '..', 'elsewhere');
    for (const folder of [stateDir, join(stateDir, 'services'), elsewhere]) {
      mkdirSync(folder, { recursive: true });
      chmodSync(folder, 0o755);
    }
    symlinkSync(elsewhere, join(stateDir, 'secrets'));
    open();
    expect(mode(join(stateDir, 'services'))).toBe(0o700);
    expect([mode(stateDir), mode(elsewhere)]).toEqual([0o755, 0o755]);
    rmSync(join(stateDir, 'secrets'));
    mkdirSync(join(stateDir, 'secrets'));
    chmodSync(join(stateDir, 'secrets'), 0o750);
    open();
    expect(mode(join(stateDir, 'secrets'))).toBe(0o700);
    expect(warnings).toEqual([]);
  });

  it('takes a service whose record is torn anywhere for possibly running, and warns', () => {
    open().saveService('WEB', running, QUICK);
    const file = join(stateDir, 'running', 'WEB.json');
    const whole = readFileSync(file, 'utf8');
    for (let length = 0; length < whole.trimEnd().length; length++) {
      warnings = [];
      writeFileSync(file, whole.slice(0, length));
      const expected = { ...running, notStopped: true, highestClaim: 0 };
      expect(open().loadServices().get('WEB')).toEqual(expected);
      expect(warnings).toEqual([expect.stringContaining(`${file} cannot be read (not JSON)`)]);
    }
  });

  it('loses what an operator had set when that record is torn, and warns', () => {
    open().saveService('WEB', running, DURABLE);
    const file = join(stateDir, 'replicas', 'WEB.json');
    truncateSync(file, 5);
    expect(open().loadServices().get('WEB')).toEqual({
      ...running,
      standby: false,
      stopFailed: null,
      holders: [],
    });
    expect(warnings).toEqual([expect.stringContaining(`${file} cannot be read (not JSON)`)]);
  });

  it('warns of a torn record of the node and starts from none', () => {
    open().saveNode({ epoch: 7, standby: true, issuers: [] });
    truncateSync(join(stateDir, 'node.json'), 5);
    expect(open().loadNode()).toEqual({ epoch: 0, standby: false, issuers: [] });
    expect(warnings).toHaveLength(1);
  });

  it('does not believe a record that is JSON but no record', () => {
    open().saveService('WEB', running, DURABLE);
    fc.assert(
      fc.property(fc.json(), (json) => {
        writeFileSync(join(stateDir, 'running', 'WEB.json'), json);
        writeFileSync(join(stateDir, 'node.json'), json);
        expect(open().loadServices().get('WEB')).toMatchObject({ notStopped: true });
        expect(open().loadNode()).toEqual({ epoch: 0, standby: false, issuers: [] });
      }),
      { numRuns: 100 },
    );
    writeFileSync(join(stateDir, 'running', 'WEB.json'), JSON.stringify({ notStopped: false, highestClaim: -1 }));
    warnings = [];
    expect(open().loadServices().get('WEB')?.highestClaim).toBe(0);
    expect(warnings).toEqual([expect.stringContaining('highestClaim')]);
  });

  it('survives a folder in place of a record', () => {
    writeJsonAtomically(join(stateDir, 'running', 'WEB.json', 'x'), 1);
    expect(open().loadServices().get('WEB')).toMatchObject({ notStopped: true });
  });

  it('does not look at files that are no records', () => {
    open();
    writeFileSync(join(stateDir, 'replicas', '.WEB.json.0a1b2c3d4e5f.tmp'), '{');
    writeFileSync(join(stateDir, 'replicas', 'notes.txt'), 'x');
    expect(open().loadServices()).toEqual(new Map());
    expect(warnings).toEqual([]);
  });

  it('does not write a record that did not change', () => {
    const store = open();
    const [replica, run] = ['replicas', 'running'].map((folder) => join(stateDir, folder, 'WEB.json'));
    store.saveService('WEB', running, DURABLE);
    const before = [statSync(replica!).ino, statSync(run!).ino];
    store.saveService('WEB', { ...running }, DURABLE);
    expect([statSync(replica!).ino, statSync(run!).ino]).toEqual(before);
    store.saveService('WEB', { ...running, highestClaim: 1 }, QUICK);
    expect(statSync(replica!).ino).toBe(before[0]);
    expect(readJson(run!, z.object({ highestClaim: z.number() }))).toMatchObject({ value: { highestClaim: 1 } });
  });

  it('refuses a service name that would leave its folder', () => {
    expect(() => open().saveService('../node', running, DURABLE)).toThrow(RangeError);
  });

  it('leaves nothing behind when a record cannot be written', () => {
    const store = open();
    writeJsonAtomically(join(stateDir, 'running', 'WEB.json', 'x'), 1);
    expect(() => store.saveService('WEB', running, DURABLE)).toThrow(/directory/);
    expect(readdirSync(join(stateDir, 'running'))).toEqual(['WEB.json']);
  });
});

describe('a JSON file', () => {
  it('comes back as it was written', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        const file = join(stateDir, 'value.json');
        writeJsonAtomically(file, value);
        // Of numbers JSON knows no negative zero.
        expect(readJson(file, z.unknown())).toEqual({ kind: 'read', value: JSON.parse(JSON.stringify(value)) });
      }),
      { numRuns: 100 },
    );
  });

  it('that is missing is told apart from one that is corrupt', () => {
    writeJsonAtomically(join(stateDir, 'value.json'), 'text');
    expect(readJson(join(stateDir, 'none.json'), z.string())).toEqual({ kind: 'missing' });
    expect(readJson(join(stateDir, 'value.json'), z.number())).toMatchObject({ kind: 'corrupt' });
  });
});

describe('a record that need not be on disk', () => {
  const file = () => join(stateDir, 'running', 'WEB.json');
  const save = (store: StateStore, highestClaim: number) =>
    store.saveService('WEB', { ...running, notStopped: false, highestClaim }, QUICK);

  it('is overwritten in place, and read back whether it has become longer or shorter', () => {
    const store = open();
    save(store, 1);
    const { ino } = statSync(file());
    for (const claim of [4_294_967_295, 7]) {
      save(store, claim);
      expect(open().loadServices().get('WEB')).toMatchObject({ notStopped: false, highestClaim: claim });
    }
    expect([statSync(file()).ino, mode(file())]).toEqual([ino, 0o600]);
    expect(warnings).toEqual([]);
  });

  it('is made anew if somebody has taken it away, or emptied it', () => {
    const store = open();
    save(store, 1);
    rmSync(file());
    save(store, 2);
    expect(open().loadServices().get('WEB')).toMatchObject({ highestClaim: 2 });
    truncateSync(file());
    save(store, 3);
    expect(open().loadServices().get('WEB')).toMatchObject({ highestClaim: 3 });
    expect(warnings).toEqual([]);
  });
});
