import { request } from 'node:http';
import type { Host } from './host.js';

/** A request to this host's srrd over its UNIX socket, as srrctl makes it; `path` is what follows `/api/v1`. */
export function askApi<Body>(
  host: Host,
  method: string,
  path: string,
  body?: object,
): Promise<{ status: number; body: Body }> {
  return new Promise((resolve, reject) => {
    const headers = body === undefined ? {} : { 'content-type': 'application/json' };
    const options = { socketPath: host.srrd.socket, path: `/api/v1${path}`, method, headers, agent: false };
    const asked = request(options, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
      response.on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) as Body }));
    });
    asked.on('error', reject);
    asked.end(body === undefined ? undefined : JSON.stringify(body));
  });
}
