import type { Role } from '../tables/index.js';

/** What a route asks for. `anyone`: every holder of a trusted certificate, also without a role. */
export type RequiredRole = Role | 'anyone';
