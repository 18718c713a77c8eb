import { expect, it } from 'vitest';
import { FAILURE_CODES, mayStillRun } from './failures.js';

it('leave nothing running but after a stop that failed: nodes of this version take a code that they do not know for such a one', () => {
  // One more code after which a service may run needs a capability that such nodes do not announce, or their gate would open.
  expect(FAILURE_CODES.filter(mayStillRun)).toEqual(['stop-failed', 'stop-timed-out']);
});
