import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { PRIMITIVES } from '../model/definition.js';
import { OWN_KEYS, SHARED_KEYS } from '../tables/index.js';
import { loadConfiguration, loadDefinitions } from './index.js';

const page = readFileSync(new URL('../../docs/configuration.md', import.meta.url), 'utf8');
const [configurationPart = '', definitionPart = ''] = page.split('## Service definitions');
const blocks = [...page.matchAll(/```yaml\n([^`]+)```/g)].map(([, text = '']) => text);

/** The rows of a part's table: key and default, where the default is a value and not a sentence. */
function rows(part: string): [key: string, value: string | undefined][] {
  return [...part.matchAll(/^\| `([A-Za-z.]+)` \| (?:`([^`|]+)`|[^|]+) \|/gm)].map(([, key = '', value]) => [
    key,
    value,
  ]);
}

/** All documented defaults as a file, but for keys that mean something only together with others. */
function defaults(part: string, except: RegExp, more: object): string {
  const file: Record<string, unknown> = { ...more };
  for (const [key, value] of rows(part)) {
    if (value === undefined || except.test(key)) continue;
    const path = key.split('.');
    const last = path.pop() ?? '';
    let section = file;
    for (const name of path) {
      section[name] ??= {};
      section = section[name] as Record<string, unknown>;
    }
    section[last] = parse(value);
  }
  return stringify(file);
}

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'srrd-documentation-'));
  mkdirSync(join(folder, 'services'));
  for (const name of ['disk', 'nginx', 'cache', 'any']) {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, 'Makefile'), `${PRIMITIVES.join(' ')}:\n`);
  }
});

afterEach(() => rmSync(folder, { recursive: true }));

function configuration(text: string) {
  writeFileSync(join(folder, 'srrd.yaml'), text);
  return loadConfiguration(join(folder, 'srrd.yaml'));
}

function definition(name: string, text: string) {
  writeFileSync(join(folder, 'services', `${name}.yaml`), text);
  const { definitions, errors } = loadDefinitions(folder, folder);
  expect(errors).toEqual([]);
  return definitions.find((candidate) => candidate.name === name);
}

describe('docs/configuration.md', () => {
  it('gives the defaults of the configuration', () => {
    expect(configuration(defaults(configurationPart, /^web|^vty\.\w+\./, {}))).toEqual(configuration('{}'));
    const passwords = (more: object) =>
      stringify({ vty: { zebra: { password: 'x', ...more }, ospfd: { password: 'x' }, mgmtd: { password: 'x' } } });
    const documented = parse(defaults(configurationPart, /^(?!vty\.\w+\.)/, {}));
    for (const daemon of ['zebra', 'ospfd', 'mgmtd'] as const) {
      expect(configuration(passwords({})).vty[daemon]).toMatchObject(documented.vty[daemon]);
    }
  });

  it('gives the defaults of a definition', () => {
    const mandatory = { name: 'A', makefile: 'any/Makefile' };
    const withDefaults = definition('A', defaults(definitionPart, /^kind$|^takeoverDelay$/, mandatory));
    expect(withDefaults).toEqual(definition('A', stringify(mandatory)));
  });

  it('lists the keys that are known, and no others', () => {
    const keysIn = (part: string) => new Set(rows(part).map(([key]) => key.split('.')[0]));
    const known = (error: unknown) => /expected one of ([\w, ]+)/.exec(String(error))?.[1]?.split(', ');
    let refusal: unknown;
    try {
      configuration('x: 1');
    } catch (error) {
      refusal = error;
    }
    expect(keysIn(configurationPart)).toEqual(new Set(known(refusal)));
    writeFileSync(join(folder, 'services', 'A.yaml'), 'name: A\nmakefile: any/Makefile\nx: 1\n');
    const [problem] = loadDefinitions(folder, folder).errors;
    const definitionKeys = keysIn(definitionPart.split('## The state directory')[0] ?? '');
    expect(definitionKeys).toEqual(new Set(known(problem?.message)));
  });

  it('names the keys that must be the same on all nodes, and those that are a node’s own', () => {
    const keysAfter = (words: string, end: string) =>
      [...(page.split(words)[1]?.split(end)[0] ?? '').matchAll(/`(\w+)`/g)].map(([, key]) => key);
    expect(keysAfter('The same on all nodes must be', '. The')).toEqual(SHARED_KEYS);
    expect(keysAfter("what is naturally a node's own, ", ', and')).toEqual(OWN_KEYS);
  });

  it('has examples that load', () => {
    const [node = '', cache = '', disk = '', web = ''] = blocks;
    expect(configuration(node)).toMatchObject({ node: { name: 'alpha' }, timing: { joinHoldMs: 5000 } });
    expect(definition('CACHE', cache)).toMatchObject({
      user: 'redis',
      limits: { memoryBytes: 2 ** 31, processes: 100 },
    });
    expect(definition('DISK', disk)).toMatchObject({ kind: 'resource', critical: true });
    expect(definition('WEB', web)).toMatchObject({ kind: 'service', preference: 200, failureTimeoutMs: 600_000 });
  });
});
