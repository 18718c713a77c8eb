import { connection, session } from '../../store/connection.js';

/** Why the asker may not change configuration; null: it can be tried. */
export function whyNotAdmin(): string | null {
  if (connection.value.state !== 'live') return 'the connection to this node is lost';
  if (session.value === null) return 'nothing is known of you yet';
  if (session.value.readOnly) return 'this server is read-only: it has no web.tls';
  return session.value.role === 'admin' ? null : `it needs the role admin, and you are ${session.value.role}`;
}
