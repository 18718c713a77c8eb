import { ROLES, type Role } from '../config/index.js';

export { ROLES, type Role };

/** What a route asks for. `anyone`: every holder of a trusted certificate, also without a role. */
export type RequiredRole = Role | 'anyone';

export function isAtLeast(role: Role, required: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(required);
}
