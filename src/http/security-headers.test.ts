import { afterAll, beforeAll, expect, it } from 'vitest';
import { type TestWeb, testWeb } from './testing-web.js';

let web: TestWeb;

beforeAll(async () => {
  web = await testWeb();
});

afterAll(() => web.close());

it.each([
  ['/', 'viewer', 200],
  ['/app.js', 'viewer', 200],
  ['/api/v1/status', 'viewer', 200],
  ['/api/v1/stream', 'viewer', 200],
  ['/api/v1/status', 'nobody', 403],
  ['/api/v1/nothing', 'viewer', 404],
])(
  '%s is answered with HSTS (RFC 6797), and no page of others may have it in a frame: %s',
  async (path, unit, status) => {
    const { statusCode, headers } = await web.ask({ holder: web.ca.issue(['CN=anna', `OU=${unit}`]), path });
    expect(statusCode).toBe(status);
    expect(headers).toMatchObject({
      'strict-transport-security': 'max-age=31536000',
      'content-security-policy': expect.stringContaining("frame-ancestors 'none'"),
      'x-content-type-options': 'nosniff',
    });
  },
);
