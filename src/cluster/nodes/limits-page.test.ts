import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { MAX_ADDRESSES, MAX_DEPENDENCIES, MAX_PERSISTED_HOLDERS } from '../../model/index.js';
import { MAX_OUTCOMES } from '../answers/outcomes-kept.js';
import { COMMANDS_AT_A_TIME, MAX_ISSUERS } from '../commands/issuers.js';
import { MAX_WAITING } from '../replica/requests.js';
import { MAX_MEMBERS, MAX_NODES, MAX_REPLICAS, MAX_SERVICES_OF_A_NODE } from './admission.js';
import { MAX_GONE } from './forgetting.js';

const page = readFileSync(new URL('../../../docs/limits.md', import.meta.url), 'utf8');

it.each([
  ['services of one node that are not configured here', MAX_SERVICES_OF_A_NODE],
  ['replicas of such services of all nodes together', MAX_REPLICAS],
  ['members of one group that are not configured here', MAX_MEMBERS],
  ['nodes', MAX_NODES],
  ['replicas that one node has withdrawn', MAX_GONE],
  ['commands of one node', COMMANDS_AT_A_TIME],
  ['nodes whose commands are remembered', MAX_ISSUERS],
  ['outcomes of commands in the Daemon announcement', MAX_OUTCOMES],
  ['holders of a resource', MAX_PERSISTED_HOLDERS],
  ['lists in an announcement', MAX_ADDRESSES],
  ['lists in an announcement', MAX_DEPENDENCIES],
  ['requests that wait for a primitive of one service', MAX_WAITING],
])('docs/limits.md has the limit of %s: %i', (what, limit) => {
  const row = page.split('\n').find((line) => line.startsWith(`| ${what} `)) ?? '';
  expect(row.split('|')[2]?.match(/\d[\d,]*\d|\d/g)).toContain(limit.toLocaleString('en-US'));
});
