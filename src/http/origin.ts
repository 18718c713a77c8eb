import type { IncomingHttpHeaders } from 'node:http';
import type { Api } from './api.js';
import { refuse } from './errors.js';

const CHANGES_NOTHING = ['GET', 'HEAD'];

/**
 * Refuses what a page of another site has a browser send: the browser would show the certificate by itself. What is no
 * browser (srrctl, curl) sends none of these headers. `isLoopback`: without TLS, a name that leads to this machine must
 * not make another site out of it (DNS rebinding).
 */
export function refuseOtherOrigins(
  api: Api,
  { scheme, isLoopback }: { scheme: 'http' | 'https'; isLoopback: boolean },
) {
  api.addHook('onRequest', async ({ method, url, headers }, reply) => {
    const why = foreign(method, url, headers, scheme) ?? (isLoopback ? otherName(headers.host ?? '') : undefined);
    if (why !== undefined) return refuse(reply, 'foreign-page', why);
  });
}

function foreign(method: string, url: string, headers: IncomingHttpHeaders, scheme: string): string | undefined {
  const { origin, host } = headers;
  const changes = !CHANGES_NOTHING.includes(method);
  if (origin !== undefined && origin !== `${scheme}://${host}` && (changes || url.startsWith('/api/'))) {
    return `a page of ${origin} may ask nothing of this node: use this node's own pages`;
  }
  const site = headers['sec-fetch-site'];
  const isFollowedLink = !changes && headers['sec-fetch-mode'] === 'navigate';
  if (site === undefined || site === 'same-origin' || site === 'none' || isFollowedLink) return undefined;
  // The pages' own files, asked for by another page, are refused as well: nobody needs them there.
  return "a page of another site may ask nothing of this node: use this node's own pages";
}

function otherName(host: string): string | undefined {
  if (/^(127(\.\d{1,3}){3}|localhost)(:\d+)?$/.test(host)) return undefined;
  return `expected to be asked as localhost or 127.0.0.1, and not as ${JSON.stringify(host.slice(0, 100))}`;
}
