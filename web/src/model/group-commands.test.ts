import { expect, test } from 'vitest';
import { type Asker, SERVICE_COMMANDS } from './commands.js';
import { GROUP_COMMANDS, groupPossibilities } from './group-commands.js';
import { pictureOf, replicaOf, serviceOf } from './testing.js';

const OPERATOR: Asker = { role: 'operator', readOnly: false, live: true };
const [ALPHA, BETA] = ['10.0.0.1', '10.0.0.2'] as const;

const running = (name: string) => {
  const impossible = { move: `${name} runs on alpha already`, clear: `${name} has not failed` };
  return serviceOf(name, [replicaOf(ALPHA, { impossible }), replicaOf(BETA, {})], { group: 'SHOP' });
};

test('a group can be moved to the other node, and says why not to the one where it is', () => {
  const members = [running('DB'), running('WEB')];
  const moves = groupPossibilities(members, pictureOf(members), OPERATOR).filter(({ command }) => command === 'move');
  expect(moves).toEqual([
    { command: 'move', on: [ALPHA], whyNot: 'DB runs on alpha already, and so on for 1 more' },
    { command: 'move', on: [BETA], whyNot: null },
  ]);
});

test('what is possible for one member is possible for the group', () => {
  const failed = serviceOf('WEB', [replicaOf(BETA, { state: 'failed' })], { group: 'SHOP' });
  const members = [running('DB'), failed];
  const clear = groupPossibilities(members, pictureOf(members), OPERATOR).filter(({ command }) => command === 'clear');
  expect(clear).toContainEqual({ command: 'clear', on: [BETA], whyNot: null });
});

test('a viewer hears one reason for everything', () => {
  const members = [running('DB')];
  const all = groupPossibilities(members, pictureOf(members), { ...OPERATOR, role: 'viewer' });
  expect(all).toEqual(
    GROUP_COMMANDS.map((command) => ({
      command,
      on: [ALPHA, BETA],
      whyNot: 'it needs the role operator, and you are viewer',
    })),
  );
  expect(SERVICE_COMMANDS).toEqual(expect.arrayContaining([...GROUP_COMMANDS]));
});
