import type { Api } from './api.js';

/** Everything comes from this node, nothing is inline, nobody may frame the pages. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

const ONE_YEAR_SECONDS = 365 * 24 * 3600;

/** Tells browsers what not to do. Streams, which write their own head, take the headers from `reply.getHeaders()`. */
export function sendSecurityHeaders(api: Api, { tls }: { readonly tls: boolean }): void {
  const headers: Record<string, string> = {
    'content-security-policy': CONTENT_SECURITY_POLICY,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'cache-control': 'no-store',
  };
  if (tls) headers['strict-transport-security'] = `max-age=${ONE_YEAR_SECONDS}`;
  api.addHook('onRequest', async (_request, reply) => {
    reply.headers(headers);
  });
}
