import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ConfigurationError, setEnabled } from './index.js';

let root = '';
let stateDir = '';

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'srrd-set-enabled-'));
  stateDir = join(root, 'state');
  mkdirSync(join(stateDir, 'services'), { recursive: true });
});

afterEach(() => rmSync(root, { recursive: true }));

function path(name: string): string {
  return join(stateDir, 'services', `${name}.yaml`);
}

describe('setEnabled', () => {
  const text = '# The shop.\nname:   WEB   # keep this\nenabled:  true   # and this\n\nmakefile: Makefile\n';

  it('changes the value and leaves everything else as it is', async () => {
    writeFileSync(path('WEB'), text);
    await setEnabled(stateDir, 'WEB', false);
    expect(readFileSync(path('WEB'), 'utf8')).toBe(text.replace('true', 'false'));
    await setEnabled(stateDir, 'WEB', true);
    expect(readFileSync(path('WEB'), 'utf8')).toBe(text);
  });

  it.each([
    ['name: WEB # x\nmakefile: Makefile', 'name: WEB # x\nmakefile: Makefile\nenabled: false\n'],
    ['{ name: WEB, makefile: Makefile } # x\n', /^\{ name: WEB, makefile: Makefile, enabled: false \} # ?x\n$/],
    ['name: WEB\nmakefile: Makefile\n...\n', /^name: WEB\nmakefile: Makefile\nenabled: false\n/],
    ['name: WEB\nenabled: # x\nmakefile: Makefile\n', /enabled: ?false/],
    ['name: WEB\nenabled: yes\nmakefile: Makefile\n', 'name: WEB\nenabled: false\nmakefile: Makefile\n'],
  ])('adds the key to %j', async (before, after) => {
    writeFileSync(path('WEB'), before);
    await setEnabled(stateDir, 'WEB', false);
    const written = readFileSync(path('WEB'), 'utf8');
    if (typeof after === 'string') expect(written).toBe(after);
    else expect(written).toMatch(after);
    expect(parse(written)).toEqual({ name: 'WEB', makefile: 'Makefile', enabled: false });
  });

  it('keeps the mode of the file, and a link stays a link', async () => {
    writeFileSync(join(root, 'WEB.yaml'), text);
    chmodSync(join(root, 'WEB.yaml'), 0o640);
    symlinkSync(join(root, 'WEB.yaml'), path('WEB'));
    await setEnabled(stateDir, 'WEB', false);
    expect(statSync(join(root, 'WEB.yaml')).mode & 0o777).toBe(0o640);
    expect(readFileSync(join(root, 'WEB.yaml'), 'utf8')).toContain('enabled:  false');
  });

  it.each([
    ['NONE', 'cannot be read: ENOENT'],
    ['../../etc/passwd', 'is not the name of a service'],
  ])('refuses %s', async (name, problem) => {
    await expect(setEnabled(stateDir, name, true)).rejects.toThrow(ConfigurationError);
    await expect(setEnabled(stateDir, name, true)).rejects.toThrow(problem);
  });

  it.each(['[1]', 'name: [', 'text'])('leaves a file of %j alone', async (before) => {
    writeFileSync(path('WEB'), before);
    await expect(setEnabled(stateDir, 'WEB', true)).rejects.toThrow(ConfigurationError);
    expect(readFileSync(path('WEB'), 'utf8')).toBe(before);
    expect(readdirSync(join(stateDir, 'services'))).toEqual(['WEB.yaml']);
  });
});
