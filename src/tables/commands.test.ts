import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { COMMAND_NUMBERS, COMMANDS, type CommandRow } from './commands.js';

const page = (name: string) => readFileSync(new URL(`../../docs/${name}.md`, import.meta.url), 'utf8');

test('no two commands have the same number, and none has one that is gone', () => {
  const numbers = Object.values(COMMAND_NUMBERS);
  expect(new Set(numbers).size).toBe(numbers.length);
  expect(numbers).not.toContain(13);
});

test.each(Object.entries(COMMANDS))('every command to a %s is in docs/srrctl.md', (kind, rows) => {
  const lines = page('srrctl').split('\n');
  for (const name of Object.keys(rows)) {
    const words = new RegExp(`^\\| .*\`${kind} ([a-z-]+\\\\\\|)*${name}[ \`\\\\]`);
    expect(lines.some((line) => words.test(line))).toBe(true);
  }
});

test('every command to a group is in docs/api.md', () => {
  const row = /^\| `POST \/api\/v1\/groups\/:name\/:command` .*$/m.exec(page('api'))?.[0] ?? '';
  for (const name of Object.keys(COMMANDS.group)) expect(row).toContain(`\`${name}\``);
});

test('what the menu offers for a group has a button for a service, and no two buttons share a place', () => {
  const buttons = Object.values(COMMANDS)
    .flatMap((rows) => Object.values(rows))
    .flatMap(({ button }: CommandRow) => (button ? [button.place] : []));
  expect(new Set(buttons).size).toBe(buttons.length);
  const service: Readonly<Record<string, CommandRow>> = COMMANDS.service;
  for (const name of Object.keys(COMMANDS.group)) if (name !== 'start') expect(service[name]?.button).toBeDefined();
});
