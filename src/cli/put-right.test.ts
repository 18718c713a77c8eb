import { expect, test } from 'vitest';
import { takenWith } from './put-right.js';

test.each([
  [['isolation', 'trust'], ['srrd takes its configuration with: systemctl reload-or-restart srrd']],
  [['isolation', 'web'], ['srrd takes its configuration with: systemctl restart srrd']],
  [['name'], ['srrd takes its configuration with: systemctl restart srrd']],
  [[], []],
])('srrd is restarted for what it reads at its start only: %j', (checks, expected) => {
  const edits = checks.map((check) => ({ check, file: '/etc/srrd/srrd.yaml', edit: (text: string) => text }));
  const others = [{ check: 'bfd', file: '/etc/frr/frr.conf', edit: (text: string) => text }];
  expect(takenWith({ edits: [...others, ...edits] }, { configFile: '/etc/srrd/srrd.yaml' })).toEqual(expected);
});
