import { expect, test } from 'vitest';
import { ERROR_CODES } from '../../tables/index.js';
import { LOOPBACK } from '../identity.js';
import { buildServer } from '../server.js';
import { SILENT, testPorts } from '../testing.js';

test('the description has every route of the API, each with its role, and its reader loads nothing from elsewhere', async () => {
  const options = { identify: () => LOOPBACK, kind: 'loopback', tls: null, pages: null, log: SILENT } as const;
  const api = buildServer(testPorts(), options);
  const get = async (url: string) => (await api.inject({ url, headers: { host: 'localhost' } })).body;
  const description = JSON.parse(await get('/api/v1/openapi.json'));
  const described = Object.entries<object>(description.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`),
  );
  const routes = api.routeRoles.filter(({ url }) => url.startsWith('/api/v1/'));
  expect(described.sort()).toEqual(routes.map(({ method, url }) => `${method} ${url}`).sort());
  const move = description.paths['/api/v1/services/{name}/{command}'].post;
  expect(move.description).toContain('Needs the role **operator**');
  const error = move.responses['409'].content['application/json'].schema.properties;
  expect(Object.keys(error)).toEqual(['error', 'code']);
  expect(error.code.enum).toEqual(Object.keys(ERROR_CODES));
  const page = await get('/api/docs/');
  const sources = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, source = '']) => source);
  expect(sources.length).toBeGreaterThan(3);
  expect(sources.filter((source) => !source.startsWith('./static/'))).toEqual([]);
  await api.close();
});
