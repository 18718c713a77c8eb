/** The second entry of this folder: the authority, which makes and revokes certificates. Loads node-forge. */
export { PkiError } from './errors.js';
export { AUTHORITY_DAYS, initAuthority } from './init.js';
export { CLIENT_DAYS, type ClientRole, issueClient, issueServer, SERVER_DAYS } from './issue.js';
export { type IssuedCertificate, readLedger } from './ledger.js';
export { revoke } from './revoke.js';
