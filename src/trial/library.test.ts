import { accessSync, constants, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { PRIMITIVES } from '../model/index.js';

const SERVICES = join(import.meta.dirname, '../../services');
/** To copy, to call, and to include: no services. */
const OTHERS = ['template', 'checks', 'common'];
const HEADINGS = ['Needs', 'Variables', 'What the check proves', 'Pitfalls'];

const folders = readdirSync(SERVICES, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

describe('the library of services', () => {
  test.each(folders.filter((name) => !OTHERS.includes(name)))('%s is whole', (name) => {
    const makefile = readFileSync(join(SERVICES, name, 'Makefile'), 'utf8');
    expect(makefile).toMatch(/^# /);
    if (!makefile.includes('\ninclude ../common/')) {
      for (const primitive of PRIMITIVES) expect(makefile).toMatch(new RegExp(`^${primitive}\\b`, 'm'));
    }
    const readme = readFileSync(join(SERVICES, name, 'README.md'), 'utf8');
    const headings = [...readme.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading);
    expect(headings.filter((heading) => HEADINGS.includes(heading ?? ''))).toEqual(HEADINGS);
    // What runs outside of the namespaces of a trial.
    if (readme.includes('cannot be tried by `srrctl service try`')) return;
    const tried = parse(readFileSync(join(SERVICES, name, 'try.yaml'), 'utf8')) as Record<string, unknown>;
    expect(tried).toHaveProperty('name');
  });

  test('services/README.md and docs/services.md name every folder', () => {
    for (const page of ['README.md', '../docs/services.md']) {
      const text = readFileSync(join(SERVICES, page), 'utf8');
      expect(folders.filter((name) => name !== 'common' && !text.includes(`${name}/`))).toEqual([]);
    }
  });

  test('a check can be run, and is told in the README of the checks', () => {
    const folder = join(SERVICES, 'checks');
    const readme = readFileSync(join(folder, 'README.md'), 'utf8');
    for (const name of readdirSync(folder).filter((entry) => !entry.includes('.') && existsSync(join(folder, entry)))) {
      accessSync(join(folder, name), constants.X_OK);
      expect(readme).toContain(`\`${name}`);
    }
  });
});
