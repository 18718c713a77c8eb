import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { MUTATIONS } from './list.js';

const core = fileURLToPath(new URL('../../../src/cluster/', import.meta.url));

describe('the ways to break the core', () => {
  it.each(MUTATIONS)('$name: the core has what is broken, once', ({ file, find, replace }) => {
    const text = readFileSync(`${core}${file}`, 'utf8');
    expect(text.split(find)).toHaveLength(2);
    expect(replace).not.toBe(find);
  });
});
