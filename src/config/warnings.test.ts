import { describe, expect, it } from 'vitest';
import { testDefinition } from '../cluster/testing.js';
import { definitionWarnings } from './warnings.js';

const member = (name: string, preference: number, critical = false) =>
  testDefinition(name, { group: 'SHOP', preference, critical });

describe('members of a group with unequal preferences on one node', () => {
  it('are warned of where none is critical, for only the highest counts', () => {
    expect(definitionWarnings([member('MAIL', 50), member('TIME', 150), member('WEB', 150)])).toEqual([
      {
        service: 'MAIL',
        group: 'SHOP',
        key: 'preference',
        message: expect.stringMatching(/^expected 150, as TIME has, got 50, /),
      },
    ]);
  });

  it.each([
    ['one is critical, for the required members decide then', [member('MAIL', 50), member('WEB', 150, true)]],
    ['they are equal', [member('MAIL', 50), member('WEB', 50)]],
    ['they are of different groups', [testDefinition('MAIL', { critical: false }), member('WEB', 50)]],
  ])('are no matter where %s', (_, definitions) => {
    expect(definitionWarnings(definitions)).toEqual([]);
  });
});
