/** Each may do all that those before it may. */
export const ROLES = ['viewer', 'operator', 'admin'] as const;

export type Role = (typeof ROLES)[number];

/** What a route asks for. `anyone`: whoever got through the TLS handshake, also without a role. */
export type RequiredRole = Role | 'anyone';

/** `null`: no rule names the asker. */
export function isAllowed(role: Role | null, required: RequiredRole): boolean {
  if (required === 'anyone') return true;
  return role !== null && ROLES.indexOf(role) >= ROLES.indexOf(required);
}
