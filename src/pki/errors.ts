/** What `srrctl pki` was asked for is not possible. The message says what was expected, what was got, and what to do. */
export class PkiError extends Error {
  override readonly name = 'PkiError';
}
