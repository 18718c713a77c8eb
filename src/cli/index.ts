/**
 * The two programs: `srrd` (srrd.ts) and `srrctl` (srrctl.ts), each with a `-main` file that bin/ runs.
 *
 * They read arguments, say things to people and choose exit codes. What the daemon does is src/daemon; `srrctl` knows of
 * the daemon only what its HTTP interface says.
 */
export { srrctl } from './srrctl.js';
export { srrd } from './srrd.js';
