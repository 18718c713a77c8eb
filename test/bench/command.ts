import { request } from 'node:http';
import type { Host } from '../lab/index.js';

/** As srrctl does, without the time that starting srrctl takes. */
export function command(node: Host, path: string, body: Readonly<Record<string, unknown>>): Promise<void> {
  return new Promise((resolve, reject) => {
    const asked = request(
      {
        socketPath: node.srrd.socket,
        path: `/api/v1/${path}`,
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        agent: false,
        timeout: 30_000,
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk) => {
          text += chunk;
        });
        response.on('error', reject);
        response.on('end', () => {
          if (response.statusCode === 200) resolve();
          else reject(new Error(`${node.name}: ${path}: HTTP ${response.statusCode}: ${text}`));
        });
      },
    );
    asked.on('timeout', () => asked.destroy(new Error(`${node.name}: ${path}: no answer in 30 s`)));
    asked.on('error', reject);
    asked.end(JSON.stringify(body));
  });
}
