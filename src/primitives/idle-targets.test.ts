import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ForeignFiles } from '../files/index.js';
import { IdleTargets, idleTargets } from './idle-targets.js';
import { makefileWith } from './testing.js';

const PLAIN = '.PHONY: join leave start\njoin:\nleave: ;\nstart:\n\techo started\n';

describe('a target is known to do nothing', () => {
  test.each([
    ['without recipe, or with an empty one', PLAIN],
    ['declared in one rule', '.PHONY: join leave\njoin leave:\n'],
    ['with comments and empty lines', `# $(X)\n${PLAIN}\n\t\n# join: x\njoin: # nothing; at all\n`],
    ['beside variables that nothing expands', `SHELL := /bin/bash\nX = $(shell reboot)\n${PLAIN}`],
    ['beside a variable of another target', `start: SHELL := /bin/bash\n.SILENT:\n.ONESHELL:\n${PLAIN}`],
    ['in lines that are continued', '.PHONY: join \\\n leave\njoin \\\n leave:\n'],
  ])('%s', (_what, text) => {
    expect([...idleTargets(text)].sort()).toEqual(['join', 'leave']);
  });

  test('in the template, which has no recipes', () => {
    const template = readFileSync(new URL('../../services/template/Makefile', import.meta.url), 'utf8');
    expect(idleTargets(template).size).toBe(12);
  });
});

describe('make is started', () => {
  test.each([
    ['for a target that is not .PHONY', 'join:\n'],
    ['for a target without a rule', '.PHONY: join\n'],
    ['for a recipe', `${PLAIN}join:\n\ttrue\n`],
    ['for a recipe after a comment', `${PLAIN}join:\n# so\n\n\ttrue\n`],
    ['for a recipe on the line of the rule', '.PHONY: join\njoin: ; true\n'],
    ['for a recipe that is only a comment', '.PHONY: join\njoin:\n\t# see below\n'],
    ['for a recipe before the empty rule', '.PHONY: join\njoin:\n\ttrue\njoin:\n'],
    ['for prerequisites', `${PLAIN}join: other\nother:\n`],
    ['for a variable of its own', `${PLAIN}join: .EXTRA_PREREQS = x\n`],
  ])('%s', (_what, text) => {
    expect(idleTargets(text).has('join')).toBe(false);
  });

  test.each([
    ['include other.mk'],
    ['-include other.mk'],
    ['sinclude other.mk'],
    ['join:: x'],
    ['%: x'],
    ['jo%: x'],
    ['$(TARGETS): x'],
    ['start: $(shell true)'],
    ['start: $$(X)'],
    ['start: x: y'],
    ['start &: x'],
    ['.DEFAULT:\n\ttrue'],
    ['.SECONDEXPANSION:'],
    ['.EXTRA_PREREQS = x'],
    ['.RECIPEPREFIX = >'],
    ['.SUFFIXES: .x'],
    ['.sh:\n\ttrue'],
    ['./join: x'],
    ['MAKEFLAGS += -k'],
    ['GNUMAKEFLAGS = -k'],
    ['MAKEFILES = x'],
    ['X := $(shell true)'],
    ['X += $(shell true)'],
    ['X != true'],
    ['start: X := $(shell true)'],
    ['start: X := a;$(shell true)'],
    ['$(eval join: x)'],
    ['$(error no)'],
    ['ifdef X'],
    ['else'],
    ['endif'],
    ['define X\nendef'],
    ['define X'],
    ['undefine X'],
    ['override X = 1'],
    ['export X'],
    ['vpath join: x'],
    ['load x.so'],
    ['nonsense'],
    ['X = 1\n\tjoin: x'],
    ['start: X = 1\n\ttrue'],
    ['start: define X'],
    ['start: export X'],
    ['.PHONY: $(X)'],
    ['# x\\\\\njoin: x'],
    ['join: x\r'],
    ['\ufeffX = 1'],
    ['join:\u00a0'],
  ])('for every target if there is anywhere: %j', (line) => {
    expect([...idleTargets(`${PLAIN}${line}\n`)]).toEqual([]);
  });

  test('whenever lines in any order are not certain: what is left to do nothing, make does nothing for', async () => {
    const makefile = await makefileWith('');
    const line = fc.constantFrom(
      ...['.PHONY: join leave', 'join:', 'join leave:', 'leave: ;', 'start: join', 'join: start', 'start:'],
      ...[
        '\ttouch done',
        '\t',
        '# x',
        '# x \\',
        'X = $(shell touch done)',
        'X := $(shell touch done)',
        'Y := y',
        '    join: leave',
      ],
      ...[
        'join: X = 1',
        'include none',
        '.SILENT:',
        'leave:: ; touch done',
        'ifdef X',
        'else',
        'endif',
        '%: ; touch done',
      ],
      ...['define X', 'endef', '$(X)', 'join: \\', '.DEFAULT: ; touch done', 'nonsense'],
    );
    fc.assert(
      fc.property(fc.array(line, { minLength: 3, maxLength: 8 }), (lines) => {
        const text = `.PHONY: join leave\n${lines.join('\n')}\n`;
        for (const target of idleTargets(text)) {
          writeFileSync(makefile, text);
          const output = execFileSync('make', ['-f', makefile, target], {
            cwd: dirname(makefile),
            encoding: 'utf8',
            stdio: 'pipe',
            // Not what a make that runs these tests gives on (MAKELEVEL, MAKEFLAGS), nor a translation.
            env: { PATH: process.env.PATH ?? '' },
          });
          expect(output.replace(`make: Nothing to be done for '${target}'.\n`, '')).toBe('');
          expect(existsSync(join(dirname(makefile), 'done'))).toBe(false);
        }
      }),
      { numRuns: 1_500 },
    );
    rmSync(dirname(makefile), { recursive: true });
  });
});

test('a Makefile that has changed, or is gone, is looked at again', async () => {
  const makefile = await makefileWith(PLAIN);
  const files = new ForeignFiles();
  const idle = new IdleTargets(files);
  expect(await idle.includes(makefile, 'join')).toBe(true);
  expect(await idle.includes(makefile, 'start')).toBe(false);
  writeFileSync(makefile, `${PLAIN}join:\n\ttrue\n`);
  expect(await idle.includes(makefile, 'join')).toBe(false);
  writeFileSync(makefile, PLAIN);
  // make finds out by itself, until the file is read for another reason.
  expect(await idle.includes(makefile, 'join')).toBe(false);
  await files.read(makefile);
  expect(await idle.includes(makefile, 'join')).toBe(true);
  rmSync(dirname(makefile), { recursive: true });
  expect(await idle.includes(makefile, 'join')).toBe(false);
});
