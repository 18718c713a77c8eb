import type { Command } from 'commander';
import { expect, test } from 'vitest';
import { buildProgram } from './srrctl.js';
import { run } from './testing.js';

const SILENT = { out: () => {}, err: () => {} };

/** The words of every command, groups included; not what is for shells only. */
function commands(command: Command, path: readonly string[] = []): string[][] {
  const inside = command.commands.filter((each) => !each.name().startsWith('__') && each.name() !== 'help');
  return [[...path], ...inside.flatMap((each) => commands(each, [...path, each.name()]))];
}

const all = commands(buildProgram(SILENT));

test('there are commands', () => {
  expect(all.map((words) => words.join(' '))).toEqual(
    expect.arrayContaining(['watch', 'service move', 'definition set']),
  );
});

test.each(all.map((words) => [words.join(' ') || 'srrctl', words] as const))(
  '%s --help shows an example of it',
  async (_, words) => {
    const { code, out } = await run(...words, '--help');
    expect(code).toBe(0);
    const [, examples = ''] = out.split(/^Examples?:$/m);
    expect(examples).toContain(['  srrctl', ...words].join(' '));
  },
);

test.each(all.filter((words) => words.length > 0).map((words) => [words.join(' '), words] as const))(
  '%s has --json, unless it is a group, or makes files or scripts',
  (name, words) => {
    const command = words.reduce<Command | undefined>(
      (inside, word) => inside?.commands.find((each) => each.name() === word),
      buildProgram(SILENT),
    );
    if (command === undefined || command.commands.length > 0 || /^(pki|completion|setup|trust (?!status))/.test(name))
      return;
    expect(command.options.map(({ long }) => long)).toContain('--json');
  },
);
