import type { FastifyRequest } from 'fastify';
import { isAtLeast, type Role } from '../tables/index.js';
import type { RequiredRole } from './roles.js';

/** Who asks. */
export interface Identity {
  /** For people, the log, and the node that carries a command out; at most 255 bytes of UTF-8. */
  readonly user: string;
  /** null: no rule gives one. */
  readonly role: Role | null;
  readonly via: 'socket' | 'certificate' | 'loopback';
  /** false: a certificate that is no good any more. Its holder gets nothing. */
  readonly trusted: boolean;
  /** Why there is no role, or not a higher one: the end of a sentence. May be empty. */
  readonly because: string;
  /** SHA-256 of the certificate; null: there is none. */
  readonly fingerprint: string | null;
  /** When the certificate expires, in ms since 1970. */
  readonly untilMs: number;
}

/** Looks at the connection that a request came on. */
export type Identify = (request: FastifyRequest) => Identity;

const WITHOUT_CERTIFICATE = { trusted: true, fingerprint: null, untilMs: Number.POSITIVE_INFINITY } as const;

/** Whoever may open the UNIX socket is this daemon's own user. */
export const LOCAL: Identity = { ...WITHOUT_CERTIFICATE, user: 'local', role: 'admin', via: 'socket', because: '' };

/** Anybody on this machine. */
export const LOOPBACK: Identity = {
  ...WITHOUT_CERTIFICATE,
  user: 'loopback',
  role: 'viewer',
  via: 'loopback',
  because: 'without web.tls the pages are read-only: use srrctl, or give web.tls certificates',
};

export function isAllowed({ trusted, role }: Identity, required: RequiredRole): boolean {
  return trusted && (required === 'anyone' || (role !== null && isAtLeast(role, required)));
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set before any handler runs. */
    identity: Identity;
  }
}
