import { expect, test } from 'vitest';
import type { LoadedDefinitions } from '../config/index.js';
import type { ServiceDefinition } from '../model/index.js';
import { DefinitionsInForce } from './in-force.js';

const define = (name: string, preference = 100) => ({ name, preference }) as ServiceDefinition;
const error = (file: string) => ({
  ...{
    file: `/state/${file}`,
    line: 3,
    key: 'preference',
    code: 'wrong-value' as const,
    expected: 'expected 0 to 255',
  },
  ...{ found: null, message: 'line 3: preference: expected 0 to 255' },
});

/** Reads once for each of these contents of the folder. */
function readAll(...contents: Pick<LoadedDefinitions, 'definitions' | 'errors'>[]) {
  const inForce = new DefinitionsInForce('/state/services');
  return contents.map((loaded) => inForce.take(withFiles(loaded))).at(-1)!;
}

function withFiles({ definitions, errors }: Pick<LoadedDefinitions, 'definitions' | 'errors'>): LoadedDefinitions {
  const right = definitions.map(({ name }) => `/state/services/${name}.yaml`);
  const wrong = errors.map(({ file }) => file).filter((file) => file.endsWith('.yaml'));
  return { definitions, errors, files: [...right, ...wrong] };
}

test('a definition that has become wrong stays in force as it was, and the log says so', () => {
  const { definitions, problems } = readAll(
    { definitions: [define('DNS'), define('WEB', 7)], errors: [] },
    { definitions: [define('DNS', 50)], errors: [error('services/WEB.yaml')] },
  );
  expect(definitions).toEqual([define('DNS', 50), define('WEB', 7)]);
  expect(problems).toEqual([
    '/state/services/WEB.yaml: line 3: preference: expected 0 to 255',
    'until that is put right, the old definition stays in force: WEB',
  ]);
});

test('a definition that was wrong from the beginning is left out', () => {
  const { definitions, problems } = readAll({ definitions: [define('DNS')], errors: [error('services/WEB.yaml')] });
  expect(definitions).toEqual([define('DNS')]);
  expect(problems).toHaveLength(1);
});

test('a file that is gone takes its service along', () => {
  const { definitions } = readAll(
    { definitions: [define('DNS'), define('WEB')], errors: [] },
    { definitions: [define('DNS')], errors: [] },
  );
  expect(definitions).toEqual([define('DNS')]);
});

test('a folder that cannot be read stops nothing', () => {
  const { definitions } = readAll(
    { definitions: [define('DNS'), define('WEB')], errors: [] },
    { definitions: [], errors: [error('services')] },
  );
  expect(definitions).toEqual([define('DNS'), define('WEB')]);
});

test('a folder that has turned empty stops nothing, and it is said how to mean it', () => {
  const { definitions, problems } = readAll(
    { definitions: [define('DNS'), define('WEB')], errors: [] },
    { definitions: [], errors: [] },
  );
  expect(definitions).toEqual([define('DNS'), define('WEB')]);
  expect(problems).toEqual([
    expect.stringMatching(/^\/state\/services holds no definition any more.*srrctl definition delete NAME/),
    'until that is put right, the old definition stays in force: DNS, WEB',
  ]);
});

test('nor does one in which there is only a wrong file that is none of the definitions in force', () => {
  const { definitions, problems } = readAll(
    { definitions: [define('DNS'), define('WEB')], errors: [] },
    { definitions: [], errors: [error('services/docker-compose.yaml')] },
  );
  expect(definitions).toEqual([define('DNS'), define('WEB')]);
  expect(problems[1]).toMatch(
    /^\/state\/services holds no definition that is right any more.*srrctl definition delete NAME/,
  );
});

test('the last definition that is deleted by name leaves', () => {
  const inForce = new DefinitionsInForce('/state/services');
  inForce.take(withFiles({ definitions: [define('WEB')], errors: [] }));
  inForce.forget('WEB');
  expect(inForce.take(withFiles({ definitions: [], errors: [] }))).toEqual({ definitions: [], problems: [] });
});

test('a file with another ending keeps the service of its name, and no other', () => {
  const { definitions } = readAll(
    { definitions: [define('DNS'), define('WEB')], errors: [] },
    { definitions: [define('MAIL')], errors: [error('services/WEB.yml')] },
  );
  expect(definitions).toEqual([define('MAIL'), define('WEB')]);
});
