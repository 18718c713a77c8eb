import { request } from 'node:https';
import { type Credentials, MAX_REVOCATION_LIST_BYTES, mutualTls } from '../pki/index.js';
import type { ListAt } from '../revocations/index.js';
import { API_PREFIX } from '../tables/index.js';

/** For the whole answer. */
const WITHIN_MS = 10_000;

/** Asks a node for its list: it is signed, and its place is not a secret. Throws what went wrong, in words. */
export function fetchList({ host, port, authority }: ListAt, credentials: Credentials): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const asked = request(
      {
        host,
        port,
        path: `${API_PREFIX}/pki/crl?authority=${authority}`,
        ...mutualTls(credentials),
        agent: false,
        signal: AbortSignal.timeout(WITHIN_MS),
      },
      (response) => {
        const chunks: Buffer[] = [];
        let length = 0;
        response.on('data', (chunk: Buffer) => {
          length += chunk.length;
          chunks.push(chunk);
          if (length > MAX_REVOCATION_LIST_BYTES) asked.destroy(new Error('its list is too long'));
        });
        response.on('error', reject);
        response.on('end', () => {
          if (response.statusCode === 200) resolve(Buffer.concat(chunks));
          else reject(new Error(`it answers HTTP ${response.statusCode}`));
        });
      },
    );
    asked.on('error', (error) =>
      reject(error.name === 'TimeoutError' ? new Error(`no answer in ${WITHIN_MS / 1000} s`) : error),
    );
    asked.end();
  });
}
