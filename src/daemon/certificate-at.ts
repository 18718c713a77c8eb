import type { X509Certificate } from 'node:crypto';
import { connect } from 'node:tls';
import { chainOf } from '../http/index.js';
import { type Credentials, mutualTls } from '../pki/index.js';

/** For connecting and the handshake. */
const WITHIN_MS = 5_000;

/**
 * The certificate that a web server shows, then those that signed it. It must be a server's, of one of our authorities;
 * whose it is, is not looked at. Throws what went wrong, in words.
 */
export function certificateAt(
  { host, port }: { readonly host: string; readonly port: number },
  credentials: Credentials,
): Promise<readonly X509Certificate[]> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, ...mutualTls(credentials) });
    const limit = setTimeout(() => socket.destroy(new Error(`no answer in ${WITHIN_MS / 1000} s`)), WITHIN_MS);
    socket.once('secureConnect', () => {
      resolve(chainOf(socket));
      socket.end();
    });
    socket.on('error', reject);
    socket.once('close', () => {
      clearTimeout(limit);
      reject(new Error('it ended the connection'));
    });
  });
}
