import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Trusted, trustProblem } from './trust.js';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'srrd-trust-'));
  mkdirSync(join(folder, 'inner'), { mode: 0o755 });
  writeFileSync(file(), 'start:\n');
  chmodSync(join(folder, 'inner'), 0o755);
  chmodSync(file(), 0o644);
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const file = () => join(folder, 'inner', 'Makefile');
const nobodyElse: Trusted = { users: new Set([0, process.geteuid?.() ?? 0]), groups: new Set([0]) };
const ofStrangers: Trusted = { users: new Set([0]), groups: new Set([0]) };
const problem = (path = file()) => trustProblem(path, new Map(), nobodyElse);

describe('a file that decides what is run', () => {
  it('is believed when only root and we may change it, also below a folder with the sticky bit such as /tmp', () => {
    expect(problem()).toBeNull();
    chmodSync(join(folder, 'inner'), 0o1777);
    expect(problem()).toBeNull();
  });

  it('is not believed when anybody may write it', () => {
    chmodSync(file(), 0o666);
    expect(problem()).toBe(`${file()} has mode 0666, so anybody may change what srrd runs; chmod go-w ${file()}`);
  });

  it('is not believed when anybody may replace it, or a folder above it', () => {
    chmodSync(join(folder, 'inner'), 0o777);
    expect(problem()).toContain(`${join(folder, 'inner')} has mode 0777`);
    chmodSync(join(folder, 'inner'), 0o755);
    chmodSync(folder, 0o707);
    expect(problem()).toContain(`${folder} has mode 0707`);
  });

  it('is not believed when a symbolic link on its path lies where anybody may write', () => {
    const open = join(folder, 'open');
    mkdirSync(open);
    symlinkSync('../inner', join(open, 'link'));
    symlinkSync('open/link', join(folder, 'first'));
    expect(problem(join(folder, 'first', 'Makefile'))).toBeNull();
    chmodSync(open, 0o777);
    expect(problem(join(folder, 'first', 'Makefile'))).toContain(`${open} has mode 0777`);
    expect(problem(`${open}/../inner/./Makefile`)).toContain(`${open} has mode 0777`);
  });

  it('is judged although its links lead in a circle', () => {
    symlinkSync('circle', join(folder, 'circle'));
    expect(problem(join(folder, 'circle'))).toContain('more than 40 symbolic links');
  });

  it.runIf(process.geteuid?.() === 0)(
    'is not believed when it belongs to another user, or another group may write',
    () => {
      chownSync(file(), 0, 12_345);
      expect(problem()).toBeNull();
      chmodSync(file(), 0o664);
      expect(problem()).toContain('has mode 0664, so group 12345 may change');
      chmodSync(file(), 0o644);
      chownSync(file(), 12_345, 0);
      expect(trustProblem(file(), new Map(), ofStrangers)).toBe(
        `${file()} belongs to user 12345, who may change what srrd runs; chown root ${file()}`,
      );
    },
  );
});
