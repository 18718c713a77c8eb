import { expect, test } from 'vitest';
import { type Asker, SERVICE_COMMANDS } from './commands.js';
import { GROUP_COMMANDS, groupPossibilities } from './group-commands.js';
import { pictureOf, replicaOf, serviceOf } from './testing.js';

const OPERATOR: Asker = { role: 'operator', readOnly: false, live: true };
const [ALPHA, BETA] = ['10.0.0.1', '10.0.0.2'] as const;

const running = (name: string) =>
  serviceOf(name, [replicaOf(ALPHA, { state: 'started' }), replicaOf(BETA, {})], { group: 'SHOP' });

test('a group can be moved to the other node, and says why not to the one where it is', () => {
  const members = [running('DB'), running('WEB')];
  const moves = groupPossibilities(members, pictureOf(members), OPERATOR).filter(({ command }) => command === 'move');
  expect(moves).toEqual([
    { command: 'move', on: [ALPHA], whyNot: 'it runs there already' },
    { command: 'move', on: [BETA], whyNot: null },
  ]);
});

test('what is possible for one member is possible for the group', () => {
  const failed = serviceOf(
    'WEB',
    [replicaOf(BETA, { state: 'failed', failure: { code: 'start-failed', reason: '' } })],
    {
      group: 'SHOP',
    },
  );
  const members = [running('DB'), failed];
  const clear = groupPossibilities(members, pictureOf(members), OPERATOR).filter(({ command }) => command === 'clear');
  expect(clear).toContainEqual({ command: 'clear', on: [BETA], whyNot: null });
});

test('members with different reasons are named with theirs', () => {
  const elsewhere = serviceOf('WEB', [replicaOf(BETA, {})], { group: 'SHOP' });
  const members = [running('DB'), elsewhere];
  const [move] = groupPossibilities(members, pictureOf(members), OPERATOR);
  expect(move).toEqual({
    command: 'move',
    on: [ALPHA],
    whyNot: 'DB: it runs there already; WEB: it is not active there, or not configured',
  });
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
