import { z } from 'zod';
import { API_PREFIX } from '../../tables/index.js';
import type { Api } from '../api.js';
import type { Awaitable } from '../awaitable.js';
import { refuse } from '../errors.js';

const certificate = z.object({
  subject: z.string(),
  issuer: z.string(),
  serial: z.string(),
  notBefore: z.string().describe('ISO 8601, UTC.'),
  notAfter: z.string(),
  fingerprint: z.string().describe('SHA-256.'),
});

const pki = z.object({
  own: certificate.nullable().describe('This server’s; null: it has no TLS.'),
  cas: z.array(certificate).describe('Whose certificates are good here.'),
  revocations: z.number().describe('How many certificates are revoked.'),
  lists: z.array(
    z.object({
      authority: z.string().describe('16 hexadecimal digits, as in the Daemon LSA.'),
      number: z.number(),
      revoked: z.number(),
      signedAt: z.string(),
    }),
  ),
  warnings: z.array(z.string()),
});

/** What this node knows of certificates. */
export type PkiDocument = z.output<typeof pki>;

export interface PkiPort {
  describe(): Awaitable<PkiDocument>;
  /** The DER of the newest list of this authority; undefined: there is none. */
  revocationList(authority: string): Awaitable<Uint8Array | undefined>;
}

const asked = z.strictObject({
  authority: z.string().regex(/^[0-9a-f]{16}$/, 'expected 16 hexadecimal digits, as GET /pki names the lists'),
});

/** Certificates, and the list of revocations that nodes fetch from each other (docs/pki.md). */
export function registerPkiRoutes(api: Api, port: PkiPort): void {
  api.get(
    `${API_PREFIX}/pki`,
    {
      config: { role: 'viewer' },
      schema: { summary: "This server's certificate, its authorities, and what is revoked", response: { 200: pki } },
    },
    async () => port.describe(),
  );
  api.get(
    `${API_PREFIX}/pki/crl`,
    {
      // Another node has a certificate, and no role. A list of serial numbers is no secret.
      config: { role: 'anyone' },
      schema: { summary: 'The list of revocations of one authority, signed by it: DER', querystring: asked },
    },
    async ({ query: { authority } }, reply) => {
      const list = await port.revocationList(authority);
      if (list === undefined)
        return refuse(reply, 'unknown-authority', `there is no list of the authority ${authority}`);
      return reply.type('application/pkix-crl').send(Buffer.from(list));
    },
  );
}
