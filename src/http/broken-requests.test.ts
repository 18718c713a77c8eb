import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { buildMetricsServer } from './server.js';
import { SILENT, testPorts } from './testing.js';

test.each([
  ['GARBAGE\r\n\r\n', 'expected a request of HTTP/1.1'],
  [
    'GET /metrics/%zz HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n',
    'path: expected parts of at most 100 characters in UTF-8, with %XX for what is none',
  ],
])('the listener for metrics answers %j as the API does', async (request, error) => {
  const api = buildMetricsServer(testPorts(), SILENT, true);
  await api.listen({ host: '127.0.0.1', port: 0 });
  const socket = connect((api.server.address() as AddressInfo).port, '127.0.0.1');
  socket.write(request);
  const answer = await text(socket);
  expect(answer).toMatch(/^HTTP\/1.1 400 Bad Request\r\n/);
  expect(JSON.parse(answer.split('\r\n\r\n')[1] ?? '')).toEqual({ error, code: 'not-understood' });
  await api.close();
});
