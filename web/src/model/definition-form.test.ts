import { expect, test } from 'vitest';
import { definitionSchema } from '../../../src/config/definition-schema.js';
import { definitionOf, FIELDS, valuesOf } from './definition-form.js';

const DEFINITION = {
  name: 'WEB',
  makefile: 'nginx/Makefile',
  addresses: ['172.16.15.128', '172.16.15.129'],
  group: 'SHOP',
  dependsOn: ['DISK'],
  preference: 0,
  preempt: false,
  variables: { PORT: '80', OPTIONS: 'a=b c' },
  check: { interval: '5s', fall: 2 },
  timeouts: { start: '20s' },
};

test('a definition that goes through the form is the same afterwards', () => {
  expect(definitionOf(valuesOf(DEFINITION))).toEqual(DEFINITION);
});

test('the form has a field for every key that the daemon knows, and no other', () => {
  const all = definitionSchema.parse({
    name: 'X',
    makefile: 'm',
    area: 1,
    critical: true,
    group: 'X',
    link: 'eth0',
    kind: 'service',
    takeoverDelay: '1s',
    variablesFile: 'x.env',
    user: 'x',
    limits: { memory: '1G', processes: 1, openFiles: 16 },
    check: { tcp: 1, http: '/', port: 1, status: 200, body: 'x' },
  });
  const keys = Object.entries(all).flatMap(([key, value]) =>
    ['check', 'timeouts', 'limits'].includes(key)
      ? Object.keys(value as object).map((name) => `${key}.${name}`)
      : [key],
  );
  expect(FIELDS.map(({ key }) => key).sort()).toEqual(keys.sort());
});

test('an empty field leaves the key out, so that the daemon takes its default', () => {
  expect(definitionOf({ name: 'WEB', makefile: ' ', preference: '', group: 'SHOP' })).toEqual({
    name: 'WEB',
    group: 'SHOP',
  });
});

test('what is no number stays as it was written, for the daemon to say what is expected', () => {
  expect(definitionOf({ name: 'WEB', preference: 'high' })).toEqual({ name: 'WEB', preference: 'high' });
});
