import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { MUTATIONS } from './list.js';
import { filesOf, mutated } from './mutate.js';

const src = fileURLToPath(new URL('../../../src', import.meta.url));

describe('the ways to break the core', () => {
  it.each(MUTATIONS)('$name: the core has what is broken, once', (mutation) => {
    expect(filesOf(src, mutation)).toHaveLength(1);
  });

  it('are shown by stories that are there, where lives do not show them', () => {
    const stories = fileURLToPath(new URL('../../scenarios', import.meta.url));
    const missing = MUTATIONS.filter(
      ({ shownBy }) => shownBy !== undefined && !existsSync(`${stories}/${shownBy}.txt`),
    );
    expect(missing).toEqual([]);
  });

  it('have names of their own', () => {
    expect(new Set(MUTATIONS.map(({ name }) => name)).size).toBe(MUTATIONS.length);
  });
});

describe('a rule that is broken', () => {
  it('begins with something else, however its parameters are written', () => {
    const mutation = { name: '', rule: 'mayStart', begins: 'return true;' };
    const short = 'export function mayStart(state: NodeState): boolean {\n  return false;\n}\n';
    const long = 'function mayStart(\n  state: NodeState,\n): boolean {\n  return false;\n}\n';
    expect(mutated(short, mutation)).toBe(short.replace('  return', '  return true;\n  return'));
    expect(mutated(long, mutation)).toBe(long.replace('  return', '  return true;\n  return'));
    expect(mutated(short, { ...mutation, rule: 'may' })).toBeNull();
  });
});
