import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ForeignFiles } from './foreign-files.js';
import * as looking from './look.js';

vi.mock('./look.js', { spy: true });

describe('a file that hundreds ask for', () => {
  let folder = '';

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'srrd-foreign-'));
    vi.mocked(looking.look).mockClear();
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is read by one process at a time, however many ask in however many turns', async () => {
    const files = new ForeignFiles({ limitMs: 60_000 });
    const file = join(folder, 'Makefile');
    writeFileSync(file, 'before');
    const { look } = await vi.importActual<typeof looking>('./look.js');
    let running = 0;
    let most = 0;
    // What a process reads it has told before it ends, and the next may begin then.
    const counted = vi.mocked(looking.look).mockImplementation((args, tell, limitMs) => {
      most = Math.max(most, ++running);
      const told = (line: string): void => {
        running -= 1;
        tell(line);
      };
      return look(args, told, limitMs);
    });
    const asked: Promise<unknown>[] = [];
    for (let turn = 0; turn < 300; turn++) {
      asked.push(files.read(file));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await Promise.all(asked);
    expect(most).toBe(1);
    expect(counted.mock.calls.length).toBeLessThan(300);
    counted.mockRestore();
  });

  it('is read anew for whoever asks while it is being read', async () => {
    const files = new ForeignFiles({ limitMs: 60_000 });
    const file = join(folder, 'Makefile');
    writeFileSync(file, 'before');
    const first = files.read(file);
    await vi.waitFor(() => expect(looking.look).toHaveBeenCalledOnce(), { timeout: 60_000, interval: 1 });
    writeFileSync(file, 'after, and longer');
    const second = await files.read(file);
    expect(second.kind === 'read' && second.bytes.toString()).toBe('after, and longer');
    expect((await first).kind).toBe('read');
  });

  it('does not wait for another one that hangs', async () => {
    const files = new ForeignFiles({ limitMs: 60_000 });
    const [one, other] = ['one', 'other'].map((name) => join(folder, name));
    for (const file of [one!, other!]) writeFileSync(file, 'text');
    const hung = vi.mocked(looking.look).mockImplementationOnce(() => new Promise(() => {}));
    void files.read(one!);
    await vi.waitFor(() => expect(hung).toHaveBeenCalledOnce(), { timeout: 60_000, interval: 1 });
    void files.read(one!);
    expect((await files.read(other!)).kind).toBe('read');
  });
});

describe('what was read', () => {
  it('is remembered up to a limit, those of longest ago not, and can be read again', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'srrd-foreign-'));
    const files = new ForeignFiles({ limitMs: 60_000, mostKeptBytes: 1_000 });
    const paths = ['a', 'b', 'c'].map((name) => join(folder, name));
    for (const path of paths) writeFileSync(path, 'x'.repeat(100));
    const [a = '', b = '', c = ''] = paths;
    for (const path of [a, b, a, c]) await files.read(path);
    expect(paths.map((path) => files.known(path)?.length)).toEqual([100, undefined, 100]);
    expect(await files.read(b)).toMatchObject({ kind: 'read', bytes: Buffer.from('x'.repeat(100)) });
    expect(paths.map((path) => files.known(path)?.length)).toEqual([undefined, 100, 100]);
    rmSync(folder, { recursive: true });
  });
});
