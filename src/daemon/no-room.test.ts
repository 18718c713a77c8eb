import { expect, test } from 'vitest';
import type { TransportEvent } from '../cluster/index.js';
import { routerId } from '../model/index.js';
import { type CommandName, orderNamed } from '../tables/index.js';
import { withoutRoom } from './no-room.js';

const SELF = routerId(2);
const FULL = 'the state directory cannot be written (ENOSPC)';

function heard(command: CommandName, target = SELF): TransportEvent {
  const rest = { kind: 'command', sequence: { epoch: 1, counter: 1 }, nonce: 7, operator: 'ada' } as const;
  const announcement = { ...rest, target, order: orderNamed(command, 'WEB'), pin: false, holder: null };
  return {
    type: 'announcement',
    origin: routerId(1),
    lsaId: '222.0.0.1',
    ageSeconds: 0,
    announcement,
  } as TransportEvent;
}

test('on a full disk a command of another node is refused if it must be remembered, and only if it is for this node', () => {
  for (const command of ['stop', 'deactivate', 'node-standby'] as const) {
    expect(withoutRoom(heard(command), SELF, () => FULL)).toMatchObject({ noRoom: FULL });
    expect(withoutRoom(heard(command), SELF, () => null)).toEqual(heard(command));
  }
  for (const event of [heard('restart'), heard('stop', routerId(3))]) {
    const unasked = () => {
      throw new Error('the disk was asked');
    };
    expect(withoutRoom(event, SELF, unasked)).toBe(event);
  }
});
