import type { NativeCheck } from '../model/index.js';
import type { DefinitionFile } from './definition-schema.js';

type WrittenCheck = DefinitionFile['check'];

const HTTP_PORT = 80;
const OK = 200;

/** What of the keys does not go together. */
export function problemsOfCheck(check: WrittenCheck): { readonly key: string; readonly text: string }[] {
  if (check.tcp !== undefined && check.http !== undefined) {
    return [{ key: 'tcp', text: 'expected one of tcp and http: a check that gets its answer has connected' }];
  }
  if (check.http !== undefined) return [];
  return (['port', 'status', 'body'] as const)
    .filter((key) => check[key] !== undefined)
    .map((key) => ({ key, text: 'expected only with check.http, the path that is asked for' }));
}

/** Nothing where the Makefile checks: such a definition has the hash that it had in versions which knew no other. */
export function nativeCheckOf({ tcp, http, port, status, body }: WrittenCheck): { readonly native?: NativeCheck } {
  if (tcp !== undefined) return { native: { kind: 'tcp', port: tcp } };
  if (http === undefined) return {};
  const expected = { status: status ?? OK, body: body ?? null };
  return { native: { kind: 'http', port: port ?? HTTP_PORT, path: http, ...expected } };
}
