import { type ClientRequest, type IncomingMessage, type RequestOptions, request } from 'node:http';
import type { RequestOptions as WebRequestOptions } from 'node:https';
import type { DetailedPeerCertificate, PeerCertificate } from 'node:tls';
import { type DaemonAddress, inWords, type WebServerOfDaemon } from './daemon-address.js';

/** No daemon answers there. The message says what to look at. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';
}

/** For connecting and the handshake, in ms: a machine that is off says nothing at all. */
const CONNECT_WITHIN_MS = 10_000;

/** How often the kernel asks whether the other machine is still there, in ms. */
const ASK_ALIVE_EVERY_MS = 10_000;

type Asked = Pick<RequestOptions, 'method' | 'path' | 'headers' | 'signal'>;

/** A request that is still to be ended. */
export async function requestTo(
  address: DaemonAddress,
  asked: Asked,
  answered: (response: IncomingMessage) => void,
): Promise<ClientRequest> {
  if (address.kind === 'socket') return request({ ...asked, socketPath: address.path, agent: false }, answered);
  // Not at the start of the file: who asks this machine's daemon needs no TLS.
  const { request: requestWeb } = await import('node:https');
  const options: WebRequestOptions = { ...asked, ...(await webOptions(address)), agent: false };
  const sent = requestWeb(options, answered);
  const limit = setTimeout(
    () => sent.destroy(new Error(`no answer in ${CONNECT_WITHIN_MS / 1000} s`)),
    CONNECT_WITHIN_MS,
  );
  sent.once('close', () => clearTimeout(limit));
  sent.once('socket', (socket) => {
    socket.setKeepAlive(true, ASK_ALIVE_EVERY_MS);
    socket.once('secureConnect', () => clearTimeout(limit));
  });
  return sent;
}

async function webOptions({ host, port, node, isHostGiven, credentials }: WebServerOfDaemon) {
  const [{ X509Certificate }, { checkServerIdentity }, { commonNames, isOfNode, mutualTls }] = await Promise.all([
    import('node:crypto'),
    import('node:tls'),
    import('../pki/index.js'),
  ]);
  const doubt = (wanted: string, peer: PeerCertificate) => {
    if (isHostGiven && checkServerIdentity(wanted, peer) === undefined) return undefined;
    const certificate = new X509Certificate((peer as DetailedPeerCertificate).raw);
    if (node !== null && isOfNode(certificate, node)) return undefined;
    const names = commonNames(certificate).join(', ') || 'somebody without a name';
    const expected = [
      ...(node === null ? [] : [node.name, ...(isHostGiven ? [] : [node.routerId])]),
      ...(isHostGiven ? [host] : []),
    ];
    return Object.assign(new Error(`the certificate there is of ${names}, not of ${expected.join(' or ')}`), {
      code: OF_ANOTHER,
    });
  };
  return { host, port, ...mutualTls(credentials, doubt) };
}

/** What an error of a connection means, and what to do. */
export function unreachable(address: DaemonAddress, error: Error & { code?: string }): UnreachableError {
  const text = address.kind === 'socket' ? socketError(address.path, error) : webError(address, error);
  return new UnreachableError(text);
}

function socketError(path: string, { code, message }: Error & { code?: string }): string {
  switch (code) {
    case 'ENOENT':
      return `no daemon at ${path}: the socket does not exist. Is srrd running, and is this its \`socket\`? Otherwise use --socket`;
    case 'ECONNREFUSED':
      return `no daemon at ${path}: srrd has ended without removing its socket. Start it again`;
    case 'EACCES':
    case 'EPERM':
      return `no access to ${path}: only the user that runs srrd may use it. Try as root`;
    default:
      return `the daemon at ${path} does not answer: ${message}. Look at its log`;
  }
}

function webError(address: WebServerOfDaemon, { code = '', message }: Error & { code?: string }): string {
  const where = inWords(address);
  if (code === 'ECONNREFUSED')
    return `no srrd at ${where}: nothing listens there. Is srrd running, and is this its web.listen?`;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return `${where} is not found: DNS knows no ${address.host}. Write its IPv4 address`;
  if (code === 'EPROTO' || code.startsWith('ERR_SSL'))
    return `what listens at ${where} does not speak TLS as srrd does: ${message}. Is web.tls configured there, and is this its web.listen?`;
  if (code === OF_ANOTHER) return `what listens at ${where} is not to be trusted: ${message}`;
  if (CERTIFICATE_CODES.test(code))
    return `what listens at ${where} is not to be trusted: ${message}. Expected a certificate by an authority of \`ca\``;
  return `${where} does not answer: ${message}. Is the machine up, and does its firewall let you in?`;
}

/** As Node calls it. */
const OF_ANOTHER = 'ERR_TLS_CERT_ALTNAME_INVALID';

/** OpenSSL's reasons not to believe a certificate. */
const CERTIFICATE_CODES = /CERT|SIGNED|ISSUER|VERIFY|PURPOSE/;
