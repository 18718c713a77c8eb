import { expect, test } from 'vitest';
import { TEST_SETTINGS, testDefinition, testMember } from './testing.js';

test('what the configuration says of an isolated node counts from when it is read again', () => {
  const engine = testMember([testDefinition('WEB')]);
  engine.handle({ type: 'settings', settings: { ...TEST_SETTINGS, onIsolation: 'keep' } }, 6_000);
  expect(engine.state.phase).toBe('member');
  engine.handle({ type: 'neighbours', full: 0 }, 7_000);
  expect(engine.state.phase).toBe('alone');
  engine.handle({ type: 'settings', settings: { ...TEST_SETTINGS, onIsolation: 'stop' } }, 8_000);
  expect(engine.state.phase).toBe('isolated');
});
