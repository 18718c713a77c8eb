import type { FastifyRequest } from 'fastify';
import type { Role } from './roles.js';

/** Who asks. */
export interface Identity {
  /** For people, the log, and the node that carries a command out; at most 255 bytes of UTF-8. */
  readonly user: string;
  /** null: known, but no rule gives a role; `because` says what to do. */
  readonly role: Role | null;
  readonly via: 'socket' | 'certificate' | 'loopback';
  /** Why this identity has no role, or not the one it wants: a sentence. */
  readonly because: string;
}

/** Looks at the connection that a request came on. */
export type Identify = (request: FastifyRequest) => Identity;

/** Whoever may open the UNIX socket is this daemon's own user. */
export const LOCAL: Identity = { user: 'local', role: 'admin', via: 'socket', because: '' };

/** Anybody on this machine. */
export const LOOPBACK: Identity = {
  user: 'loopback',
  role: 'viewer',
  via: 'loopback',
  because: 'without web.tls the pages are read-only: use srrctl, or give web.tls certificates',
};

declare module 'fastify' {
  interface FastifyRequest {
    /** Set before any handler runs. */
    identity: Identity;
  }
}
