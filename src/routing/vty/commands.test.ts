import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { vtyCommand } from './commands.js';

describe('a VTY command', () => {
  it.each([
    'show a\nwrite memory',
    'show a\rwrite',
    'show a\0write',
    'show a?',
    'show a\t',
    'show a | include b',
    '! a',
    'show é',
    '',
  ])('is refused if a VTY would take it as more than one, or as something else: %j', (text) => {
    expect(() => vtyCommand('show', text)).toThrow(RangeError);
  });

  it('never holds a control character, whatever it is made of', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        try {
          expect(vtyCommand('configure', text).text).toMatch(/^[ -~]+$/);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }),
    );
  });
});
