import { expect, test } from 'vitest';
import type { Assent } from '../../model/announcement.js';
import { routerId } from '../../model/router-id.js';
import type { RunState } from '../../model/states.js';
import { groupState } from '../group/members.js';
import { heardFromOther, serviceSaid, testDefinition, testMember } from '../testing.js';
import { assentOwedBy } from './assent.js';

const SELF = routerId(2);
const OTHER = routerId(1);

test.each([
  { of: 'its owner and its claim', assent: { owner: SELF, claim: 3 }, owed: false },
  { of: 'an earlier claim', assent: { owner: SELF, claim: 2 }, owed: true },
  { of: 'the same claim of another owner, as after a partition', assent: { owner: OTHER, claim: 3 }, owed: true },
  { of: 'nothing', assent: null, owed: true },
])('to an owner with claim 3, the assent $of: owed $owed', ({ assent, owed }) => {
  expect(owedWhen('stopped', assent)).toBe(owed);
});

test.each([
  { runState: 'stopped', owed: false },
  { runState: 'failed', owed: false },
  { runState: 'started', owed: true },
  { runState: 'stopping', owed: true },
] as const)('the assent of a silent node that last said $runState: owed $owed', ({ runState, owed }) => {
  expect(owedWhen(runState, null, 'silent')).toBe(owed);
});

/** Whether 0.0.0.1, which has said this of DISK, owes us its assent to a start with claim 3. */
function owedWhen(runState: RunState, assent: Assent | null, silent?: 'silent'): boolean {
  const disk = testDefinition('DISK', { kind: 'resource', addresses: [] });
  const engine = testMember([disk]);
  engine.handle(heardFromOther(serviceSaid(disk, { runState, assent })), 5_000);
  const { state } = engine;
  groupState(state, 'DISK').claim = 3;
  const node = state.view.nodes.get(OTHER);
  if (node !== undefined) node.silent = silent !== undefined;
  const replica = state.replicas.get('DISK');
  return replica !== undefined && [...assentOwedBy(state, replica)].includes(OTHER);
}
