import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PRIMITIVES } from '../model/definition.js';
import { readMakefile } from './makefile.js';

const ALL = PRIMITIVES.map((target) => `${target}:\n\t@true\n`).join('');

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'srrd-makefile-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

function missing(text: string): string {
  writeFileSync(join(folder, 'Makefile'), text);
  return readMakefile(join(folder, 'Makefile')).missing.join(' ');
}

describe('a Makefile', () => {
  it('that cannot be read is named in the error', () => {
    const file = join(folder, 'Makefile');
    expect(() => readMakefile(file)).toThrow(`${file} cannot be read: ENOENT: no such file or directory`);
  });

  it('must have a rule for each target; declaring it phony is none', () => {
    expect(missing(ALL)).toBe('');
    expect(missing(`${ALL.replace('join:', 'joined:').replace('check:', '')}\n.PHONY: join check\n`)).toBe(
      'join check',
    );
  });

  it.each([
    ['several targets in a rule', `${PRIMITIVES.join(' ')}: ; @true\n`],
    ['double colons', PRIMITIVES.map((target) => `${target}:: other\n`).join('')],
    ['continued lines', `${PRIMITIVES.join(' \\\n  ')}:\n`],
    ['lines that end as on Windows', ALL.replaceAll('\n', '\r\n')],
    ['targets from variables, which only make can tell', '$(TARGETS):\n\ttrue\n'],
    ['includes that only make can find', 'include $(HOME)/common.mk\n'],
  ])('may have %s', (_what, text) => {
    expect(missing(text)).toBe('');
  });

  it.each([
    ['recipes', `x:\n${PRIMITIVES.map((target) => `\t${target}: y\n`).join('')}`],
    ['assignments', PRIMITIVES.map((target) => `${target} := y\n${target} ::= z\n`).join('')],
    ['comments', PRIMITIVES.map((target) => `# ${target}: y\n`).join('')],
    ['define', `define X\n${PRIMITIVES.map((target) => `${target}:\n`).join('')}endef\n`],
  ])('is not satisfied by what looks like targets in %s', (_what, text) => {
    expect(missing(text)).toBe(PRIMITIVES.join(' '));
  });

  it.each([
    ['a recipe', 'watch:\n\ttail -f log\n', true],
    ['a recipe after its comment and its shell', 'watch: SHELL := /bin/bash\nwatch:\n# waits\n\n\ttail -f log\n', true],
    ['a recipe on the line of the rule', 'watch: ; tail -f log\n', true],
    ['a rule that leaves it to another target', 'watch: follow\nfollow:\n\ttail -f log\n', true],
    ['no rule', '.PHONY: watch\n', false],
    ['an empty rule', 'watch:\n\nafter:\n\ttrue\n', false],
    ['an empty recipe', 'reload watch: ;\n', false],
    ['only a shell of its own', 'watch: SHELL := /bin/bash\n', false],
  ])('that has %s for `watch` is understood', (_what, text, expected) => {
    writeFileSync(join(folder, 'Makefile'), ALL + text);
    expect(readMakefile(join(folder, 'Makefile'))).toMatchObject({ missing: [], hasWatch: expected });
    writeFileSync(join(folder, 'watch.mk'), text);
    writeFileSync(join(folder, 'Makefile'), `${ALL}include watch.mk\n`);
    expect(readMakefile(join(folder, 'Makefile')).hasWatch).toBe(expected);
  });

  it('may include another one of its folder', () => {
    writeFileSync(join(folder, 'common.mk'), ALL.replace('start:', ''));
    expect(missing('include common.mk\n-include none.mk\n')).toBe('start');
    expect(missing('include common.mk\nstart:\n')).toBe('');
  });

  it('that includes itself ends', () => {
    expect(missing(`${ALL}include Makefile\n`)).toBe('');
  });

  it('that anybody may write is refused, and so is one that includes such a file', () => {
    const file = join(folder, 'Makefile');
    const common = join(folder, 'common.mk');
    writeFileSync(common, 'start:\n');
    writeFileSync(file, `${ALL}-include common.mk\n`);
    expect(readMakefile(file).missing).toEqual([]);
    chmodSync(common, 0o666);
    expect(() => readMakefile(file)).toThrow(`${common} has mode 0666, so anybody may change what srrd runs`);
    chmodSync(common, 0o644);
    chmodSync(file, 0o602);
    expect(() => readMakefile(file)).toThrow(`${file} has mode 0602`);
    chmodSync(file, 0o644);
    chmodSync(folder, 0o777);
    expect(() => readMakefile(file)).toThrow(`${folder} has mode 0777`);
  });

  it('is refused if it includes what is not there yet, and others could put there', () => {
    const shared = join(folder, 'shared');
    mkdirSync(shared);
    expect(missing(`${ALL}-include shared/none.mk shared/none/at/all.mk\n`)).toBe('');
    for (const mode of [0o1777, 0o777]) {
      chmodSync(shared, mode);
      for (const include of ['-include', 'sinclude', 'include']) {
        expect(() => missing(`${ALL}${include} shared/none.mk\n`)).toThrow(
          `${shared} has mode ${mode.toString(8).padStart(4, '0')}`,
        );
      }
    }
  });

  it('includes what make includes, where its folder is a link', () => {
    for (const name of ['here', 'elsewhere', 'elsewhere/web']) mkdirSync(join(folder, name));
    symlinkSync(join(folder, 'elsewhere', 'web'), join(folder, 'here', 'web'));
    writeFileSync(join(folder, 'here', 'common.mk'), 'another:\n');
    writeFileSync(join(folder, 'elsewhere', 'common.mk'), ALL);
    writeFileSync(join(folder, 'elsewhere', 'web', 'Makefile'), 'include ../common.mk\n');
    const file = join(folder, 'here', 'web', 'Makefile');
    expect(readMakefile(file).missing).toEqual([]);
    chmodSync(join(folder, 'elsewhere', 'common.mk'), 0o666);
    expect(() => readMakefile(file)).toThrow(`${join(folder, 'elsewhere', 'common.mk')} has mode 0666`);
  });

  it('is read only, never executed', () => {
    expect(missing(`X := $(shell touch ${join(folder, 'executed')})\n${ALL}`)).toBe('');
    expect(readdirSync(folder)).toEqual(['Makefile']);
  });

  it('with many `define` lines, ended or not, takes no longer than others', () => {
    expect(missing(`${'define X\n'.repeat(25_000)}${ALL}`)).toBe(PRIMITIVES.join(' '));
    expect(missing(`${'define X\nendef\n'.repeat(10_000)}${ALL}`)).toBe('');
  });

  it.each([
    ['#', '#'],
    ['blanks of an `include`', 'include '],
  ])('with many %s before a lone carriage return takes no longer than others', (_, text) => {
    const many = text.padEnd(100_000, text.slice(-1));
    const beganMs = performance.now();
    missing(`${ALL}${many}x\ry\n`);
    expect(performance.now() - beganMs).toBeLessThan(10_000);
  });

  it('that includes very much, or itself, is refused', () => {
    writeFileSync(join(folder, 'part.mk'), `${'x'.repeat(100_000)}\n`);
    expect(() => missing(`${ALL}include ${folder}/part.mk ${folder}/part.mk ${folder}/part.mk\n`)).toThrow(
      /part.mk cannot be read: it has 100001 bytes, at most \d+ are read/,
    );
    expect(() => missing(`${ALL}-include ${'Makefile '.repeat(20_000)}\n`)).toThrow('at most 50 files');
    expect(() => missing(`${ALL}-include ${'none.mk '.repeat(20_000)}\n`)).toThrow('at most 50 files');
  });
});
