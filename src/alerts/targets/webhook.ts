import { request as httpRequest, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { AlertBy } from '../../config/index.js';
import { ForeignFiles } from '../../files/index.js';
import type { Alert, Sender } from '../thread/messages.js';

const WITHIN_MS = 10_000;

/** POST of a JSON object; any status of 200 to 299 has taken it. */
export function webhookTarget({ url, tokenFile, caFile }: AlertBy<'webhook'>, sender: Sender) {
  const files = new ForeignFiles();
  return async (alerts: readonly Alert[]) => {
    for (const alert of alerts) {
      // Read each time: both may be renewed.
      const token = tokenFile === null ? null : (await bytesOf(tokenFile, files)).toString('utf8').trim();
      const ca = caFile === null ? {} : { ca: await bytesOf(caFile, files) };
      await post(
        new URL(url),
        bodyOf(alert, sender),
        { ...(token === null ? {} : { authorization: `Bearer ${token}` }) },
        ca,
      );
    }
  };
}

async function bytesOf(file: string, files: ForeignFiles): Promise<Buffer> {
  const reading = await files.read(file);
  if (reading.kind === 'failed') throw new Error(`${file} cannot be read: ${reading.problem}`);
  return reading.bytes;
}

function bodyOf({ event, severity, repeated }: Alert, { cluster, node }: Sender): string {
  return JSON.stringify({ cluster, reporter: node, severity, repeated, event });
}

function post(
  url: URL,
  body: string,
  headers: Readonly<Record<string, string>>,
  tls: { readonly ca?: Buffer },
): Promise<void> {
  const options: RequestOptions = {
    method: 'POST',
    agent: false,
    signal: AbortSignal.timeout(WITHIN_MS),
    headers: {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'user-agent': 'srrd',
      ...headers,
    },
  };
  // Without path and query: these may be secrets, and the sentence goes into the log.
  const where = url.host;
  return new Promise((resolve, reject) => {
    const fail = (error: Error) =>
      reject(
        new Error(
          `${where}: ${error.name === 'AbortError' ? `no answer within ${WITHIN_MS / 1000} s` : error.message}`,
        ),
      );
    const request = url.protocol === 'https:' ? httpsRequest(url, { ...options, ...tls }) : httpRequest(url, options);
    request.on('error', fail);
    request.on('response', (response) => {
      const { statusCode = 0 } = response;
      response.on('error', fail);
      response.on('end', () => {
        if (statusCode >= 200 && statusCode < 300) resolve();
        else reject(new Error(`${where} answered HTTP ${statusCode}`));
      });
      response.resume();
    });
    request.end(body);
  });
}
